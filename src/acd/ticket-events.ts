/** Pure. What happens to tickets: asked for, given up, parked, rung, answered, over. */
import type { Agent, Spoke } from './agent.js';
import { callersTickets } from './candidates.js';
import { changedAgent, changedTicket } from './changed-row.js';
import {
  agentIn,
  type Draft,
  dropTicket,
  historyIn,
  moveAgent,
  moveTicket,
  nextSeq,
  placeIn,
  putAgent,
  putHistory,
  putPlace,
  putTicket,
  queueIn,
  ticketIn,
} from './draft.js';
import type { AcdEvent } from './event.js';
import { withWait } from './history.js';
import { preferredOf, rememberAgent } from './last-agent.js';
import { agentMoves, moves, ticketMoves } from './moves.js';
import { cancelOffers, dropOffer, letGo, missCaller, missOffer, offerEnd } from './offers.js';
import { isFree } from './line.js';
import type { Offer, Ticket } from './ticket.js';
import { end, wait } from './waiting.js';

type Of<Type extends AcdEvent['type']> = Extract<AcdEvent, { readonly type: Type }>;

export function requested(draft: Draft, event: Of<'ticket.requested'>): void {
  const { at } = draft;
  const { ticket: id, contact, channel = 'voice' } = event;
  // Only who calls is known by the number, and keeps a place.
  const caller = channel === 'voice' ? event.caller : null;
  if (ticketIn(draft, id) !== null) return;
  const queue = queueIn(draft, event.queue);
  const refuse = (result: 'failed' | 'full'): number =>
    draft.messages.push({ type: 'ticket.ended', contact, ticket: id, result });
  if (queue === null) {
    refuse('failed');
    return;
  }
  const kept = caller === null ? null : takeKeptPlace(draft, queue.name, caller);
  const isFull =
    queue.capacity !== null && (draft.router.index.queued.get(queue.name) ?? 0) >= queue.capacity;
  if (isFull && kept === null) {
    refuse('full');
    return;
  }
  const { preferred, preferredUntil } = preferredOf(draft, event.preferred, caller, queue);
  const ticket: Ticket = {
    id,
    contact,
    channel,
    kind: 'call',
    held: false,
    queue: queue.name,
    needs: event.needs,
    priority: event.priority,
    joined: kept?.joined ?? at,
    seq: kept?.seq ?? nextSeq(draft),
    state: 'waiting',
    step: 0,
    offers: [],
    agent: null,
    preferred,
    preferredUntil,
    caller,
    notBefore: null,
    tries: 0,
    missed: [],
    announced: null,
  };
  wait(draft, ticket);
  if (ticketIn(draft, id) !== null) draft.messages.push({ type: 'ticket.queued', contact, ticket: id });
}

/** The one agent is rung, or the ticket is over before it was one. */
export function directed(draft: Draft, event: Of<'ticket.directed'>): void {
  const { at } = draft;
  const { ticket: id, contact, agent: name } = event;
  if (ticketIn(draft, id) !== null) return;
  const agent = agentIn(draft, name);
  const queue = queueIn(draft, draft.router.routing.agents.get(name)?.queues[0] ?? '');
  const returns = event.back && agent?.state === 'wrap-up' && agent.reachable;
  if (agent === null || queue === null || !(isFree(agent) || returns)) {
    draft.messages.push({ type: 'ticket.ended', contact, ticket: id, result: 'nobody' });
    return;
  }
  moveAgent(draft, agent, 'assigned', 'offered', { ticket: id, queue: queue.name, offeredAt: at });
  const { ringMs } = queue;
  putTicket(draft, {
    id,
    contact,
    channel: 'voice',
    kind: 'direct',
    held: false,
    queue: queue.name,
    needs: {},
    priority: null,
    joined: at,
    seq: nextSeq(draft),
    state: 'offered',
    step: 0,
    offers: [{ agent: name, at, until: offerEnd(at, ringMs, 'direct') }],
    agent: null,
    preferred: null,
    preferredUntil: null,
    caller: null,
    notBefore: null,
    tries: 0,
    missed: [],
    announced: null,
  });
  const { phone } = agent;
  const offered = { contact, ticket: id, agent: name, phone, ringMs, kind: 'direct' } as const;
  draft.messages.push({ type: 'ticket.offered', ...offered });
  draft.facts.push({
    type: 'ticket.assigned',
    subject: contact,
    body: {
      ticket: id,
      queue: queue.name,
      agent: name,
      at,
      waitedMs: 0,
      step: 0,
      needs: [],
      strategy: 'by-name',
      preferred: true,
      others: [],
      otherCount: 0,
      against: {},
    },
  });
}

/** The place that a caller who calls again has: a callback's, which is over with it, or one that was kept. */
function takeKeptPlace(draft: Draft, queue: string, caller: string): Pick<Ticket, 'joined' | 'seq'> | null {
  const place = placeIn(draft, queue, caller);
  if (place !== null) putPlace(draft, queue, caller, null);
  let kept: Pick<Ticket, 'joined' | 'seq'> | null = place !== null && place.until >= draft.at ? place : null;
  for (const id of callersTickets(draft, caller)) {
    const ticket = ticketIn(draft, id);
    if (ticket === null || ticket.kind !== 'callback' || ticket.queue !== queue) continue;
    cancelOffers(draft, ticket);
    end(draft, ticket, 'replaced', 'replaced');
    if (kept === null || ticket.joined < kept.joined) kept = ticket;
  }
  return kept;
}

