import type { CalendarDesk, Erasing } from '../../src/web/index.js';

/** The desk of a site without calendars, for tests that ask none. */
export const noCalendars: CalendarDesk = {
  list: () => [],
  close: async (name) => {
    throw new Error(`nobody closes ${name}`);
  },
  open: async (name) => {
    throw new Error(`nobody opens ${name}`);
  },
};

/** For tests in which nothing is erased. */
export const nothingErased: Erasing = {
  erase: async ({ contact }) => {
    throw new Error(`nobody erases ${contact}`);
  },
};
