/** Pure. Who may be offered what at this moment. */
import type { UtcMs } from '../base/index.js';
import type { Agent } from './agent.js';
import { agentIn, type Draft, matchIn, queueIn, ticketIn } from './draft.js';
import { isFree, isOpen, text } from './line.js';
import type { Fit } from './matching.js';
import type { Strategy } from './routing.js';
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
export function callersTickets({ router, tickets }: Draft, caller: string): readonly string[] {
  const ids = new Set(router.index.byCaller.get(caller));
  for (const ticket of tickets.values()) if (ticket?.caller === caller) ids.add(ticket.id);
  return [...ids];
}

/** Free agents who fit, the best first. */
export function candidates(draft: Draft, ticket: Ticket): Agent[] {
  const match = matchIn(draft, ticket);
  const queue = queueIn(draft, ticket.queue);
  if (match === null || queue === null) return [];
  const { index } = draft.router;
  const able: { readonly agent: Agent; readonly fit: Fit; readonly weight: number }[] = [];
  const consider = (name: string): void => {
    const fit = match.fits.get(name);
    if (fit === undefined || (ticket.preferredUntil !== null && name !== ticket.preferred)) return;
    const agent = agentIn(draft, name);
    if (agent !== null && isFree(agent))
      able.push({ agent, fit, weight: weightOf(queue.strategy, agent, fit, draft.at) });
  };
  for (const name of draft.freed) consider(name);
  for (const name of index.free) if (!draft.agents.has(name)) consider(name);
  able.sort((a, b) => a.weight - b.weight || a.fit.rank - b.fit.rank || text(a.agent.name, b.agent.name));
  return able.map(({ agent }) => agent);
}

/** The least is chosen. */
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
