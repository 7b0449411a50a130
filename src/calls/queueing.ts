/** Pure. A call's wait for an agent: its ticket, and the music. */
import { checkNumber } from '../base/index.js';
import type { FlowEffect } from '../flows/index.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';
import type { TicketEnd, TicketMessage } from './ticket.js';

/** Asks for a place in a queue; the queue answers within the turn. */
export function requestTicket(
  draft: Draft,
  queue: string,
  { needs, prefer, priority }: Pick<Extract<FlowEffect, { type: 'queue' }>, 'needs' | 'prefer' | 'priority'>,
): void {
  if (goOnWaiting(draft, queue)) return;
  // A flow waits in one queue at a time; a ticket that is still there belongs to nobody.
  endTicket(draft, 'left');
  const ticket = `${draft.call.id}-t${nextNumber(draft)}`;
  set(draft, { ticket: { id: ticket, queue, state: 'requested', since: draft.at }, needs });
  draft.facts.push({ type: 'ticket.requested', body: { ticket, queue, needs, priority } });
  const { id: contact } = draft.call;
  const number = callersNumber(draft);
  draft.messages.push({
    type: 'request-ticket',
    contact,
    ticket,
    queue,
    needs,
    priority,
    preferred: prefer,
    number,
  });
}

/** As a callback would have it, where it can be called: so that whoever calls again is known, however a trunk writes it. */
function callersNumber({ site: { callbacks }, call: { caller } }: Draft): string | null {
  if (caller.number === null || callbacks === null) return caller.number;
  const check = checkNumber(callbacks, caller.number, 'call');
  return check.result === 'allowed' ? check.number : caller.number;
}

/** The caller has a place in that queue already, and comes back to it. */
function goOnWaiting(draft: Draft, queue: string): boolean {
  const { ticket, calledBack, id: contact } = draft.call;
  if (ticket?.state === 'held' && ticket.queue === queue) {
    set(draft, { ticket: { ...ticket, state: 'requested' }, promise: null });
    draft.messages.push({ type: 'reach-ticket', contact, ticket: ticket.id });
    return true;
  }
  if (calledBack?.state !== 'answered' || calledBack.place.queue !== queue) return false;
  const { ticket: id, since } = calledBack.place;
  set(draft, {
    ticket: { id, queue, state: 'requested', since },
    calledBack: { ...calledBack, state: 'reached' },
  });
  draft.facts.push({ type: 'ticket.reached', body: { ticket: id } });
  draft.messages.push({ type: 'reach-ticket', contact, ticket: id });
  return true;
}

/** The caller is asked something, and keeps the place meanwhile. */
export function holdTicket(draft: Draft): void {
  const { ticket } = draft.call;
  if (ticket?.state !== 'waiting') return;
  set(draft, { ticket: { ...ticket, state: 'held' } });
  disarm(draft, 'ticket');
  // An agent who is rung is let go when the queue says so.
  draft.messages.push({ type: 'hold-ticket', ticket: ticket.id });
}

/** Asks how far the caller has come; a ticket that is gone has no place. */
export function askPlace(draft: Draft): void {
  const { ticket, id: contact } = draft.call;
  if (ticket !== null) draft.messages.push({ type: 'ask-place', contact, ticket: ticket.id });
}

/** The caller waits from now on, at most as long as the queue lets anybody wait. */
export function ticketQueued(draft: Draft, id: string): boolean {
  const { ticket } = draft.call;
  if (ticket?.id !== id || ticket.state !== 'requested') return false;
  set(draft, { ticket: { ...ticket, state: 'waiting' } });
  const queue = draft.site.queues.get(ticket.queue);
  if (queue !== undefined) arm(draft, 'ticket', queue.maxWaitMs);
  return true;
}

/** Ends the wait, if there is one, and tells the queue unless it was the queue that ended it. */
export function endTicket(draft: Draft, result: TicketEnd, byQueue = false): boolean {
  const { ticket } = draft.call;
  if (ticket == null) return false;
  set(draft, { ticket: null, promise: null });
  disarm(draft, 'ticket');
  draft.facts.push({ type: 'ticket.ended', body: { ticket: ticket.id, result } });
  const withdraw: TicketMessage = { type: 'withdraw-ticket', ticket: ticket.id, why: result };
  // Of an end after talking the queue hears as the end of its offer.
  if (!byQueue && result !== 'talked') draft.messages.push(withdraw);
  return true;
}

/** Music until something is spoken, or it is stopped; none where the queue has none. */
export function music(draft: Draft, on: boolean): void {
  const { leg, music: playing, ticket } = draft.call;
  if (on === (playing === true)) return;
  if (on && ticket !== null && draft.site.queues.get(ticket.queue)?.music === false) return;
  command(draft, { type: on ? 'start-music' : 'stop-music', leg });
  set(draft, { music: on });
}
