/** What time and a new routing change. */
import type { Routing } from '../../../src/acd/index.js';
import { goOffline, graceEnd, release } from './agents.js';
import { cancelAll, endTicket } from './endings.js';
import { expiryOf, miss, missCaller } from './offers.js';
import { agentOf, newAgent, queueOf, type Reference } from './rows.js';

export function due(ref: Reference): number | null {
  const times: (number | null)[] = [];
  for (const ticket of ref.tickets) {
    if (ticket.state === 'waiting') {
      const step = queueOf(ref, ticket.queue)?.relax[ticket.step];
      if (step !== undefined) times.push(ticket.joined + step.afterMs);
      times.push(ticket.preferredUntil, ticket.notBefore, expiryOf(ref, ticket));
    }
    for (const offer of ticket.offers) times.push(offer.until);
  }
  for (const agent of ref.agents) {
    times.push(agent.until);
    if (agent.state === 'ready') times.push(agent.notBefore);
    if (['ready', 'paused', 'wrap-up'].includes(agent.state)) times.push(graceEnd(ref, agent));
  }
  for (const place of ref.places) times.push(place.until);
  for (const last of ref.lastAgents) times.push(last.until);
  const real = times.filter((time) => time !== null);
  return real.length === 0 ? null : Math.min(...real);
}

export function deadlinesDue(ref: Reference): void {
  for (const ticket of ref.tickets) {
    const expiry = expiryOf(ref, ticket);
    if (ticket.state === 'waiting' && expiry !== null && expiry <= ref.at) {
      endTicket(ref, ticket, 'expired');
      continue;
    }
    if (ticket.notBefore !== null && ticket.notBefore <= ref.at) ticket.notBefore = null;
    for (const { agent: name } of ticket.offers.filter(({ until }) => until <= ref.at)) {
      const agent = agentOf(ref, name);
      if (agent === undefined) continue;
      ref.said.push(`offer.cancelled ${ticket.id} ${name}`);
      if (ticket.kind === 'callback') missCaller(ref, ticket, true, null);
      else miss(ref, ticket, agent, agent.state === 'ringing' ? 'no-answer' : 'failed');
    }
  }
  for (const agent of ref.agents) {
    const idle = ['ready', 'paused', 'wrap-up'].includes(agent.state);
    const lost = graceEnd(ref, agent);
    if (idle && lost !== null && lost <= ref.at) goOffline(ref, agent);
    else if (agent.until !== null && agent.until <= ref.at) release(ref, agent);
    else if (agent.notBefore !== null && agent.notBefore <= ref.at) agent.notBefore = null;
  }
  ref.places = ref.places.filter(({ until }) => until > ref.at);
  ref.lastAgents = ref.lastAgents.filter(({ until }) => until > ref.at);
}

export function reroute(ref: Reference, routing: Routing): void {
  ref.routing = routing;
  for (const agent of ref.agents) {
    const own = routing.agents.get(agent.name);
    if (own === undefined) {
      if (['ready', 'paused', 'wrap-up', 'offline'].includes(agent.state)) goOffline(ref, agent);
    } else if (agent.state === 'offline') agent.phone = own.phone;
  }
  for (const own of routing.agents.values())
    if (agentOf(ref, own.name) === undefined) ref.agents.push(newAgent(own));
  for (const ticket of ref.tickets.filter(({ state }) => state === 'offered')) {
    if (routing.queues.has(ticket.queue)) continue;
    cancelAll(ref, ticket, null);
    endTicket(ref, ticket, 'nobody');
  }
  for (const ticket of ref.tickets) if (ticket.state === 'waiting') ticket.step = 0;
}
