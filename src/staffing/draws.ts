/** Pure. All that is drawn by chance in a scenario: when callers come, what they want, how long everything takes. */
import type { Random } from '../base/index.js';
import { halfHourMs } from '../measures/index.js';
import { drawing } from './chance.js';
import type { CallerKind, Scenario } from './scenario.js';

export interface Draws {
  readonly talk: () => number;
  readonly pickUp: () => number;
  readonly patience: () => number;
  readonly kind: () => CallerKind;
  /** When the next call comes after that time; null: none comes any more. */
  readonly nextCall: (at: number) => number | null;
}

/** Each has chance of its own, so that the same callers come whoever answers, and however. */
export function drawsOf({ callers, halfHours, patience, pickUp, talk }: Scenario, random: Random): Draws {
  const [arriving, choosing, talking, waiting, taking] = [1, 2, 3, 4, 5].map(() => random.fork()) as [
    Random,
    Random,
    Random,
    Random,
    Random,
  ];
  return {
    talk: drawing(talk, talking),
    pickUp: drawing(pickUp, taking),
    patience: patience === null ? () => Number.POSITIVE_INFINITY : drawing(patience, waiting),
    kind: kinds(callers, choosing),
    nextCall: arrivals(halfHours, arriving),
  };
}

/** Poisson arrivals, at the rate of each half hour. */
function arrivals(halfHours: Scenario['halfHours'], random: Random): (at: number) => number | null {
  const first = halfHours[0]?.start ?? 0;
  return (at) => {
    let from = at;
    for (let index = Math.floor((at - first) / halfHourMs); index < halfHours.length; index++) {
      const { calls = 0, start = 0 } = halfHours[index] ?? {};
      from = Math.max(from, start);
      // Chance has no memory: what did not come before the half hour's end is drawn anew at the next one's rate.
      const next = from - (halfHourMs / calls) * Math.log(1 - random.next());
      if (next < start + halfHourMs) return Math.round(next);
    }
    return null;
  };
}

function kinds(callers: readonly CallerKind[], random: Random): () => CallerKind {
  const [first] = callers;
  if (first === undefined) throw new RangeError('There are no callers.');
  return () => {
    let left = random.next();
    for (const kind of callers) {
      left -= kind.share;
      if (left < 0) return kind;
    }
    return first;
  };
}
