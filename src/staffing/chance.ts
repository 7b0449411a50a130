/** Pure. Lengths of time by chance: how long people talk, and how long they wait before they hang up. */
import type { Random } from '../base/index.js';

export type Distribution =
  | { readonly type: 'fixed'; readonly meanMs: number }
  | { readonly type: 'exponential'; readonly meanMs: number }
  | { readonly type: 'lognormal'; readonly meanMs: number; readonly deviationMs: number };

/** What draws from a distribution: whole milliseconds. */
export function drawing(distribution: Distribution, random: Random): () => number {
  const { meanMs } = distribution;
  switch (distribution.type) {
    case 'fixed':
      return () => Math.round(meanMs);
    case 'exponential':
      return () => Math.round(-meanMs * Math.log(1 - random.next()));
    case 'lognormal': {
      const variance = Math.log1p((distribution.deviationMs / meanMs) ** 2);
      const deviation = Math.sqrt(variance);
      const middle = Math.log(meanMs) - variance / 2;
      return () => Math.round(Math.exp(middle + deviation * normal(random)));
    }
    default:
      return distribution satisfies never;
  }
}

/** Box and Muller 1958. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
