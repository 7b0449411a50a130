/**
 * Pure. Calendars that were closed at once: what the journal keeps of them, and what calls see. A closing is state with
 * its end in it: nothing has to run for a calendar to open again.
 */
import type { JsonObject, UtcMs } from '../base/index.js';
import type { Closing } from '../calendar/index.js';
import type { CallSite } from '../calls/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';
import { type BookForm, bookWrites, recoveredBook } from './book.js';

const stored: BookForm<Closing> = { kind: 'closing', form: 1, read: closingOf };

/** @param closing null: the calendar is open again. */
export const closingWrites = (calendar: string, closing: Closing | null): readonly EntityWrite[] =>
  bookWrites(stored, new Map([[calendar, closing]]));

/** Closings that a journal gives back, by calendar, without those that are over. */
export const recoveredClosings = (
  entities: Recovered['entities'],
  now: UtcMs,
): ReadonlyMap<string, Closing> =>
  new Map([...recoveredBook(stored, entities)].filter(([, { until }]) => until > now));

function closingOf({ since, until, say }: JsonObject): Closing | null {
  if (typeof since !== 'number' || typeof until !== 'number') return null;
  return { since, until, say: typeof say === 'string' ? say : null };
}

/**
 * The site of a call: flows and texts as it began with them, calendars and queues as they are now. One that is gone since
 * is still there for the calls that began with it.
 */
export function withRouting(
  version: CallSite,
  current: CallSite,
  closings: ReadonlyMap<string, Closing>,
): CallSite {
  if (version === current) return { ...version, closings };
  const calendars = new Map([...version.calendars, ...current.calendars]);
  const queues = new Map([...version.queues, ...current.queues]);
  const { transfers, desk } = current;
  return { ...version, calendars, queues, closings, transfers, desk };
}
