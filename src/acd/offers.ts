/** Pure. How offers end, and what becomes of ticket and agent then. */
import { extended, type UtcMs } from '../base/index.js';
import type { Agent } from './agent.js';
import { changedTicket } from './changed-row.js';
import {
  agentIn,
  type Draft,
  dropAgent,
  moveAgent,
  moveTicket,
  putTicket,
  queueIn,
  ticketIn,
} from './draft.js';
import { callbackEnd, graceEnd } from './line.js';
import type { AgentCause } from './moves.js';
import type { MissCause } from './routing.js';
import type { Ticket } from './ticket.js';
import { end, wait } from './waiting.js';

/** So that a phone that fails at once is not rung without a pause, whatever the queue says. */
const leastDelayMs = 1_000;
const mostMissed = 20;
/** The call rings a phone for `ringMs` and says what came of it; the router believes nothing for longer. */
const answerSlackMs = 10_000;
/** How long the caller of a callback may be dialled, before the agent's phone is. */
const dialMs = 60_000;

/** When the router gives an offer up that is made, or begins anew, at that time. */
export function offerEnd(at: UtcMs, ringMs: number, kind: Ticket['kind']): UtcMs {
  return at + ringMs + answerSlackMs + (kind === 'callback' ? dialMs : 0);
}

/** Whoever is not the one that is meant stops ringing. No agent's fault. */
export function cancelOffers(draft: Draft, ticket: Ticket, except: string | null = null): void {
  for (const { agent } of ticket.offers) if (agent !== except) cancelOffer(draft, ticket, agent);
}

export function cancelOffer(draft: Draft, ticket: Ticket, name: string): void {
  draft.messages.push({
    type: 'offer.cancelled',
    contact: ticket.contact,
    ticket: ticket.id,
    agent: name,
  });
  const agent = agentIn(draft, name);
  if (agent !== null && isOffered(agent, ticket)) letGo(draft, agent, 'let-go');
}

function isOffered({ state, ticket: id }: Agent, ticket: Ticket): boolean {
  return id === ticket.id && (state === 'offered' || state === 'ringing');
}

/** One offer fewer; the last one gone, the ticket waits again, with its age. */
export function dropOffer(draft: Draft, ticket: Ticket, name: string, fields: Partial<Ticket> = {}): void {
  const offers = ticket.offers.filter(({ agent }) => agent !== name);
  if (ticket.kind === 'direct') return end(draft, ticket, 'let-go', 'no-answer');
  if (offers.length > 0) putTicket(draft, Object.assign(changedTicket(ticket, fields), { offers }));
  else wait(draft, moveTicket(draft, ticket, 'let-go', 'waiting', extended(fields, { offers, agent: null })));
}

/** The fields of a ticket whose agent missed it. */
export function withMiss(ticket: Ticket, agent: string, at: UtcMs, cause: MissCause): Partial<Ticket> {
  return { missed: [...ticket.missed, { agent, at, cause }].slice(-mostMissed) };
}

export function tellMiss(draft: Draft, { contact, id }: Ticket, agent: string, cause: MissCause): void {
  draft.facts.push({ type: 'offer.missed', subject: contact, body: { ticket: id, agent, cause } });
}

/** An offer came to nothing on the agent's side: the agent pauses or is left alone for a moment, the ticket goes on. */
export function missOffer(draft: Draft, ticket: Ticket, agent: Agent, cause: MissCause): void {
  const { at } = draft;
  const queue = queueIn(draft, ticket.queue);
  // What the exchange or we did wrong is no miss of the agent's: it would pause the whole floor.
  const misses = agent.misses + (cause === 'failed' ? 0 : 1);
  const most = queue?.pauseAfterMisses ?? 0;
  const notBefore = at + Math.max(queue?.missDelayMs[cause] ?? 0, leastDelayMs);
  tellMiss(draft, ticket, agent.name, cause);
  if (most > 0 && misses >= most && cause !== 'failed' && agent.wish === null && !isLost(draft, agent))
    moveAgent(draft, agent, 'missed', 'paused', { reason: 'missed', misses });
  else letGo(draft, agent, 'missed', { misses, notBefore });
  dropOffer(draft, ticket, agent.name, withMiss(ticket, agent.name, at, cause));
}

