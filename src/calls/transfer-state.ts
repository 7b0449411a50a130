/** Pure. The state of a transfer under way, and its end. */
import type { Call, Dial } from './call.js';
import { endPhone, isReaching } from './dialing.js';
import { disarm, type Draft, set } from './draft.js';
import type { Ticket, TicketRefusal } from './ticket.js';
import type { Transfer } from './transfer.js';

/** Whether the phone is rung as the target of the transfer under way, or speaks as it. */
export function isTarget({ transfer }: Call, { leg, offer }: Dial): boolean {
  if (transfer === null) return false;
  return transfer.leg === leg || (offer !== undefined && transfer.ticket?.id === offer.ticket);
}

export function change(draft: Draft, fields: Partial<Transfer>): void {
  const { transfer } = draft.call;
  if (transfer !== null) set(draft, { transfer: { ...transfer, ...fields } });
}

/** The ticket of the transfer is over; one in a queue stands in the contact's record. */
export function forgetTicket(
  draft: Draft,
  { id, queue }: Ticket,
  result: TicketRefusal | 'left' | 'caller-gone',
): void {
  change(draft, { ticket: null });
  disarm(draft, 'transfer');
  if (queue !== '') draft.facts.push({ type: 'ticket.ended', body: { ticket: id, result } });
}

/** Phones that are rung as targets ring no longer. */
export function endTargets(draft: Draft): void {
  for (const phone of draft.call.phones)
    if (isTarget(draft.call, phone) && isReaching(phone)) endPhone(draft, phone, 'caller-gone');
}

/** The transfer is over. `why`: where the target was not reached. */
export function done(
  draft: Draft,
  result: 'completed' | 'failed' | 'taken-back' | 'caller-gone',
  why: string | null = null,
): void {
  const { transfer } = draft.call;
  if (transfer === null) return;
  const { leg } = transfer.by;
  draft.facts.push({ type: 'transfer.ended', body: { leg, result, why: why ?? transfer.why } });
  set(draft, { transfer: null });
  disarm(draft, 'transfer');
}

/** Nobody is waited for or rung any more. */
export function stopReaching(draft: Draft, why: 'left' | 'caller-gone' | 'failed'): void {
  const ticket = draft.call.transfer?.ticket ?? null;
  if (ticket !== null) draft.messages.push({ type: 'withdraw-ticket', ticket: ticket.id, why });
  endTargets(draft);
  if (ticket !== null) forgetTicket(draft, ticket, why);
}

/** The call ends, or its flow: nobody is moved any more. The phones are ended by whoever says so. */
export function abandonTransfer(draft: Draft, why: 'caller-gone' | 'failed'): void {
  if (draft.call.transfer === null) return;
  stopReaching(draft, why);
  done(draft, why);
}
