/** Pure. What the queues say to a call that waits. */
import { callbackTold } from './calling-back.js';
import type { Draft } from './draft.js';
import { endOffers, isOffer, isReaching, letGo, ringPhone } from './dialing.js';
import { sayNotice } from './notice.js';
import { endTicket, ticketQueued } from './queueing.js';
import { feed } from './stepping.js';
import type { TicketEvent, TicketRefusal } from './ticket.js';
import { transferTold } from './transferring.js';

export function ticketTold(draft: Draft, event: TicketEvent): void {
  const { ticket, phones } = draft.call;
  if (callbackTold(draft, event)) return;
  const moved = draft.call.transfer?.ticket?.id === event.ticket;
  if (moved && event.type !== 'offer.cancelled') return transferTold(draft, event);
  switch (event.type) {
    case 'ticket.queued':
      if (ticketQueued(draft, event.ticket) && !sayNotice(draft, true))
        feed(draft, { type: 'queue-waiting' });
      return;
    case 'place.told': {
      const { type: _, ...place } = event;
      if (ticket?.id !== place.ticket) return;
      draft.facts.push({ type: 'place.told', body: place });
      const { position, waitMs } = place;
      return feed(draft, { type: 'place-told', position, waitMs });
    }
    case 'ticket.ended':
      if (ticket?.id === event.ticket && ticket.state !== 'connected') ticketOver(draft, event.result, true);
      return;
    case 'ticket.offered': {
      const offer = { ticket: event.ticket, agent: event.agent };
      // Several agents may be rung at once; whoever has picked up is the one.
      const free = phones.every(
        ({ state, second }) => state === 'ringing' || state === 'ending' || second === true,
      );
      if (ticket?.id === event.ticket && ticket.state === 'waiting' && free) {
        ringPhone(draft, { to: { type: 'phone', phone: event.phone }, offer }, event.ringMs);
        return;
      }
      // Nobody is offered a caller who is gone; the agent must hear of it.
      const gone = ticket?.id !== event.ticket;
      draft.messages.push({ type: 'offer-ended', ...offer, result: gone ? 'caller-gone' : 'failed' });
      return;
    }
    case 'ticket.postponed':
      return;
    case 'offer.cancelled':
      for (const phone of phones) {
        if (!isReaching(phone) || !isOffer(phone, event)) continue;
        letGo(draft, phone, 'normal');
        draft.facts.push({ type: 'dial.ended', body: { leg: phone.leg, result: 'cancelled' } });
      }
      return;
    default:
      return unknownEvent(event);
  }
}

/** The wait is over without an agent. */
export function ticketOver(draft: Draft, result: TicketRefusal, byQueue: boolean): void {
  endOffers(draft);
  if (!endTicket(draft, result, byQueue)) return;
  // No flow waits for two tickets, and none for a callback: to it, what ends only those has failed.
  const isOthers = result === 'replaced' || result === 'cancelled' || result === 'expired';
  feed(draft, { type: 'queue-ended', result: isOthers ? 'failed' : result });
}

function unknownEvent(event: never): never {
  throw new TypeError(`No decision for ${JSON.stringify(event)}.`);
}
