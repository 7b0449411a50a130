import type { UtcMs } from '../base/index.js';
import type { Zone } from '../calendar/index.js';

export const halfHourMs = 1_800_000;
/** No zone's clock is, or is set, by other than whole quarters of an hour. */
const quarterMs = 900_000;

/**
 * Pure. When the half hour began, as the clock on the wall shows half hours: in most zones on the half hours of UTC, in
 * Nepal a quarter of an hour off them. What was worked out last is kept, for facts come in the order of time.
 */
export function halfHours(zone: Pick<Zone, 'wallTime'>): (at: UtcMs) => UtcMs {
  let quarter = Number.NaN;
  let start = 0;
  return (at) => {
    const of = Math.floor(at / quarterMs);
    if (of === quarter) return start;
    quarter = of;
    const from = of * quarterMs;
    start = from - (zone.wallTime(from).minute % 30) * 60_000;
    return start;
  };
}
