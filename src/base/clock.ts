/** UTC milliseconds since 1970-01-01. */
export type UtcMs = number;

/** Gives the time that events carry. Never goes backwards. */
export interface Clock {
  now(): UtcMs;
}

/** The two clocks of the machine that {@link startClock} reads. */
export interface ClockSources {
  /** Wall clock, UTC milliseconds; may jump. */
  readonly wall: () => number;
  /** Monotonic clock, milliseconds from any origin. */
  readonly monotonic: () => number;
}

const machine: ClockSources = { wall: () => Date.now(), monotonic: () => performance.now() };

/**
 * A clock that reads the wall once and is advanced by the monotonic clock from there, so that a stepped
 * wall clock cannot reorder events.
 *
 * @param lastAt time of the newest journalled event; the clock starts at `max(now, lastAt)`.
 */
export function startClock(lastAt: UtcMs = 0, sources: ClockSources = machine): Clock {
  const base = Math.max(Math.floor(sources.wall()), lastAt);
  const origin = sources.monotonic();
  return { now: () => base + Math.max(0, Math.floor(sources.monotonic() - origin)) };
}
