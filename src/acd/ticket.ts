/** A caller's place in a queue as the router knows it: one row, JSON, a stored format. Types only. */
import type { CallId, UtcMs } from '../base/index.js';
import type { Channel, Levels, MissCause } from './routing.js';

export type TicketState = 'waiting' | 'offered' | 'connected';

/**
 * How the router ends a ticket. `replaced`: the caller, who is owed a call, called again. `no-answer`: the caller of a
 * callback did not answer. `cancelled`, `closed`, `expired`: a callback that somebody gave up, whose queue has closed, or
 * whose time is over. `failed`: there is no such queue.
 */
export type TicketRefusal =
  | 'full'
  | 'nobody'
  | 'replaced'
  | 'no-answer'
  | 'cancelled'
  | 'closed'
  | 'expired'
  | 'failed';

export interface Offer {
  readonly agent: string;
  readonly at: UtcMs;
  /** The router gives the offer up then, whatever call and exchange say. */
  readonly until: UtcMs;
}

/** Why a caller waits, or waited: who could have the ticket, and who not and why. */
export interface WaitExplanation {
  readonly at: UtcMs;
  /** Waiting time so far, ms. */
  readonly waitedMs: number;
  /** Relax step in force: 0 none, 1 the first. */
  readonly step: number;
  /** Alternatives in force, the caller's own needs included. */
  readonly needs: readonly Levels[];
  readonly strategy: string;
  /** The caller waits, or waited, for this agent by preference. */
  readonly preferred: boolean;
  /** Could have it too, the next one first; at most 20. */
  readonly others: readonly string[];
  readonly otherCount: number;
  /**
   * Could not, and why, as counts over all agents of the queues in question: a state (`offline`, `talking`),
   * `unreachable`, `missed` (an offer, a moment ago), `messages` (as many as the agent may have), `not-preferred`, or
   * what is lacking (`lacks:en>=3`, `lacks:message`: takes none).
   */
  readonly against: Readonly<Record<string, number>>;
}

/** The same at the moment of an assignment: `agent` has it. */
export interface Explanation extends WaitExplanation {
  readonly agent: string;
}

export interface Ticket {
  readonly id: string;
  /** Who waits; of a callback the contact that dealt with it last. */
  readonly contact: CallId;
  readonly channel: Channel;
  /**
   * `direct`: for one agent by name, and over where that comes to nothing.
   * `callback`: the caller hung up and is dialled when the turn comes.
   */
  readonly kind: 'call' | 'callback' | 'direct';
  /** The caller is on the line and asked something: the place is kept, and nobody is offered it meanwhile. */
  readonly held: boolean;
  readonly queue: string;
  /** What the caller needs beside what the queue does. */
  readonly needs: Levels;
  /** 0 to 10; null: the queue's. */
  readonly priority: number | null;
  /** When the wait began; kept through missed offers, callbacks and calling again. */
  readonly joined: UtcMs;
  /** Total order among tickets of equal age and priority; unique. */
  readonly seq: number;
  readonly state: TicketState;
  /** Relax steps in force; never fewer than before while the routing stays the same. */
  readonly step: number;
  readonly offers: readonly Offer[];
  /** Who talks, or has the message; null unless connected. */
  readonly agent: string | null;
  readonly preferred: string | null;
  /** Until then nobody but the preferred agent is offered it; null: anybody may. */
  readonly preferredUntil: UtcMs | null;
  /** A keyed hash of the caller's number: who calls again is known by it. null: withheld. */
  readonly caller: string | null;
  /** Not offered before: a callback between two tries; null: no such delay. */
  readonly notBefore: UtcMs | null;
  /** How often the caller was dialled; 0 for one who has waited on the line all the time. */
  readonly tries: number;
  /** The last offers that came to nothing, oldest first; at most 20. */
  readonly missed: readonly { readonly agent: string; readonly at: UtcMs; readonly cause: MissCause }[];
  /** The estimate that was announced last, and what it rested on, so that none rises without a cause. */
  readonly announced: Announced | null;
}

export interface Announced {
  readonly at: UtcMs;
  readonly waitMs: number;
  /** Agents at work who could serve the ticket. */
  readonly staff: number;
  /** Tickets before it that compete with it. */
  readonly ahead: number;
}

/** The place of a caller who is gone, kept for a while. One a queue and caller. */
export interface Place {
  readonly queue: string;
  readonly caller: string;
  readonly joined: UtcMs;
  readonly seq: number;
  readonly until: UtcMs;
}
