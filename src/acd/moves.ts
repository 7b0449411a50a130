/** Every move that an agent and a ticket can make: the router asks these tables, and ARCHITECTURE.md draws them. */
import type { AgentState } from './agent.js';
import type { TicketState } from './ticket.js';

/** Why an agent's state changes. */
export type AgentCause =
  | 'signed-in'
  | 'signed-out'
  | 'readied'
  | 'paused'
  | 'assigned'
  | 'rang'
  | 'answered'
  /** The offer came to nothing on the agent's side. */
  | 'missed'
  /** It did so for another reason: the caller is gone, somebody else was first. */
  | 'let-go'
  | 'held'
  | 'unheld'
  | 'talk-ended'
  | 'wrap-up-ended'
  /** The phone stayed unregistered. */
  | 'phone-lost'
  /** The site has this agent no longer. */
  | 'removed';

/** Why a ticket's state changes. */
export type TicketCause =
  | 'requested'
  /** Asked for one agent by name. */
  | 'directed'
  | 'assigned'
  | 'answered'
  /** The last of its offers came to nothing. */
  | 'let-go'
  | 'talk-ended'
  | 'withdrawn'
  | 'nobody'
  | 'replaced'
  /** A callback's tries are used up. */
  | 'tries-used'
  /** A callback was given up by a person, or its queue has closed. */
  | 'cancelled'
  /** A callback's time is over. */
  | 'expired';

/** From state and cause to the states that may follow. */
export type Moves<State extends string, Cause extends string, From extends string = State> = Readonly<
  Record<From, Readonly<Partial<Record<Cause, readonly State[]>>>>
>;

const idle = { 'signed-out': ['offline'], 'phone-lost': ['offline'], removed: ['offline'] } as const;
/** What an agent is after a call; offline where the phone is lost, the site has the agent no longer, or by wish. */
const free = ['ready', 'paused', 'offline'] as const;

export const agentMoves: Moves<AgentState, AgentCause> = {
  offline: { 'signed-in': ['ready'] },
  ready: { ...idle, assigned: ['offered'], paused: ['paused'] },
  offered: {
    rang: ['ringing'],
    answered: ['talking'],
    missed: free,
    'let-go': free,
    paused: ['paused'],
    'signed-out': ['offline'],
  },
  ringing: {
    answered: ['talking'],
    missed: free,
    'let-go': free,
    paused: ['paused'],
    'signed-out': ['offline'],
  },
  talking: { held: ['hold'], 'talk-ended': ['wrap-up', ...free], missed: free, 'let-go': free },
  hold: { unheld: ['talking'], 'talk-ended': ['wrap-up', ...free], missed: free, 'let-go': free },
  // Assigned: the agent's own caller comes back from a transfer that failed.
  'wrap-up': {
    ...idle,
    assigned: ['offered'],
    'wrap-up-ended': free,
    readied: ['ready'],
    paused: ['paused'],
  },
  paused: { ...idle, readied: ['ready'], paused: ['paused'] },
};

/** A ticket before it is one, and after. */
export type TicketPhase = TicketState | 'new' | 'ended';

export const ticketMoves: Moves<TicketPhase, TicketCause> = {
  new: { requested: ['waiting'], directed: ['offered'] },
  // A message is connected at once.
  waiting: {
    assigned: ['offered', 'connected'],
    withdrawn: ['ended'],
    nobody: ['ended'],
    replaced: ['ended'],
    'tries-used': ['ended'],
    cancelled: ['ended'],
    expired: ['ended'],
  },
  offered: {
    // One more agent is rung at once.
    assigned: ['offered'],
    answered: ['connected'],
    // Of one agent by name it is the end.
    'let-go': ['waiting', 'ended'],
    withdrawn: ['ended'],
    // Its queue is gone.
    nobody: ['ended'],
    replaced: ['ended'],
    'tries-used': ['ended'],
    cancelled: ['ended'],
    expired: ['ended'],
  },
  // Let go after an answer: the agent hung up before the caller was there; or signed out, and a message waits again.
  connected: { 'talk-ended': ['ended'], 'let-go': ['waiting', 'ended'], withdrawn: ['ended'] },
  ended: {},
};

/** Pure. Whether the cause moves anything in that state; to which state, says what stands in the table. */
export function moves<State extends string, Cause extends string>(
  table: Moves<State, Cause>,
  from: State,
  by: Cause,
  to?: State,
): boolean {
  const states = table[from][by];
  return states !== undefined && (to === undefined || states.includes(to));
}