/** Whoever gave up while waiting has the place kept, where the queue does that. */
export function withdrawn(draft: Draft, event: Of<'ticket.withdrawn'>): void {
  const ticket = ticketIn(draft, event.ticket);
  if (ticket === null) return;
  if (ticket.state === 'connected') return endTalk(draft, ticket, 'withdrawn');
  leave(draft, ticket, event.why === 'caller-gone');
}

/** The caller of a ticket that nobody answered goes. */
function leave(draft: Draft, ticket: Ticket, isGone: boolean): void {
  const { queue: name, caller, joined, seq } = ticket;
  const rejoinMs = queueIn(draft, name)?.rejoinMs ?? 0;
  cancelOffers(draft, ticket);
  dropTicket(draft, ticket, 'withdrawn');
  noteWait(draft, ticket, null);
  if (isGone && caller !== null && rejoinMs > 0)
    putPlace(draft, name, caller, { queue: name, caller, joined, seq, until: draft.at + rejoinMs });
}

/** A wait is over, by an answer to that offer or, null, by none. One whose caller hung up meanwhile says nothing about patience. */
function noteWait(draft: Draft, ticket: Ticket, taken: Offer | null): void {
  const { queue, channel, kind, tries, joined } = ticket;
  if (channel === 'message' || kind !== 'call' || tries > 0) return;
  const pickUpMs = taken === null ? null : Math.max(0, draft.at - taken.at);
  const waitedMs = Math.max(0, draft.at - joined);
  putHistory(draft, queue, withWait(historyIn(draft, queue), waitedMs, pickUpMs));
}

export function heldBack(draft: Draft, event: Of<'ticket.held'>): void {
  const ticket = ticketIn(draft, event.ticket);
  if (ticket === null || ticket.state === 'connected' || ticket.kind !== 'call' || ticket.held) return;
  cancelOffers(draft, ticket);
  withdrawOffers(draft, changedTicket(ticket, { held: true }));
}

/**
 * The caller hangs up. Whoever is owed a call to the same number by the same queue already is owed one all the same: the
 * older place counts.
 */
export function parked(draft: Draft, event: Of<'ticket.parked'>): void {
  const ticket = ticketIn(draft, event.ticket);
  if (ticket === null || ticket.state === 'connected' || ticket.kind !== 'call') return;
  if (ticket.channel === 'message') return;
  const { queue, joined, seq } = ticket;
  const { caller } = event;
  const kept = caller === null ? null : takeKeptPlace(draft, queue, caller);
  const place = kept !== null && kept.joined < joined ? kept : { joined, seq };
  // Who is rung for a caller that hangs up rings for nobody.
  cancelOffers(draft, ticket);
  withdrawOffers(draft, {
    ...ticket,
    joined: place.joined,
    seq: place.seq,
    kind: 'callback',
    held: false,
    caller,
    tries: 0,
    announced: null,
  });
}

/** The ticket waits, and nobody is rung for it. */
function withdrawOffers(draft: Draft, ticket: Ticket): void {
  if (ticket.state === 'waiting') return wait(draft, ticket);
  wait(draft, moveTicket(draft, ticket, 'let-go', 'waiting', { offers: [] }));
}

export function dialled(draft: Draft, event: Of<'ticket.dialled'>): void {
  const ticket = ticketIn(draft, event.ticket);
  if (ticket?.kind === 'callback' && ticket.contact !== event.contact)
    putTicket(draft, changedTicket(ticket, { contact: event.contact }));
}

/** From now on an agent's phone is rung as for any caller. */
export function reached(draft: Draft, event: Of<'ticket.reached'>): void {
  const ticket = ticketIn(draft, event.ticket);
  if (ticket === null || ticket.state === 'connected') return;
  if (ticket.kind !== 'callback' && !ticket.held) return;
  const { contact, id, offers } = ticket;
  const tries = ticket.tries + (ticket.kind === 'callback' ? 1 : 0);
  const call = changedTicket(ticket, { kind: 'call', held: false, tries, notBefore: null });
  if (ticket.state === 'waiting') {
    wait(draft, call);
    if (ticketIn(draft, id) !== null) draft.messages.push({ type: 'ticket.queued', contact, ticket: id });
    return;
  }
  const ringMs = queueIn(draft, ticket.queue)?.ringMs ?? 0;
  const until = offerEnd(draft.at, ringMs, 'call');
  putTicket(draft, changedTicket(call, { offers: offers.map((offer) => ({ ...offer, until })) }));
  draft.messages.push({ type: 'ticket.queued', contact, ticket: id });
  for (const { agent } of offers) {
    const phone = agentIn(draft, agent)?.phone;
    if (phone !== undefined)
      draft.messages.push({
        type: 'ticket.offered',
        contact,
        ticket: id,
        agent,
        phone,
        ringMs,
        kind: 'call',
      });
  }
}

