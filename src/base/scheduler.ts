import type { Clock, UtcMs } from './clock.js';

/** Something that will happen at a time. */
export interface Alarm {
  /** It will not happen. One that happened already: nothing. */
  cancel(): void;
}

/** Time for the shell: what it is, and what happens when it has come. Machines hold deadlines, never alarms. */
export interface Scheduler extends Clock {
  /** Runs once when `now()` has reached the time; never inside this call, also when the time has passed. */
  at(time: UtcMs, run: () => void): Alarm;
}

/** Sets one timer of at most 2^31-1 ms; the answer clears it. */
export type SetTimer = (run: () => void, delayMs: number) => () => void;

/** Delays over this (24.8 days) make a Node timer go off at once. */
const longestMs = 2_147_483_647;

/**
 * The real scheduler, one timer for each alarm. An alarm alone does not keep the process alive.
 *
 * @param clock its `now()` decides whether the time has come: a Node timer may fire a millisecond early.
 */
export function startScheduler(clock: Clock, setTimer: SetTimer = nodeTimer): Scheduler {
  return {
    now: () => clock.now(),
    at(time, run) {
      let clear: () => void;
      const wait = (): void => {
        const delay = Math.min(Math.max(0, time - clock.now()), longestMs);
        clear = setTimer(() => (clock.now() < time ? wait() : run()), delay);
      };
      wait();
      return { cancel: () => clear() };
    },
  };
}

function nodeTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}
