/** What happens to the router, and what it says. Types only. */
import type { CallId, UtcMs } from '../base/index.js';
import type { Agent, Phone } from './agent.js';
import type { LastAgent, Preference } from './preference.js';
import type { AgentCause } from './moves.js';
import type { Channel, Levels, MissCause, Routing } from './routing.js';
import type { Explanation, Place, Ticket, TicketRefusal } from './ticket.js';

export type AcdEvent =
  /** Answered within the turn by `ticket.queued` or `ticket.ended`. The calendar was asked before. */
  | {
      readonly type: 'ticket.requested';
      readonly ticket: string;
      readonly contact: CallId;
      /** Not there: `voice`. */
      readonly channel?: Channel;
      readonly queue: string;
      readonly needs: Levels;
      /** 0 to 10; null: the queue's. */
      readonly priority: number | null;
      /** The agent who is waited for first; null: anybody. */
      readonly preferred: Preference | null;
      /** A keyed hash of the caller's number; null: withheld. */
      readonly caller: string | null;
    }
  /**
   * A caller for this one agent, who was named: answered within the turn by `ticket.offered`, or by `ticket.ended` where
   * the agent cannot be rung now. Waits for nobody else: a miss ends the ticket.
   */
  | {
      readonly type: 'ticket.directed';
      readonly ticket: string;
      readonly contact: CallId;
      readonly agent: string;
      /** It is the agent's own caller, who comes back: wrap-up does not stand in the way. */
      readonly back: boolean;
    }
  /** The caller waits no longer: a live offer is over with it. `caller-gone` may come back by calling again. */
  | { readonly type: 'ticket.withdrawn'; readonly ticket: string; readonly why: string }
  /** The caller is asked something (a number to be called back at): keeps the place, and nobody is offered it. */
  | { readonly type: 'ticket.held'; readonly ticket: string }
  /** The caller hangs up and keeps the place; dialled when an agent is reserved. `caller`: the hash of that number. */
  | { readonly type: 'ticket.parked'; readonly ticket: string; readonly caller: string | null }
  /** The caller of a callback is dialled, by this contact: what there is to say from now on is said to it. */
  | { readonly type: 'ticket.dialled'; readonly ticket: string; readonly contact: CallId }
  /**
   * The caller of a callback has answered, or one who was held goes on: from now on they wait on the line, as any
   * caller. Answered within the turn by `ticket.queued` or `ticket.ended`.
   */
  | { readonly type: 'ticket.reached'; readonly ticket: string }
  /**
   * The caller of a callback was not reached: once more at `until`, or after the queue's pause. `counts`: it was a try;
   * false: the caller's phone never rang.
   */
  | {
      readonly type: 'ticket.unreached';
      readonly ticket: string;
      readonly counts: boolean;
      readonly until: UtcMs | null;
    }
  /** A callback that is not wanted any more. */
  | { readonly type: 'ticket.cancelled'; readonly ticket: string; readonly why: 'cancelled' | 'closed' }
  | { readonly type: 'offer.rang'; readonly ticket: string; readonly agent: string }
  | { readonly type: 'offer.answered'; readonly ticket: string; readonly agent: string }
  /**
   * After an answer too: an agent who hangs up before the caller is there. `caller-gone` and `cancelled`: nothing is
   * the agent's fault; the caller of a callback who is `caller-gone` was not reached.
   */
  | {
      readonly type: 'offer.ended';
      readonly ticket: string;
      readonly agent: string;
      readonly result: MissCause | 'caller-gone' | 'cancelled';
    }
  /**
   * Agent and caller talk no longer, whoever hung up; also after a transfer: the agent wraps up. Or the agent is done with
   * a message, after which nothing is wrapped up.
   */
  | { readonly type: 'talk.ended'; readonly ticket: string; readonly agent: string }
  | { readonly type: 'talk.held'; readonly agent: string; readonly held: boolean }
  /** `phone`: where; null: the agent's own. */
  | { readonly type: 'agent.signed-in'; readonly agent: string; readonly phone: string | null }
  | { readonly type: 'agent.signed-out'; readonly agent: string }
  | { readonly type: 'agent.readied'; readonly agent: string }
  | { readonly type: 'agent.paused'; readonly agent: string; readonly reason: string }
  | { readonly type: 'agent.wrap-up-ended'; readonly agent: string }
  | { readonly type: 'agent.wrap-up-extended'; readonly agent: string; readonly byMs: number }
  /** What the talk that the agent is in, or was in last, turned out to be. */
  | { readonly type: 'agent.disposed'; readonly agent: string; readonly code: string }
  | { readonly type: 'phone.registered'; readonly phone: string; readonly registered: boolean }
  /** Nothing that tells who made the contact is kept any longer. */
  | { readonly type: 'contact.erased'; readonly contact: string }
  /** A deadline of the router's has come: everything that is due at `at` is done. */
  | { readonly type: 'deadline.due' }
  | { readonly type: 'routing.changed'; readonly routing: Routing };

