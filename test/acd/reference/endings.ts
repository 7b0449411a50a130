/** How a ticket ends, and how its offers do that nobody took. */
import { becomes, isOffered, release } from './agents.js';
import { agentOf, queueOf, type Reference, type RefTicket } from './rows.js';

export function cancelAll(ref: Reference, ticket: RefTicket, except: string | null): void {
  for (const { agent: name } of ticket.offers) {
    if (name === except) continue;
    ref.said.push(`offer.cancelled ${ticket.id} ${name}`);
    const agent = agentOf(ref, name);
    if (isOffered(agent, ticket)) release(ref, agent);
  }
}

export function leaveQueue(ref: Reference, ticket: RefTicket, isGone: boolean): void {
  const { queue, caller, joined, seq } = ticket;
  cancelAll(ref, ticket, null);
  ref.tickets = ref.tickets.filter((one) => one !== ticket);
  const rejoinMs = queueOf(ref, queue)?.rejoinMs ?? 0;
  if (!isGone || caller === null || rejoinMs === 0) return;
  ref.places = ref.places.filter((place) => place.queue !== queue || place.caller !== caller);
  ref.places.push({ queue, caller, joined, seq, until: ref.at + rejoinMs });
}

export function endTicket(ref: Reference, ticket: RefTicket, result: string): void {
  ref.tickets = ref.tickets.filter((one) => one !== ticket);
  ref.said.push(`ticket.ended ${ticket.id} ${result}`);
}

export function endTalk(ref: Reference, ticket: RefTicket): void {
  ref.tickets = ref.tickets.filter((one) => one !== ticket);
  const { caller, contact, agent: talked } = ticket;
  const { lastAgentMs } = ref.routing;
  if (lastAgentMs > 0 && caller !== null && talked !== null) {
    ref.lastAgents = ref.lastAgents.filter((one) => one.caller !== caller);
    ref.lastAgents.push({ caller, agent: talked, contact, until: ref.at + lastAgentMs });
  }
  const agent = agentOf(ref, ticket.agent ?? '');
  if (agent === undefined || ticket.channel === 'message') return;
  if (agent.spoke?.ticket !== ticket.id) agent.spoke = { ticket: ticket.id, queue: ticket.queue, code: null };
  const wrapUpMs = queueOf(ref, ticket.queue)?.wrapUpMs ?? 0;
  if (wrapUpMs === 0) return release(ref, agent);
  becomes(ref, agent, 'wrap-up');
  agent.until = ref.at + wrapUpMs;
}
