/** A caller's place in a queue, as the call knows it, and what call and queue say to each other within a turn. Types only. */
import type { CallId, UtcMs } from '../base/index.js';
import type { DialResult, FlowPreference } from '../flows/index.js';
import type { KeptPlace } from './kept-place.js';

/**
 * `requested`: the queue has not answered yet, which it does within the turn. `held`: the caller is asked something, and
 * may hang up and keep the place.
 */
export interface Ticket {
  readonly id: string;
  readonly queue: string;
  readonly state: 'requested' | 'waiting' | 'held' | 'connected';
  /** When the wait began. */
  readonly since: UtcMs;
}

/**
 * How the queue itself ends a ticket. `replaced`: the caller has another one. `cancelled`, `expired`: a callback that
 * somebody gave up, or whose time is over.
 */
export type TicketRefusal =
  | 'closed'
  | 'full'
  | 'nobody'
  | 'no-answer'
  | 'replaced'
  | 'cancelled'
  | 'expired'
  | 'failed';

/** How a caller's wait ended. `left`: by a key of the caller's. */
export type TicketEnd = TicketRefusal | 'talked' | 'left' | 'caller-gone';

/** The agent for whom a phone is rung. */
export interface Offer {
  readonly ticket: string;
  readonly agent: string;
}

/** What a call says to the queues. */
export type TicketMessage =
  /** Answered within the turn by `ticket.queued` or `ticket.ended`. */
  | {
      readonly type: 'request-ticket';
      readonly contact: CallId;
      readonly ticket: string;
      readonly queue: string;
      /** Skill to level, beside what the queue itself needs. */
      readonly needs: Readonly<Record<string, number>>;
      /** null: the queue's. */
      readonly priority: number | null;
      /** The agent who is waited for alone at first; null: nobody. */
      readonly preferred: FlowPreference | null;
      /** The caller's; null: withheld. Never kept as it is. */
      readonly number: string | null;
    }
  /** For one agent by name; `back`: it is the agent's own caller. Answered by `ticket.offered` or `ticket.ended`. */
  | {
      readonly type: 'direct-ticket';
      readonly contact: CallId;
      readonly ticket: string;
      readonly agent: string;
      readonly back: boolean;
    }
  /** The caller waits no longer. An offer that rings is over with it. */
  | { readonly type: 'withdraw-ticket'; readonly ticket: string; readonly why: TicketEnd }
  /** The caller is asked something: nobody is rung for the ticket meanwhile. */
  | { readonly type: 'hold-ticket'; readonly ticket: string }
  /** The caller has hung up, and is called back in turn. */
  | { readonly type: 'park-ticket'; readonly place: KeptPlace }
  /** The caller waits on the line again. Answered as `request-ticket` is; then an agent who is reserved is offered. */
  | { readonly type: 'reach-ticket'; readonly contact: CallId; readonly ticket: string }
  /**
   * Whoever is called back was not reached. `counts`: it was a try; else their phone did not ring. `until`: not again
   * before; null: as the queue has it.
   */
  | {
      readonly type: 'miss-callback';
      readonly ticket: string;
      readonly counts: boolean;
      readonly until: UtcMs | null;
    }
  /** This contact calls back. */
  | { readonly type: 'dial-callback'; readonly ticket: string; readonly contact: CallId }
  | {
      readonly type: 'cancel-callback';
      readonly ticket: string;
      readonly why: 'cancelled' | 'closed';
    }
  /** Answered within the turn by `place.told`. */
  | { readonly type: 'ask-place'; readonly contact: CallId; readonly ticket: string }
  | { readonly type: 'offer-rang'; readonly ticket: string; readonly agent: string }
  | { readonly type: 'offer-answered'; readonly ticket: string; readonly agent: string }
  /** The agent's phone holds the caller, or does so no longer. */
  | { readonly type: 'talk-held'; readonly ticket: string; readonly agent: string; readonly held: boolean }
  /** `talked`: the ticket is over too. Else it goes on waiting, with its age. */
  | {
      readonly type: 'offer-ended';
      readonly ticket: string;
      readonly agent: string;
      readonly result: DialResult | 'caller-gone';
    };

/** What the queues say to a call. */
export type TicketEvent =
  | { readonly type: 'ticket.queued'; readonly ticket: string }
  /** The first has position 1. `waitMs`: null: nobody knows. */
  | {
      readonly type: 'place.told';
      readonly ticket: string;
      readonly position: number;
      readonly waitMs: number | null;
    }
  /** An agent is to be rung; several, where the queue rings several at once. */
  | {
      readonly type: 'ticket.offered';
      readonly ticket: string;
      readonly agent: string;
      /** Name of the agent's phone. */
      readonly phone: string;
      readonly ringMs: number;
      /** `callback`: the agent is reserved, and whoever is called back is rung first. */
      readonly kind: 'call' | 'callback' | 'direct';
    }
  /** Whoever is called back is not dialled any more for now. */
  | { readonly type: 'ticket.postponed'; readonly ticket: string }
  /** The agent is not to be rung any more. The queue knows: it is told nothing. */
  | { readonly type: 'offer.cancelled'; readonly ticket: string; readonly agent: string }
  | { readonly type: 'ticket.ended'; readonly ticket: string; readonly result: TicketRefusal };

/** What a call needs to know of a queue. */
export interface CallQueue {
  /** Name of the calendar that says when it is answered at all; null: always. */
  readonly calendar: string | null;
  readonly maxWaitMs: number;
  readonly ringMs: number;
  /** Text that is spoken to an agent who picks up, before caller and agent are put together; null: none. */
  readonly whisper: string | null;
  readonly callback: {
    /** How long the phone of who is called back rings. */
    readonly ringMs: number;
    /** What becomes of those whose turn comes while the queue is closed: they wait for its opening, or are given up. */
    readonly whenClosed: 'keep' | 'give-up';
  };
  /** Talks are recorded; `notice`: a text that tells the caller so before; null: the flow does. null: they are not. */
  readonly record: { readonly notice: string | null } | null;
  /** Who waits hears music where nothing is spoken; false: silence. */
  readonly music: boolean;
  readonly agents: readonly CallAgent[];
}

/** What a call needs to know of an agent. */
export interface CallAgent {
  readonly name: string;
  readonly phone: string;
  /** In which the agent is spoken to. */
  readonly language: string;
}
