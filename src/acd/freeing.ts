/** Pure. How likely so many agents have become free within so long, by what each does now. Times in ms from now on. */
import type { UtcMs } from '../base/index.js';
import { type Bits, hasBit } from './bits.js';
import {
  handlingOf,
  type Handling,
  lastingShare,
  normalTail,
  pickUpOf,
  type Talks,
  talksOf,
} from './handling.js';
import type { RouterView } from './router.js';

/** An agent at work. */
interface Worker {
  /** From which stage of the ticket on the agent may serve it. */
  readonly stage: number;
  /** Could serve nobody who stands before the ticket. */
  readonly isAlone: boolean;
  /** Nobody is free before: the end of wrap-up, or what follows a talk. */
  readonly afterMs: number;
  /** The talk that has to end first; null: none. */
  readonly talks: Talks | null;
  readonly talkedMs: number;
  /** Of all talks so many last longer than this one has. */
  readonly lasting: number;
  readonly handling: Handling;
  /** How likely the agent has become free up to the time that was asked for last, and the sum of that over time. */
  share: number;
  shareMs: number;
}

export interface Workers {
  readonly all: readonly Worker[];
  /** The time that was asked for last. */
  ms: number;
}

/**
 * Who goes home or pauses after the call is no help.
 *
 * @param stages who may serve, each later one with those who may then, too; an agent counts from the first.
 * @param taken agents who serve somebody before when their wrap-up is over.
 */
export function workersOf(
  router: RouterView,
  stages: readonly { readonly bits: Bits; readonly rivals: Bits }[],
  present: Bits,
  usual: Handling,
  taken: ReadonlySet<string>,
  at: UtcMs,
): Workers {
  const { agents, matches, routing } = router;
  const known = new Map<string, Talks>();
  const talksIn = (queue: string): Talks => {
    let talks = known.get(queue);
    if (talks === undefined) {
      talks = talksOf(handlingOf(router, queue) ?? usual, routing.queues.get(queue)?.wrapUpMs ?? 0);
      known.set(queue, talks);
    }
    return talks;
  };
  const all: Worker[] = [];
  for (const agent of agents.values()) {
    const { name, state, until, notBefore, queue, busySince, since, wish } = agent;
    const number = matches.numbers.get(name);
    if (number === undefined || wish !== null || !hasBit(present, number)) continue;
    let stage = 0;
    while (stage < stages.length && !hasBit(stages[stage]?.bits ?? present, number)) stage++;
    if (stage === stages.length) continue;
    const isAlone = !hasBit(stages.at(-1)?.rivals ?? present, number);
    const isDone = state === 'wrap-up' || state === 'ready';
    const restMs = isDone ? Math.max(0, (until ?? notBefore ?? at) - at) : 0;
    if (isDone && !taken.has(name)) {
      all.push(worker(stage, isAlone, restMs, null, 0, usual));
      continue;
    }
    const talks = talksIn(queue ?? '');
    const isTalking = state === 'talking' || state === 'hold';
    const talkedMs = isTalking ? Math.max(0, at - (busySince ?? since)) : 0;
    const beginMs = isTalking ? 0 : restMs + pickUpOf(router, queue ?? '');
    all.push(worker(stage, isAlone, beginMs + talks.wrapUpMs, talks, talkedMs, talks.handling));
  }
  return { all, ms: 0 };
}

function worker(
  stage: number,
  isAlone: boolean,
  afterMs: number,
  talks: Talks | null,
  talkedMs: number,
  handling: Handling,
): Worker {
  const lasting = talks === null ? 1 : lastingShare(talks, talkedMs);
  return { stage, isAlone, afterMs, talks, talkedMs, lasting, handling, share: 0, shareMs: 0 };
}

/** A talk that lasts longer than all but so few has no equal to go by. */
const fewest = 1e-5;

function shareAt({ afterMs, talks, talkedMs, lasting, handling }: Worker, ms: number): number {
  if (talks === null) return ms < afterMs ? 0 : 1;
  const talkMs = ms - afterMs;
  if (talkMs <= 0) return 0;
  if (lasting < fewest) return -Math.expm1(-talkMs / (handling.meanMs / 2));
  return 1 - lastingShare(talks, talkedMs + talkMs) / lasting;
}

/** More than so many are not counted one by one. */
const mostCounted = 12;

/**
 * How likely at least so many agents have become free by then, or one who could serve nobody before. Each has once or not yet, by a chance of its own (a Poisson
 * binomial distribution); who becomes free once more, after the next call, comes on top as in a Poisson process. Of many
 * the normal distribution is enough. Ask for one time after another.
 *
 * @param needed may be a part more: as likely the next whole number is needed.
 */
export function chanceOf(workers: Workers, stage: number, needed: number, ms: number): number {
  const gone = Math.max(0, ms - workers.ms);
  workers.ms = ms;
  let [mean, variance, again, noneAlone] = [0, 0, 0, 1];
  for (const worker of workers.all) {
    const share = shareAt(worker, ms);
    worker.shareMs += (gone * (worker.share + share)) / 2;
    worker.share = share;
    if (share === 0 || worker.stage > stage) continue;
    mean += share;
    variance += share * (1 - share);
    // Renewals of calls of that length and spread, far enough from the beginning.
    const { meanMs, rest } = worker.handling;
    again += Math.max(0, worker.shareMs / meanMs + share * (rest - 1));
    if (worker.isAlone) noneAlone *= 1 - share;
  }
  const whole = Math.floor(needed);
  if (whole > mostCounted)
    return Math.max(
      1 - noneAlone,
      1 - normalTail((mean + again - needed + 0.5) / Math.sqrt(variance + again + fewest)),
    );
  // How likely just none, one, two... are free.
  const counts = new Float64Array(whole + 1);
  for (let i = 0, chance = Math.exp(-again); i <= whole; chance *= again / ++i) counts[i] = chance;
  for (const { share, stage: from } of workers.all)
    if (share > 0 && from <= stage)
      for (let i = whole; i >= 0; i--)
        counts[i] = (counts[i] ?? 0) * (1 - share) + (i === 0 ? 0 : (counts[i - 1] ?? 0) * share);
  const last = (counts[whole] ?? 0) * (needed - whole);
  return Math.max(1 - noneAlone, 1 - counts.subarray(0, whole).reduce((sum, chance) => sum + chance, last));
}
