/** A caller's place in a queue as the router knows it: one row, JSON, a stored format. Types only. */
import type { CallId, UtcMs } from '../base/index.js';
import type { Levels, MissCause } from './routing.js';

export type TicketState = 'waiting' | 'offered' | 'connected';

/** How the router ends a ticket. */
export type TicketRefusal = 'full' | 'nobody' | 'no-answer' | 'failed';

export interface Offer {
  readonly agent: string;
  readonly at: UtcMs;
  /** The router gives the offer up then, whatever call and exchange say. */
  readonly until: UtcMs;
}

/** Who could have had the ticket, and who not and why, at the moment of an assignment. */
export interface Explanation {
  readonly at: UtcMs;
  readonly agent: string;
  /** Waiting time so far, ms. */
  readonly waitedMs: number;
  /** Relax step in force: 0 none, 1 the first. */
  readonly step: number;
  readonly needs: readonly Levels[];
  readonly strategy: string;
  /** The caller waited for this agent by preference. */
  readonly preferred: boolean;
  /** Could have had it too, the next one first; at most 20. */
  readonly others: readonly string[];
  readonly otherCount: number;
  /** Could not, and why, as counts over all agents of the queues in question: e.g. `offline`, `talking`, `lacks:en>=3`. */
  readonly against: Readonly<Record<string, number>>;
}

export interface Ticket {
  readonly id: string;
  readonly contact: CallId;
  /** `callback`: the caller hung up and is dialled when the turn comes. */
  readonly kind: 'call' | 'callback';
  readonly queue: string;
  /** What the caller needs beside what the queue does. */
  readonly needs: Levels;
  /** 0 to 10. */
  readonly priority: number;
  /** When the wait began; kept through missed offers, callbacks and calling again. */
  readonly joined: UtcMs;
  /** Total order among tickets of equal age and priority; unique. */
  readonly seq: number;
  readonly state: TicketState;
  /** Relax steps passed so far. */
  readonly step: number;
  readonly offers: readonly Offer[];
  /** Who talks; null unless connected. */
  readonly agent: string | null;
  readonly preferred: string | null;
  readonly preferredUntil: UtcMs | null;
  /** A keyed hash of the caller's number: who calls again is known by it. null: withheld. */
  readonly caller: string | null;
  /** Not offered before: a callback between two tries. */
  readonly notBefore: UtcMs;
  /** How often the caller was dialled, for a callback. */
  readonly tries: number;
  readonly missed: readonly { readonly agent: string; readonly at: UtcMs; readonly cause: MissCause }[];
  /** The estimate that was announced last, so that none rises without a cause. */
  readonly announced: { readonly at: UtcMs; readonly waitMs: number } | null;
}
