import type { UtcMs } from '../base/index.js';
import type { Zone } from '../calendar/index.js';

export const halfHourMs = 1_800_000;
/** No zone's clock is, or is set, by other than whole quarters of an hour. */
const quarterMs = 900_000;

/** Quarters of which the beginning is kept: more than a day of them. */
const mostKept = 200;

/**
 * Pure. When the half hour began, as the clock on the wall shows half hours: in most zones on the half hours of UTC, in
 * Nepal a quarter of an hour off them. What was worked out is kept: asking a zone costs more than all the rest.
 */
export function halfHours(zone: Pick<Zone, 'wallTime'>): (at: UtcMs) => UtcMs {
  const starts = new Map<number, UtcMs>();
  return (at) => {
    const quarter = Math.floor(at / quarterMs);
    const known = starts.get(quarter);
    if (known !== undefined) return known;
    if (starts.size >= mostKept) starts.clear();
    const from = quarter * quarterMs;
    const start = from - (zone.wallTime(from).minute % 30) * 60_000;
    starts.set(quarter, start);
    return start;
  };
}