export function unreached(draft: Draft, event: Of<'ticket.unreached'>): void {
  const ticket = ticketIn(draft, event.ticket);
  // One that waits for its time is not dialled: it is said once more.
  if (ticket?.kind !== 'callback' || ticket.notBefore !== null) return;
  missCaller(draft, ticket, event.counts, event.until);
}

export function cancelled(draft: Draft, event: Of<'ticket.cancelled'>): void {
  const ticket = ticketIn(draft, event.ticket);
  if (ticket?.kind !== 'callback') return;
  cancelOffers(draft, ticket);
  end(draft, ticket, 'cancelled', event.why);
}

/** The two whom an event is about, if the agent is offered the ticket. */
function pair(
  draft: Draft,
  { ticket: id, agent: name }: { readonly ticket: string; readonly agent: string },
): { readonly ticket: Ticket; readonly agent: Agent } | null {
  const [ticket, agent] = [ticketIn(draft, id), agentIn(draft, name)];
  return ticket !== null && agent !== null && agent.ticket === id ? { ticket, agent } : null;
}

export function rang(draft: Draft, event: Of<'offer.rang'>): void {
  const both = pair(draft, event);
  if (both === null || !moves(agentMoves, both.agent.state, 'rang')) return;
  const { ticket, queue } = both.agent;
  moveAgent(draft, both.agent, 'rang', 'ringing', { ticket, queue });
}

/** The first to answer has the caller; the others stop ringing. */
export function answered(draft: Draft, event: Of<'offer.answered'>): void {
  const both = pair(draft, event);
  if (both === null || !moves(ticketMoves, both.ticket.state, 'answered')) return;
  if (!moves(agentMoves, both.agent.state, 'answered')) return;
  const { ticket, agent } = both;
  cancelOffers(draft, ticket, agent.name);
  moveAgent(draft, agent, 'answered', 'talking', {
    ticket: ticket.id,
    queue: ticket.queue,
    misses: 0,
    busySince: draft.at,
  });
  moveTicket(draft, ticket, 'answered', 'connected', {
    kind: ticket.kind === 'direct' ? 'direct' : 'call',
    offers: [],
    agent: agent.name,
    preferredUntil: null,
  });
  noteWait(draft, ticket, ticket.offers.find((offer) => offer.agent === agent.name) ?? null);
}

export function offerEnded(draft: Draft, event: Of<'offer.ended'>): void {
  const both = pair(draft, event);
  if (both === null) return;
  const { ticket, agent } = both;
  switch (event.result) {
    case 'caller-gone':
      // Nobody is offered a caller who is gone, whether the call says so once more or not.
      if (ticket.state === 'connected') return endTalk(draft, ticket, 'withdrawn');
      if (ticket.kind !== 'callback') return leave(draft, ticket, true);
      return missCaller(draft, ticket, true, null);
    case 'cancelled':
      letGo(draft, agent, 'let-go');
      return dropOffer(draft, ticket, agent.name);
    default:
      return missOffer(draft, ticket, agent, event.result);
  }
}

export function talkEnded(draft: Draft, event: Of<'talk.ended'>): void {
  const ticket = ticketIn(draft, event.ticket);
  if (ticket?.state === 'connected' && ticket.agent === event.agent) endTalk(draft, ticket, 'talk-ended');
}

/** The agent wraps up, where it was a talk, and the ticket is over. */
function endTalk(draft: Draft, ticket: Ticket, by: 'talk-ended' | 'withdrawn'): void {
  const agent = agentIn(draft, ticket.agent ?? '');
  rememberAgent(draft, ticket);
  dropTicket(draft, ticket, by);
  if (agent !== null && ticket.channel === 'message')
    putAgent(draft, changedAgent(agent, { messages: agent.messages.filter((id) => id !== ticket.id) }));
  if (agent === null || agent.ticket !== ticket.id) return;
  const spoke = agent.spoke?.ticket === ticket.id ? agent.spoke : spokeOf(ticket);
  const wrapUpMs = queueIn(draft, ticket.queue)?.wrapUpMs ?? 0;
  if (wrapUpMs === 0) return letGo(draft, changedAgent(agent, { spoke }), 'talk-ended');
  const { ticket: id, queue, busySince } = agent;
  moveAgent(draft, changedAgent(agent, { spoke }), 'talk-ended', 'wrap-up', {
    ticket: id,
    queue,
    busySince,
    until: draft.at + wrapUpMs,
  });
}

/** A talk as its agent remembers it. */
export function spokeOf({ id, contact, queue }: Ticket): Spoke {
  return { ticket: id, contact, queue, code: null };
}

export function held(draft: Draft, { agent: name, held: on }: Of<'talk.held'>): void {
  const agent = agentIn(draft, name);
  const by = on ? 'held' : 'unheld';
  if (agent === null || !moves(agentMoves, agent.state, by)) return;
  const { ticket, queue, busySince } = agent;
  moveAgent(draft, agent, by, on ? 'hold' : 'talking', { ticket, queue, busySince });
}
