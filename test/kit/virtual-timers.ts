import type { Timers } from '../../src/journal/timers.js';
import type { Lifetime } from '../../src/telephony/simulator/index.js';

/** The journal's pauses in virtual time; an engine that is dead has none. */
export function timersOf(time: Pick<Lifetime, 'now' | 'at'>): Timers {
  return {
    now: () => time.now(),
    after(ms, run) {
      const alarm = time.at(time.now() + ms, run);
      return () => alarm.cancel();
    },
    soon: (run) => void time.at(time.now(), run),
  };
}
