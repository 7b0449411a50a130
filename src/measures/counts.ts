/** What is counted in one half hour, of a queue and of an agent. */
import type { AgentState } from './measured.js';
import { addWaits, noWaits, type Waits } from './waits.js';

/** Of the tickets that were asked for in the half hour, whenever they ended. */
export interface QueueCounts {
  offered: number;
  /** Callers who waited on the line. */
  answered: number;
  /** Hung up while waiting, the short ones too. */
  abandoned: number;
  /** Of them: in less than the short time. */
  shortAbandoned: number;
  /** Hung up, and kept the place to be called back. */
  callbacks: number;
  callbacksAnswered: number;
  /** Left the queue by a key of theirs. */
  left: number;
  /** Waited as long as the queue lets anybody wait. */
  timedOut: number;
  /** Closed, full, or nobody there. */
  refused: number;
  failed: number;
  /** Answered and over. */
  handled: number;
  talkMs: number;
  holdMs: number;
  wrapUpMs: number;
  /** Agents who were chosen, and those of them who did not take the call. */
  offers: number;
  missed: number;
  readonly answeredWaits: Waits;
  readonly abandonedWaits: Waits;
  /** How far announced waits were off, in whole percent of the wait that came, to how often; 1,000 is that or more. */
  readonly errors: Map<number, number>;
}

/** Of the half hour itself: what falls into two is split between them. */
export interface AgentCounts {
  /** Milliseconds by state; being offline is not counted. */
  readonly ms: Record<Exclude<AgentState, 'offline'>, number>;
  offers: number;
  missed: number;
}

export function noCalls(): QueueCounts {
  return {
    offered: 0,
    answered: 0,
    abandoned: 0,
    shortAbandoned: 0,
    callbacks: 0,
    callbacksAnswered: 0,
    left: 0,
    timedOut: 0,
    refused: 0,
    failed: 0,
    handled: 0,
    talkMs: 0,
    holdMs: 0,
    wrapUpMs: 0,
    offers: 0,
    missed: 0,
    answeredWaits: noWaits(),
    abandonedWaits: noWaits(),
    errors: new Map(),
  };
}

export function addCalls(into: QueueCounts, more: QueueCounts): void {
  into.offered += more.offered;
  into.answered += more.answered;
  into.abandoned += more.abandoned;
  into.shortAbandoned += more.shortAbandoned;
  into.callbacks += more.callbacks;
  into.callbacksAnswered += more.callbacksAnswered;
  into.left += more.left;
  into.timedOut += more.timedOut;
  into.refused += more.refused;
  into.failed += more.failed;
  into.handled += more.handled;
  into.talkMs += more.talkMs;
  into.holdMs += more.holdMs;
  into.wrapUpMs += more.wrapUpMs;
  into.offers += more.offers;
  into.missed += more.missed;
  addWaits(into.answeredWaits, more.answeredWaits);
  addWaits(into.abandonedWaits, more.abandonedWaits);
  for (const [percent, count] of more.errors)
    into.errors.set(percent, (into.errors.get(percent) ?? 0) + count);
}

export function noWork(): AgentCounts {
  return {
    ms: { ready: 0, offered: 0, ringing: 0, talking: 0, hold: 0, 'wrap-up': 0, paused: 0 },
    offers: 0,
    missed: 0,
  };
}

export function addWork(into: AgentCounts, more: AgentCounts): void {
  for (const state of Object.keys(more.ms) as (keyof AgentCounts['ms'])[]) into.ms[state] += more.ms[state];
  into.offers += more.offers;
  into.missed += more.missed;
}
