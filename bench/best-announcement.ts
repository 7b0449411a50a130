/**
 * Pure. How true announcements of a wait could be at best, by somebody who knows every chance but not the future: for each
 * announcement the waits that could have come are known, played on many times.
 */

export interface Best {
  /** Announced by half of the plays, held against the other half: what somebody reaches who plays on so often. */
  readonly reached: number;
  /** Announced by the very plays that it is held against: nobody reaches less. */
  readonly bound: number;
}

/**
 * The median over all announcements of |announced - came| / came is least when, for one error e, most of them are off by no
 * more than e: the least e for which that is half. So each announces the a for which a wait from a/(1+e) to a/(1-e) is likeliest.
 *
 * @param plays of each announcement the waits that could have come, of those who were answered.
 */
export function bestError(plays: readonly (readonly number[])[]): Best {
  const sorted = (waits: readonly number[]): readonly number[] => waits.toSorted((a, b) => a - b);
  const all = plays.map(sorted);
  const halves = [0, 1].map((odd) => plays.map((waits) => sorted(waits.filter((_, i) => i % 2 === odd))));
  const [evens = [], odds = []] = halves;
  return {
    reached: leastError([...evens, ...odds], [...odds, ...evens]),
    bound: leastError(all, all),
  };
}

/** To a thousandth. */
function leastError(known: readonly (readonly number[])[], came: readonly (readonly number[])[]): number {
  const half = came.reduce((sum, { length }) => sum + length, 0) / 2;
  let [from, to] = [0, 1];
  while (to - from > 0.001) {
    const error = (from + to) / 2;
    const ratio = (1 + error) / (1 - error);
    const hits = known.reduce((sum, waits, i) => {
      const least = likeliest(waits, ratio);
      return sum + (came[i] ?? []).filter((wait) => wait >= least && wait <= least * ratio).length;
    }, 0);
    if (hits >= half) to = error;
    else from = error;
  }
  return to;
}

/** Where the stretch from there to so many times of that begins that holds most of the waits, these in its middle. */
function likeliest(waits: readonly number[], ratio: number): number {
  let [most, least, last] = [0, Number.NaN, Number.NaN];
  for (let from = 0, to = 0; from < waits.length; from++) {
    const first = waits[from] ?? 0;
    while (to < waits.length && (waits[to] ?? 0) <= first * ratio) to++;
    if (to - from <= most) continue;
    [most, least, last] = [to - from, first, waits[to - 1] ?? first];
  }
  return least / Math.sqrt((ratio * least) / last);
}
