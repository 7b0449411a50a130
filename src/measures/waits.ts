/**
 * Waiting times of one half hour. Kept as counts by tenths of a second, rounded up: counts within a threshold of whole
 * tenths and the mean are exact, quantiles exact to a tenth, and however many callers wait, the longest wait allowed
 * (7,200 s) bounds what is kept.
 */
const tickMs = 100;

export interface Waits {
  count: number;
  sumMs: number;
  maxMs: number;
  /** Tenths of a second, rounded up, to how many waited so long. */
  readonly ticks: Map<number, number>;
}

export function noWaits(): Waits {
  return { count: 0, sumMs: 0, maxMs: 0, ticks: new Map() };
}

export function noteWait(waits: Waits, ms: number): void {
  waits.count++;
  waits.sumMs += ms;
  waits.maxMs = Math.max(waits.maxMs, ms);
  const tick = Math.ceil(ms / tickMs);
  waits.ticks.set(tick, (waits.ticks.get(tick) ?? 0) + 1);
}

export function addWaits(into: Waits, more: Waits): void {
  into.count += more.count;
  into.sumMs += more.sumMs;
  into.maxMs = Math.max(into.maxMs, more.maxMs);
  for (const [tick, count] of more.ticks) into.ticks.set(tick, (into.ticks.get(tick) ?? 0) + count);
}

/** How many waited at most so long. */
export function waitedWithin(waits: Waits, ms: number): number {
  let within = 0;
  for (const [tick, count] of waits.ticks) if (tick * tickMs <= ms) within += count;
  return within;
}

/**
 * The shortest time within which that share of all had waited (nearest rank), rounded up to a tenth of a second.
 *
 * @param share above 0, at most 1.
 * @returns milliseconds; null where nobody waited.
 */
export function waitQuantile(waits: Waits, share: number): number | null {
  const tick = quantile(waits.ticks, share);
  return tick === null ? null : Math.min(tick * tickMs, waits.maxMs);
}

/**
 * The least number that so large a share of all does not exceed (nearest rank).
 *
 * @param counts number to how often it came.
 * @returns null where none came.
 */
export function quantile(counts: ReadonlyMap<number, number>, share: number): number | null {
  let all = 0;
  for (const count of counts.values()) all += count;
  const rank = Math.max(1, Math.ceil(share * all));
  let seen = 0;
  for (const [number, count] of [...counts].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= rank) return number;
  }
  return null;
}