/**
 * The caller of a callback was not reached: the agent who was kept for it is free, and it is tried once more later, or
 * never again.
 *
 * @param until when; null: after the queue's pause
 */
export function missCaller(draft: Draft, ticket: Ticket, counts: boolean, until: UtcMs | null): void {
  const { id, contact } = ticket;
  for (const { agent: name } of ticket.offers) {
    const agent = agentIn(draft, name);
    if (agent !== null && isOffered(agent, ticket)) letGo(draft, agent, 'let-go');
  }
  const most = queueIn(draft, ticket.queue)?.callback ?? { tries: 0, pauseMs: 0 };
  const tries = ticket.tries + (counts ? 1 : 0);
  if (counts && tries >= most.tries) return end(draft, ticket, 'tries-used', 'no-answer');
  const expiry = callbackEnd(draft.router.routing, ticket);
  if (expiry !== null && expiry <= draft.at) return end(draft, ticket, 'expired', 'expired');
  const notBefore = Math.max(until ?? draft.at + most.pauseMs, draft.at + leastDelayMs);
  draft.messages.push({ type: 'ticket.postponed', contact, ticket: id });
  draft.facts.push({
    type: 'ticket.unreached',
    subject: contact,
    body: { ticket: id, tries, until: notBefore },
  });
  const fields = { tries, notBefore, offers: [] };
  wait(
    draft,
    ticket.state === 'offered'
      ? moveTicket(draft, ticket, 'let-go', 'waiting', fields)
      : changedTicket(ticket, fields),
  );
}

/**
 * The agent is done with a call or an offer: as wished, signed out where the phone stayed away or the site has the
 * agent no longer, else ready.
 */
export function letGo(draft: Draft, agent: Agent, by: AgentCause, fields: Partial<Agent> = {}): void {
  const { wish } = agent;
  if (wish?.type === 'sign-out' || isLost(draft, agent)) return signOut(draft, agent, by);
  if (wish?.type === 'pause') {
    moveAgent(draft, agent, by, 'paused', { reason: wish.reason, wish: null });
    return;
  }
  // Idle time goes on through an offer that came to nothing; a call ends it.
  const idleSince = agent.busySince === null ? agent.idleSince : draft.at;
  moveAgent(draft, agent, by, 'ready', { idleSince, ...fields });
}

/** The phone stayed away longer than is forgiven, or the site has the agent no longer. */
function isLost({ router, at }: Draft, agent: Agent): boolean {
  if (!router.routing.agents.has(agent.name)) return true;
  const end = graceEnd(router.routing, agent);
  return end !== null && end <= at;
}

/** The agent goes. The phone is the agent's own again, and messages wait for somebody else, with their age. */
export function signOut(draft: Draft, agent: Agent, by: AgentCause): void {
  const { routing } = draft.router;
  const own = routing.agents.get(agent.name);
  const phone = own?.phone ?? agent.phone;
  const gone = moveAgent(draft, agent, by, 'offline', {
    phone,
    ...reachOf(draft, phone),
    wish: null,
    misses: 0,
    signedInAt: null,
    occupiedMs: 0,
    offeredAt: 0,
    messages: [],
  });
  if (own === undefined) dropAgent(draft, gone);
  for (const id of agent.messages) {
    const ticket = ticketIn(draft, id);
    if (ticket !== null) wait(draft, moveTicket(draft, ticket, 'let-go', 'waiting', { agent: null }));
  }
}

/** Whether that phone is there, and since when. */
export function reachOf(draft: Draft, phone: string): Pick<Agent, 'reachable' | 'reachableSince'> {
  const { registered, since } = draft.phones.get(phone) ??
    draft.router.phones.get(phone) ?? { registered: false, since: 0 };
  return { reachable: registered, reachableSince: since };
}
