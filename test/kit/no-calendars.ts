import type { CalendarDesk } from '../../src/web/index.js';

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
