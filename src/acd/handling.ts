/** Pure. What a queue's history tells of the calls to come: how long they take, how soon agents pick up, who gives up. */
import type { RouterView } from './router.js';

export interface Handling {
  readonly meanMs: number;
  /** What is left on average of a call that one comes upon, as a share of a whole one: long calls are met more often. */
  readonly rest: number;
  readonly deviationMs: number;
}

/** Fewer than three calls say nothing about how long one takes; three count a little less, since sums fade. */
const leastCalls = 2.5;
/** No two calls are quite alike, even where the few that are known were. */
const leastDeviation = 0.1;

/** Of the queue's own calls, or where it had too few of all; null: there were too few at all. */
export function handlingOf({ histories }: RouterView, queue: string): Handling | null {
  const own = histories.get(queue);
  const known = own !== undefined && own.handled >= leastCalls ? [own] : [...histories.values()];
  let [handled, handledMs, squares] = [0, 0, 0];
  for (const history of known) {
    handled += history.handled;
    handledMs += history.handledMs;
    squares += history.handledSquares;
  }
  if (handled < leastCalls || handledMs === 0) return null;
  const meanMs = handledMs / handled;
  const spread = squares / handled / (meanMs / 1000) ** 2;
  const deviationMs = meanMs * Math.sqrt(Math.max(leastDeviation ** 2, spread - 1));
  return { meanMs, rest: Math.min(1, spread / 2), deviationMs };
}

/** How many of those who wait give up each ms, as a share of them. */
export function impatienceOf({ histories }: RouterView, queue: string): number {
  const { waitedMs, abandoned } = histories.get(queue) ?? { waitedMs: 0, abandoned: 0 };
  return waitedMs === 0 ? 0 : abandoned / waitedMs;
}

/** Until agents have been seen to pick up. */
const usualPickUpMs = 3_000;
/** Callers are told no smaller part of a wait. */
const leastPickUpMs = 1_000;

/** From the offer until both talk, ms, as half of the agents do it: by the queue's own calls, or where it had too few by all. */
export function pickUpOf({ histories }: RouterView, queue: string): number {
  const own = histories.get(queue);
  const known = (own?.pickedUp ?? 0) >= leastCalls && own !== undefined ? [own] : [...histories.values()];
  let [pickedUp, logs] = [0, 0];
  for (const history of known) {
    pickedUp += history.pickedUp ?? 0;
    logs += history.pickUpLogs ?? 0;
  }
  return pickedUp < leastCalls ? usualPickUpMs : Math.max(leastPickUpMs, Math.exp(logs / pickedUp));
}

/** Talks of one queue, lognormal, as call centres measure them (Brown et al. 2005). Times in ms. */
export interface Talks {
  readonly handling: Handling;
  /** Follows each. */
  readonly wrapUpMs: number;
  /** Logarithm of the median, and deviation of the logarithms. */
  readonly middle: number;
  readonly spread: number;
}

/** @param wrapUpMs as the queue wants it; agents may end it sooner. */
export function talksOf(handling: Handling, wrapUpMs: number): Talks {
  const after = Math.min(wrapUpMs, handling.meanMs / 2);
  const meanMs = handling.meanMs - after;
  const variance = Math.log1p((handling.deviationMs / meanMs) ** 2);
  return {
    handling,
    wrapUpMs: after,
    middle: Math.log(meanMs) - variance / 2,
    spread: Math.sqrt(variance),
  };
}

/** The share of talks that last longer than so long. */
export function lastingShare({ middle, spread }: Talks, ms: number): number {
  return ms <= 0 ? 1 : normalTail((Math.log(ms) - middle) / spread);
}

/** The share of a normal distribution beyond so many deviations (Abramowitz and Stegun 26.2.17): wrong by less than 1e-7. */
export function normalTail(deviations: number): number {
  const by = 1 / (1 + 0.2316419 * Math.abs(deviations));
  const series =
    by * (0.31938153 + by * (-0.356563782 + by * (1.781477937 + by * (-1.821255978 + by * 1.330274429))));
  const tail = (series * Math.exp((-deviations * deviations) / 2)) / Math.sqrt(2 * Math.PI);
  return deviations < 0 ? 1 - tail : tail;
}
