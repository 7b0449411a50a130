/** An agent as the router knows it: one row, JSON, a stored format. Types only. */
import type { UtcMs } from '../base/index.js';

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

/** What the agent asked for while busy: done once the call and its wrap-up are over, and shown until then. */
export type AgentWish = { readonly type: 'pause'; readonly reason: string } | { readonly type: 'sign-out' };

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
  /** The ticket that is offered, or spoken about, or wrapped up. */
  readonly ticket: string | null;
  /** Offers in a row that came to nothing. */
  readonly misses: number;
  /** Offered nothing before. */
  readonly notBefore: UtcMs;
  /** Since when the agent was last idle: what `longest-idle` goes by. Missing an offer does not change it. */
  readonly idleSince: UtcMs;
  /** Calls taken since signing in, and time spent on them: what `round-robin` and `least-occupied` go by. */
  readonly taken: number;
  readonly occupiedMs: number;
  readonly signedInAt: UtcMs | null;
  /** End of wrap-up; null in other states. */
  readonly until: UtcMs | null;
}
