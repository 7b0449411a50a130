/**
 * Pure. Rows with something changed in them. Written out, so that all rows of a kind are of one hidden class wherever
 * they were changed: for spreads they would be of ever more (docs/decisions/0034).
 */
import type { Agent } from './agent.js';
import type { Ticket } from './ticket.js';

export function changedTicket(ticket: Ticket, change: Partial<Ticket>): Ticket {
  const copy: Ticket = {
    id: ticket.id,
    contact: ticket.contact,
    channel: ticket.channel,
    kind: ticket.kind,
    held: ticket.held,
    queue: ticket.queue,
    needs: ticket.needs,
    priority: ticket.priority,
    joined: ticket.joined,
    seq: ticket.seq,
    state: ticket.state,
    step: ticket.step,
    offers: ticket.offers,
    agent: ticket.agent,
    preferred: ticket.preferred,
    preferredUntil: ticket.preferredUntil,
    caller: ticket.caller,
    notBefore: ticket.notBefore,
    tries: ticket.tries,
    missed: ticket.missed,
    announced: ticket.announced,
  };
  return Object.assign(copy, change);
}

export function changedAgent(agent: Agent, change: Partial<Agent>): Agent {
  const copy: Agent = {
    name: agent.name,
    state: agent.state,
    since: agent.since,
    reason: agent.reason,
    phone: agent.phone,
    reachable: agent.reachable,
    reachableSince: agent.reachableSince,
    wish: agent.wish,
    ticket: agent.ticket,
    queue: agent.queue,
    misses: agent.misses,
    notBefore: agent.notBefore,
    idleSince: agent.idleSince,
    offeredAt: agent.offeredAt,
    occupiedMs: agent.occupiedMs,
    signedInAt: agent.signedInAt,
    busySince: agent.busySince,
    until: agent.until,
    messages: agent.messages,
    spoke: agent.spoke,
  };
  return Object.assign(copy, change);
}
