/** A caller's place in a queue, as the call knows it, and what call and queue say to each other within a turn. Types only. */
import type { CallId, UtcMs } from '../base/index.js';
import type { DialResult, FlowPreference } from '../flows/index.js';

/** `requested`: the queue has not answered yet, which it does within the turn. */
export interface Ticket {
  readonly id: string;
  readonly queue: string;
  readonly state: 'requested' | 'waiting' | 'connected';
  /** When the wait began. */
  readonly since: UtcMs;
}

/** How the queue itself ends a ticket. `replaced`: the caller has another one. */
export type TicketRefusal = 'closed' | 'full' | 'nobody' | 'no-answer' | 'replaced' | 'failed';

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
    }
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
