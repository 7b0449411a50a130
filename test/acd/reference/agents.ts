/** An agent's moves, and where the agent's phone is. */
import { agentOf, type RefAgent, type Reference, type RefTicket } from './rows.js';

const busyStates = ['talking', 'hold', 'wrap-up'];

export function becomes(ref: Reference, agent: RefAgent, state: string): void {
  if (busyStates.includes(agent.state)) agent.occupied += ref.at - agent.since;
  const keeps = ['ringing', 'talking', 'hold', 'wrap-up'].includes(state);
  Object.assign(agent, { state, since: ref.at, reason: null, notBefore: null, until: null });
  if (!keeps) agent.ticket = null;
}

/** Done with a call or an offer. */
export function release(ref: Reference, agent: RefAgent): void {
  const { wish } = agent;
  const talked = busyStates.includes(agent.state);
  if (wish?.type === 'sign-out' || isLost(ref, agent)) return goOffline(ref, agent);
  becomes(ref, agent, wish === null ? 'ready' : 'paused');
  Object.assign(agent, { wish: null, reason: wish?.reason ?? null });
  if (talked && wish === null) agent.idleSince = ref.at;
}

export function goOffline(ref: Reference, agent: RefAgent): void {
  becomes(ref, agent, 'offline');
  const own = ref.routing.agents.get(agent.name);
  Object.assign(agent, { phone: own?.phone, wish: null, misses: 0, signedIn: null });
  Object.assign(agent, { occupied: 0, offeredAt: 0 });
  if (own === undefined) ref.agents = ref.agents.filter((one) => one !== agent);
  for (const ticket of ref.tickets)
    if (ticket.channel === 'message' && ticket.agent === agent.name)
      Object.assign(ticket, { state: 'waiting', agent: null });
}

export function isLost(ref: Reference, agent: RefAgent): boolean {
  const end = graceEnd(ref, agent);
  return !ref.routing.agents.has(agent.name) || (end !== null && end <= ref.at);
}

export function graceEnd(ref: Reference, agent: RefAgent): number | null {
  if (isHere(ref, agent) || agent.signedIn === null) return null;
  const since = ref.phones.get(agent.phone)?.since ?? 0;
  return Math.max(since, agent.signedIn) + ref.routing.graceMs;
}

export function isOffered(agent: RefAgent | undefined, ticket: RefTicket): agent is RefAgent {
  return agent?.ticket === ticket.id && (agent.state === 'offered' || agent.state === 'ringing');
}

export function isHere(ref: Reference, agent: RefAgent): boolean {
  return ref.phones.get(agent.phone)?.registered ?? false;
}

export function isThere(ref: Reference, name: string): boolean {
  const agent = agentOf(ref, name);
  return agent !== undefined && agent.state !== 'offline';
}
