/** What callers and their calls want of the router. */
import type { RoutingQueue } from '../../../src/acd/index.js';
import { isHere } from './agents.js';
import { stepOf } from './assign.js';
import { cancelAll, endTalk, endTicket, leaveQueue } from './endings.js';
import { missCaller, offerTo, ringMs } from './offers.js';
import { agentOf, type Event, newTicket, queueOf, type Reference, ticketOf } from './rows.js';

export function requestTicket(ref: Reference, event: Event<'ticket.requested'>): void {
  if (ticketOf(ref, event.ticket) !== undefined) return;
  const queue = queueOf(ref, event.queue);
  if (queue === undefined) {
    ref.said.push(`ticket.ended ${event.ticket} failed`);
    return;
  }
  const waiting = ref.tickets.filter(
    (one) => one.queue === queue.name && one.kind !== 'direct' && one.state !== 'connected',
  ).length;
  const { channel = 'voice' } = event;
  const kept =
    event.caller === null || channel === 'message' ? [] : takePlaces(ref, queue.name, event.caller);
  if (kept.length === 0 && queue.capacity !== null && waiting >= queue.capacity) {
    ref.said.push(`ticket.ended ${event.ticket} full`);
    return;
  }
  const ticket = newTicket({
    id: event.ticket,
    channel,
    contact: event.contact,
    kind: 'call',
    queue: queue.name,
    needs: event.needs,
    priority: event.priority,
    joined: kept[0]?.joined ?? ref.at,
    seq: kept[0]?.seq ?? ++ref.seq,
    ...preferenceOf(ref, event, queue),
    caller: channel === 'voice' ? event.caller : null,
  });
  ref.tickets.push(ticket);
  // Somebody must be able to serve it by some step; else the only answer is the end.
  if (stepOf(ref, ticket) !== null) ref.said.push(`ticket.queued ${ticket.id}`);
}

function preferenceOf(
  ref: Reference,
  { preferred, caller }: Event<'ticket.requested'>,
  { preferredMs }: RoutingQueue,
): { preferred: string | null; preferredUntil: number | null } {
  let name: string | null = null;
  if (preferred?.whom === 'agent') name = preferred.agent;
  if (preferred?.whom === 'last-agent' && caller !== null)
    name = ref.lastAgents.find((one) => one.caller === caller && one.until > ref.at)?.agent ?? null;
  if (preferred === null || name === null || agentOf(ref, name) === undefined)
    return { preferred: null, preferredUntil: null };
  const ms = preferred.forMs ?? preferredMs;
  return { preferred: name, preferredUntil: ms === 0 ? null : ref.at + ms };
}

/** Exactly that agent, now or never. */
export function directTicket(ref: Reference, event: Event<'ticket.directed'>): void {
  if (ticketOf(ref, event.ticket) !== undefined) return;
  const agent = agentOf(ref, event.agent);
  const queue = queueOf(ref, ref.routing.agents.get(event.agent)?.queues[0] ?? '');
  const may =
    agent !== undefined &&
    isHere(ref, agent) &&
    ((agent.state === 'ready' && agent.notBefore === null) || (event.back && agent.state === 'wrap-up'));
  if (agent === undefined || queue === undefined || !may) {
    ref.said.push(`ticket.ended ${event.ticket} nobody`);
    return;
  }
  const ticket = newTicket({
    id: event.ticket,
    contact: event.contact,
    kind: 'direct',
    queue: queue.name,
    joined: ref.at,
    seq: ++ref.seq,
  });
  ref.tickets.push(ticket);
  offerTo(ref, ticket, agent);
}

/** Places that the caller has in the queue, and has no longer; the oldest first. */
function takePlaces(ref: Reference, queue: string, caller: string): { joined: number; seq: number }[] {
  const mine = (one: { queue: string; caller: string | null }): boolean =>
    one.queue === queue && one.caller === caller;
  const kept: { joined: number; seq: number }[] = ref.places.filter(mine);
  ref.places = ref.places.filter((place) => !mine(place));
  for (const old of ref.tickets.filter((one) => mine(one) && one.kind === 'callback')) {
    cancelAll(ref, old, null);
    endTicket(ref, old, 'replaced');
    kept.push(old);
  }
  return kept.sort((a, b) => a.joined - b.joined);
}

export function withdrawTicket(ref: Reference, event: Event<'ticket.withdrawn'>): void {
  const ticket = ticketOf(ref, event.ticket);
  if (ticket?.state === 'connected') endTalk(ref, ticket);
  else if (ticket !== undefined) leaveQueue(ref, ticket, event.why === 'caller-gone');
}

export function parkTicket(ref: Reference, event: Event<'ticket.parked'>): void {
  const ticket = ticketOf(ref, event.ticket);
  if (ticket === undefined || ticket.state === 'connected' || ticket.kind !== 'call') return;
  if (ticket.channel === 'message') return;
  const { queue } = ticket;
  const older = event.caller === null ? [] : takePlaces(ref, queue, event.caller);
  const place = older.find(({ joined }) => joined < ticket.joined);
  if (place !== undefined) Object.assign(ticket, { joined: place.joined, seq: place.seq });
  cancelAll(ref, ticket, null);
  Object.assign(ticket, { kind: 'callback', state: 'waiting', offers: [], tries: 0, held: false });
  ticket.caller = event.caller;
}

export function holdTicket(ref: Reference, event: Event<'ticket.held'>): void {
  const ticket = ticketOf(ref, event.ticket);
  if (ticket === undefined || ticket.state === 'connected' || ticket.kind !== 'call') return;
  cancelAll(ref, ticket, null);
  Object.assign(ticket, { state: 'waiting', offers: [], held: true });
}

export function dialTicket(ref: Reference, event: Event<'ticket.dialled'>): void {
  const ticket = ticketOf(ref, event.ticket);
  if (ticket?.kind === 'callback') ticket.contact = event.contact;
}

export function reachCaller(ref: Reference, event: Event<'ticket.reached'>): void {
  const ticket = ticketOf(ref, event.ticket);
  if (ticket === undefined || ticket.state === 'connected') return;
  if (ticket.kind === 'callback') ticket.tries += 1;
  else if (!ticket.held) return;
  Object.assign(ticket, { kind: 'call', held: false, notBefore: null });
  if (ticket.state === 'waiting') {
    if (stepOf(ref, ticket) !== null) ref.said.push(`ticket.queued ${ticket.id}`);
    return;
  }
  ref.said.push(`ticket.queued ${ticket.id}`);
  for (const offer of ticket.offers) {
    offer.until = ref.at + ringMs(ref, ticket) + 10_000;
    const phone = agentOf(ref, offer.agent)?.phone;
    ref.said.push(`ticket.offered ${ticket.id} ${offer.agent} ${phone} call`);
  }
}

export function notReachCaller(ref: Reference, event: Event<'ticket.unreached'>): void {
  const ticket = ticketOf(ref, event.ticket);
  if (ticket?.kind === 'callback' && ticket.notBefore === null)
    missCaller(ref, ticket, event.counts, event.until);
}

export function cancelTicket(ref: Reference, event: Event<'ticket.cancelled'>): void {
  const ticket = ticketOf(ref, event.ticket);
  if (ticket?.kind !== 'callback') return;
  cancelAll(ref, ticket, null);
  endTicket(ref, ticket, event.why);
}
