/** Pure. Who may be offered what at this moment. */
import type { UtcMs } from '../base/index.js';
import type { Agent } from './agent.js';
import { agentIn, type Draft, matchIn, queueIn, ticketIn } from './draft.js';
import { isFree, isOpen, text } from './line.js';
import { capacityOf, type Fit } from './matching.js';
import type { Channel, Strategy } from './routing.js';
import type { Ticket } from './ticket.js';

/** A callback is not dialled while its caller is on the line, or dialled, for another ticket. */
export function mayBeOffered(draft: Draft, ticket: Ticket | null): boolean {
  if (ticket === null || !isOpen(ticket)) return false;
  if (ticket.kind === 'call' || ticket.caller === null) return true;
  for (const id of callersTickets(draft, ticket.caller)) {
    const other = id === ticket.id ? null : ticketIn(draft, id);
    if (other !== null && (other.kind === 'call' || other.state !== 'waiting')) return false;
  }
  return true;
}

/** Tickets of the caller: those of the index, and those of this decision. */
export function callersTickets(draft: Draft, caller: string): readonly string[] {
  const ids = new Set(draft.router.index.byCaller.get(caller));
  for (const ticket of draft.tickets.values()) if (ticket?.caller === caller) ids.add(ticket.id);
  return [...ids].filter((id) => ticketIn(draft, id)?.caller === caller);
}

/** Whether the agent, who is free, has room for a ticket of the channel: messages keep no call away. */
export function hasRoom({ router }: Draft, { name, messages }: Agent, channel: Channel): boolean {
  if (channel === 'voice') return true;
  const own = router.routing.agents.get(name);
  return own !== undefined && messages.length < capacityOf(own, channel);
}

/** Who could have a ticket now. */
export interface Able {
  /** The best first; so many at most. */
  readonly first: readonly Agent[];
  readonly count: number;
}

/** The one who is chosen, and those whom the explanation names. */
const most = 21;

interface Candidate {
  readonly agent: Agent;
  readonly rank: number;
  /** Messages that the agent has, where this is one more. */
  readonly load: number;
  /** By the queue's strategy; the least is chosen. */
  readonly weight: number;
}

/** Free agents who fit. Only the best are put in order: there may be hundreds, in a quiet hour. */
export function candidates(draft: Draft, ticket: Ticket): Able {
  const match = matchIn(draft, ticket);
  const queue = queueIn(draft, ticket.queue);
  if (match === null || queue === null) return { first: [], count: 0 };
  const { index, agents } = draft.router;
  const best: Candidate[] = [];
  let count = 0;
  const consider = (agent: Agent | null): void => {
    const fit = agent === null ? undefined : match.fits.get(agent.name);
    if (agent === null || fit === undefined || !isFree(agent)) return;
    if (!hasRoom(draft, agent, ticket.channel)) return;
    if (ticket.preferredUntil !== null && agent.name !== ticket.preferred) return;
    count += 1;
    const load = ticket.channel === 'message' ? agent.messages.length : 0;
    insert(best, { agent, rank: fit.rank, load, weight: weightOf(queue.strategy, agent, fit, draft.at) });
  };
  for (const name of draft.freed) consider(agentIn(draft, name));
  for (const name of index.free) if (!draft.agents.has(name)) consider(agents.get(name) ?? null);
  return { first: best.map(({ agent }) => agent), count };
}

function insert(best: Candidate[], candidate: Candidate): void {
  const last = best[best.length - 1];
  if (best.length === most && last !== undefined && byWeight(last, candidate) < 0) return;
  let at = best.length;
  while (at > 0 && byWeight(best[at - 1] ?? candidate, candidate) > 0) at -= 1;
  best.splice(at, 0, candidate);
  if (best.length > most) best.pop();
}

function byWeight(a: Candidate, b: Candidate): number {
  return a.load - b.load || a.weight - b.weight || a.rank - b.rank || text(a.agent.name, b.agent.name);
}

function weightOf(strategy: Strategy, agent: Agent, { level }: Fit, at: UtcMs): number {
  switch (strategy) {
    case 'longest-idle':
      return agent.idleSince;
    case 'most-skilled':
      return -level;
    case 'least-occupied':
      // A share, since who signed in late would else be rung for everything.
      return agent.occupiedMs / Math.max(1, at - (agent.signedInAt ?? at));
    case 'round-robin':
      return agent.offeredAt;
  }
}
