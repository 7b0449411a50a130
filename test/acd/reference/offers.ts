/** Offers: made, rung, answered, missed. */
import type { MissCause } from '../../../src/acd/index.js';
import { becomes, isLost, isOffered, release } from './agents.js';
import { cancelAll, endTalk, endTicket, leaveQueue } from './endings.js';
import {
  agentOf,
  type Event,
  queueOf,
  type RefAgent,
  type Reference,
  type RefTicket,
  ticketOf,
} from './rows.js';

export function offerTo(ref: Reference, ticket: RefTicket, agent: RefAgent): void {
  ref.said.push(`ticket.offered ${ticket.id} ${agent.name} ${agent.phone} ${ticket.kind}`);
  becomes(ref, agent, 'offered');
  Object.assign(agent, { ticket: ticket.id, offeredAt: ref.at });
  ticket.state = 'offered';
  const dial = ticket.kind === 'callback' ? 60_000 : 0;
  ticket.offers.push({ agent: agent.name, until: ref.at + ringMs(ref, ticket) + 10_000 + dial });
}

export function ringMs(ref: Reference, ticket: RefTicket): number {
  return queueOf(ref, ticket.queue)?.ringMs ?? 0;
}

export function dropOffer(ref: Reference, ticket: RefTicket, name: string): void {
  ticket.offers = ticket.offers.filter(({ agent }) => agent !== name);
  ticket.agent = null;
  if (ticket.kind === 'direct') return endTicket(ref, ticket, 'no-answer');
  if (ticket.offers.length === 0) ticket.state = 'waiting';
}

export function offerRang(ref: Reference, event: Event<'offer.rang'>): void {
  const agent = agentOf(ref, event.agent);
  if (agent?.state === 'offered' && agent.ticket === event.ticket) becomes(ref, agent, 'ringing');
}

export function offerAnswered(ref: Reference, event: Event<'offer.answered'>): void {
  const [ticket, agent] = [ticketOf(ref, event.ticket), agentOf(ref, event.agent)];
  if (ticket?.state !== 'offered' || !isOffered(agent, ticket)) return;
  cancelAll(ref, ticket, agent.name);
  becomes(ref, agent, 'talking');
  agent.misses = 0;
  const kind = ticket.kind === 'direct' ? 'direct' : 'call';
  Object.assign(ticket, { state: 'connected', kind, offers: [], agent: agent.name });
  ticket.preferredUntil = null;
}

export function miss(ref: Reference, ticket: RefTicket, agent: RefAgent, cause: MissCause): void {
  const queue = queueOf(ref, ticket.queue);
  const counts = cause !== 'failed';
  const misses = agent.misses + (counts ? 1 : 0);
  const most = queue?.pauseAfterMisses ?? 0;
  const isPlain = agent.wish === null && !isLost(ref, agent);
  release(ref, agent);
  if (isPlain) {
    agent.misses = misses;
    if (most > 0 && misses >= most && counts) {
      becomes(ref, agent, 'paused');
      agent.reason = 'missed';
    } else agent.notBefore = ref.at + Math.max(1_000, queue?.missDelayMs[cause] ?? 0);
  }
  dropOffer(ref, ticket, agent.name);
  ticket.missed.push(agent.name);
}

export function missCaller(ref: Reference, ticket: RefTicket, counts: boolean, until: number | null): void {
  for (const { agent } of ticket.offers) {
    const reserved = agentOf(ref, agent);
    if (reserved !== undefined) release(ref, reserved);
  }
  const callback = queueOf(ref, ticket.queue)?.callback ?? { tries: 0, pauseMs: 0 };
  if (counts) ticket.tries += 1;
  if (counts && ticket.tries >= callback.tries) return endTicket(ref, ticket, 'no-answer');
  const expiry = expiryOf(ref, ticket);
  if (expiry !== null && expiry <= ref.at) return endTicket(ref, ticket, 'expired');
  Object.assign(ticket, { state: 'waiting', offers: [] });
  ticket.notBefore = Math.max(ref.at + 1_000, until ?? ref.at + callback.pauseMs);
  ref.said.push(`ticket.postponed ${ticket.id}`);
}

export function offerEnded(ref: Reference, event: Event<'offer.ended'>): void {
  const [ticket, agent] = [ticketOf(ref, event.ticket), agentOf(ref, event.agent)];
  if (ticket === undefined || agent?.ticket !== ticket.id || agent.state === 'wrap-up') return;
  if (event.result === 'caller-gone') {
    if (ticket.state === 'connected') endTalk(ref, ticket);
    else if (ticket.kind !== 'callback') leaveQueue(ref, ticket, true);
    else missCaller(ref, ticket, true, null);
  } else if (event.result === 'cancelled') {
    release(ref, agent);
    dropOffer(ref, ticket, agent.name);
  } else miss(ref, ticket, agent, event.result);
}

export function expiryOf(ref: Reference, { kind, queue, joined }: RefTicket): number | null {
  const within = queueOf(ref, queue)?.callback.withinMs;
  return kind !== 'callback' || within === undefined ? null : joined + within;
}
