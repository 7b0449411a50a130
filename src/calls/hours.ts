/** Pure. What a flow is told when it asks a calendar: a flow has no clock, the turn has. */
import type { JsonObject, UtcMs } from '../base/index.js';
import { dayText, minuteText, type Opening, wallText, weekdayOf, type Zone } from '../calendar/index.js';
import type { FlowEvent } from '../flows/index.js';
import type { CallSite } from './call.js';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** null: the site has no such calendar. */
export function hoursTold(
  { calendars, closings }: Pick<CallSite, 'calendars' | 'closings'>,
  name: string,
  at: UtcMs,
): Extract<FlowEvent, { type: 'hours-told' }> | null {
  const calendar = calendars.get(name);
  if (calendar === undefined) return null;
  const opening = calendar.at(at, closings?.get(name) ?? null);
  const { state, say } = opening;
  return { type: 'hours-told', state, say, value: localPieces(opening, calendar.zone) };
}

/** As conditions and texts can use it; times are those of the calendar's zone, `2026-03-01T07:30`. */
function localPieces({ state, special, local, opens, closes }: Opening, zone: Zone): JsonObject {
  const shown = (at: UtcMs | null): string | null => (at === null ? null : wallText(zone.wallTime(at)));
  return {
    state,
    name: special?.name ?? null,
    date: dayText(local.day),
    time: minuteText(local.minute),
    weekday: weekdays[weekdayOf(local.day) - 1] ?? null,
    opens: shown(opens),
    closes: shown(closes),
  };
}