/** What the router says to a call. */
export type AcdMessage =
  | { readonly type: 'ticket.queued'; readonly contact: CallId; readonly ticket: string }
  | {
      readonly type: 'ticket.offered';
      readonly contact: CallId;
      readonly ticket: string;
      readonly agent: string;
      readonly phone: string;
      readonly ringMs: number;
      /** `callback`: the agent is reserved, and the caller dialled first. */
      readonly kind: Ticket['kind'];
    }
  /** The caller of a callback is not dialled any more for now. */
  | { readonly type: 'ticket.postponed'; readonly contact: CallId; readonly ticket: string }
  /** The agent is no longer to be rung. The call answers nothing. */
  | {
      readonly type: 'offer.cancelled';
      readonly contact: CallId;
      readonly ticket: string;
      readonly agent: string;
    }
  | {
      readonly type: 'ticket.ended';
      readonly contact: CallId;
      readonly ticket: string;
      readonly result: TicketRefusal;
    };

/** What a contact turned out to be, as the agent says who talked with its caller. */
export interface Disposition {
  readonly ticket: string;
  readonly agent: string;
  readonly code: string;
  readonly name: string;
}

/** What goes into the event log. Holds no personal data of callers. */
export type AcdFact = RouterFact | DeskFact;

/** Of a caller's wait. `subject`: the contact. */
export type RouterFact =
  /** Of a message: from then on it is the agent's, until it is over or the agent signs out. */
  | {
      readonly type: 'ticket.assigned';
      readonly subject: CallId;
      readonly body: Explanation & { readonly ticket: string; readonly queue: string };
    }
  | {
      readonly type: 'ticket.relaxed';
      readonly subject: CallId;
      readonly body: { readonly ticket: string; readonly step: number };
    }
  | {
      readonly type: 'offer.missed';
      readonly subject: CallId;
      readonly body: { readonly ticket: string; readonly agent: string; readonly cause: MissCause };
    }
  /** The caller of a callback was not reached. `tries`: so often so far. */
  | {
      readonly type: 'ticket.unreached';
      readonly subject: CallId;
      readonly body: { readonly ticket: string; readonly tries: number; readonly until: UtcMs };
    }
  | { readonly type: 'contact.disposed'; readonly subject: CallId; readonly body: Disposition };

/** Of agents and their phones. `subject`: `agent:<name>`, or `phone:<name>`. */
export type DeskFact =
  /** Every change of an agent's state. `ticket`: what the new state is about; `queue`: that, or what the old one was about. */
  | {
      readonly type: 'agent.changed';
      readonly subject: string;
      readonly body: Pick<Agent, 'state' | 'reason' | 'ticket'> & {
        readonly from: Agent['state'];
        readonly by: AgentCause;
        readonly queue: string | null;
      };
    }
  /** An agent who is signed in works at another phone from now on. */
  | {
      readonly type: 'agent.moved';
      readonly subject: string;
      readonly body: { readonly from: string; readonly to: string };
    }
  /** The phone cannot be rung any more, or can again. `agent`: who is signed in there; null: nobody. */
  | {
      readonly type: 'phone.lost' | 'phone.found';
      readonly subject: string;
      readonly body: { readonly agent: string | null };
    };

/** A row that changed; null: it is gone. Written with the turn. */
export type AcdChange =
  | { readonly kind: 'ticket'; readonly id: string; readonly row: Ticket | null }
  | { readonly kind: 'agent'; readonly id: string; readonly row: Agent | null }
  | { readonly kind: 'phone'; readonly id: string; readonly row: Phone | null }
  | { readonly kind: 'place'; readonly id: string; readonly row: Place | null }
  | { readonly kind: 'queue'; readonly id: string; readonly row: QueueHistory | null }
  | { readonly kind: 'last-agent'; readonly id: string; readonly row: LastAgent | null };

/** A row as it was stored. */
export type AcdRow = Exclude<AcdChange, { readonly row: null }> & { readonly row: object };

/** What a queue remembers for estimates: sums that fade with each call, no list of calls. */
export interface QueueHistory {
  /** Calls handled, their handling times (talking, hold, wrap-up) in ms, and the squares of these in s². */
  readonly handled: number;
  readonly handledMs: number;
  readonly handledSquares: number;
  /** Time that callers waited on the line, ms, and how many of them gave up: patience is the one by the other. */
  readonly waitedMs: number;
  readonly abandoned: number;
  /** Offers that an agent took, and the logarithms of the ms until then; rows of before have none. */
  readonly pickedUp?: number;
  readonly pickUpLogs?: number;
}

/** Why a person's wish is not granted. */
export type AcdRefusal =
  | 'unknown-agent'
  | 'offline'
  | 'already-signed-in'
  /** Talking, or about to: the phone cannot change now. */
  | 'busy'
  /** Somebody else is signed in at that phone. */
  | 'phone-in-use'
  | 'not-in-wrap-up'
  /** The agent has talked with nobody yet. */
  | 'no-talk'
  /** The queue has no such disposition. */
  | 'unknown-code'
  /** Not more than 0, or more than an hour. */
  | 'bad-duration';

export interface AcdDecision {
  readonly changes: readonly AcdChange[];
  /** The routing that is in force from now on; null: the same as before. Not a row: it is the site's. */
  readonly routing: Routing | null;
  readonly messages: readonly AcdMessage[];
  readonly facts: readonly AcdFact[];
  /** Earliest time at which the router has something to do; null: none. */
  readonly due: UtcMs | null;
  /** Where a person asked for something; null otherwise, and where it was granted. */
  readonly refusal: AcdRefusal | null;
}
