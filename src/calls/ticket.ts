/** A caller's place in a queue, as the call knows it, and what call and queue say to each other within a turn. Types only. */
import type { CallId } from '../base/index.js';
import type { DialResult } from '../flows/index.js';

/** `requested`: the queue has not answered yet, which it does within the turn. */
export interface Ticket {
  readonly id: string;
  readonly queue: string;
  readonly state: 'requested' | 'waiting' | 'connected';
}

/** How the queue itself ends a ticket. */
export type TicketRefusal = 'closed' | 'full' | 'nobody' | 'no-answer' | 'failed';

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
    }
  /** The caller waits no longer. An offer that rings is over with it. */
  | { readonly type: 'withdraw-ticket'; readonly ticket: string; readonly why: TicketEnd }
  | { readonly type: 'offer-answered'; readonly ticket: string; readonly agent: string }
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
  /** An agent is to be rung. At most one at a time. */
  | {
      readonly type: 'ticket.offered';
      readonly ticket: string;
      readonly agent: string;
      /** Name of the agent's phone. */
      readonly phone: string;
      readonly ringMs: number;
    }
  | { readonly type: 'ticket.ended'; readonly ticket: string; readonly result: TicketRefusal };

/** What a call needs to know of a queue. */
export interface CallQueue {
  readonly isOpen: (at: number) => boolean;
  readonly maxWaitMs: number;
  readonly ringMs: number;
  readonly agents: readonly { readonly name: string; readonly phone: string }[];
}
