/** An agent as the router knows it: one row, JSON, a stored format. Types only. */
import type { CallId, UtcMs } from '../base/index.js';

/** What an agent does now. `offered`: chosen, the phone does not ring yet. */
export type AgentState =
  | 'offline'
  | 'ready'
  | 'offered'
  | 'ringing'
  | 'talking'
  | 'hold'
  | 'wrap-up'
  | 'paused';

/** What the agent asked for while talking: done once the call and its wrap-up are over, and shown until then. */
export type AgentWish = { readonly type: 'pause'; readonly reason: string } | { readonly type: 'sign-out' };

/** The talk of an agent's that is over, or was disposed of before it is. */
export interface Spoke {
  readonly ticket: string;
  readonly contact: CallId;
  readonly queue: string;
  /** What it turned out to be; null: the agent has not said. */
  readonly code: string | null;
}

export interface Agent {
  readonly name: string;
  readonly state: AgentState;
  readonly since: UtcMs;
  /** Why the agent is paused; `missed` where the router did it. null in other states. */
  readonly reason: string | null;
  /** The phone at which the agent is signed in; the agent's own while offline. */
  readonly phone: string;
  /** The phone is registered. */
  readonly reachable: boolean;
  readonly reachableSince: UtcMs;
  readonly wish: AgentWish | null;
  /** The ticket that is offered, or spoken about, or wrapped up, and its queue; null in other states. */
  readonly ticket: string | null;
  readonly queue: string | null;
  /** Offers in a row that came to nothing. */
  readonly misses: number;
  /** Offered nothing before; null: no such delay. */
  readonly notBefore: UtcMs | null;
  /** Since when the agent was last idle: what `longest-idle` goes by. Missing an offer does not change it. */
  readonly idleSince: UtcMs;
  /** The last offer, 0: none yet: what `round-robin` goes by. */
  readonly offeredAt: UtcMs;
  /** Time spent on calls since signing in (talking, hold, wrap-up): what `least-occupied` goes by. */
  readonly occupiedMs: number;
  readonly signedInAt: UtcMs | null;
  /** When the call was answered that is spoken or wrapped up; null in other states. */
  readonly busySince: UtcMs | null;
  /** End of wrap-up; null in other states. */
  readonly until: UtcMs | null;
  /** Tickets of messages that the agent has, whatever else the agent does; the oldest first. */
  readonly messages: readonly string[];
  /** The last talk; null: none yet. */
  readonly spoke: Spoke | null;
}

/** A phone, registered at the exchange or not. */
export interface Phone {
  readonly name: string;
  readonly registered: boolean;
  readonly since: UtcMs;
}
