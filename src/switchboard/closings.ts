/**
 * Pure. Calendars that were closed at once: what the journal keeps of them, and what calls see. A closing is state with
 * its end in it: nothing has to run for a calendar to open again.
 */
import { asJson, type JsonObject, type UtcMs } from '../base/index.js';
import type { Closing } from '../calendar/index.js';
import type { CallSite } from '../calls/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';

/** Version of the stored form; one of another form is passed over. */
const form = 1;

/** @param closing null: the calendar is open again. */
export function closingWrite(calendar: string, closing: Closing | null): EntityWrite {
  const body = closing === null ? null : asJson({ form, ...closing });
  return { kind: 'closing', id: calendar, body };
}

/** Closings that a journal gives back, by calendar, without those that are over. */
export function recoveredClosings(entities: Recovered['entities'], now: UtcMs): ReadonlyMap<string, Closing> {
  const found = new Map<string, Closing>();
  for (const { kind, id, body } of entities) {
    const closing = kind === 'closing' ? closingOf(body) : null;
    if (closing !== null && closing.until > now) found.set(id, closing);
  }
  return found;
}

function closingOf({ form: found, since, until, say }: JsonObject): Closing | null {
  if (found !== form || typeof since !== 'number' || typeof until !== 'number') return null;
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
