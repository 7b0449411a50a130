import type { CallSite, TicketEvent, TicketMessage } from '../calls/index.js';

/**
 * Pure. What the queues say to a call as long as no agent can sign in: closed by the calendar, or nobody is there. The
 * seat of the room that will route callers to agents; it answers the same messages.
 */
export function answerUnattended(
  message: TicketMessage,
  { queues, calendars, closings }: Pick<CallSite, 'queues' | 'calendars' | 'closings'>,
  at: number,
): readonly TicketEvent[] {
  // Nothing is kept here that could be withdrawn, and nobody is offered.
  if (message.type !== 'request-ticket') return [];
  const { ticket } = message;
  const queue = queues.get(message.queue);
  if (queue === undefined) return [{ type: 'ticket.ended', ticket, result: 'failed' }];
  const name = queue.calendar;
  const opening = name === null ? undefined : calendars.get(name)?.at(at, closings?.get(name) ?? null);
  const isOpen = opening === undefined || opening.state === 'open';
  return [{ type: 'ticket.ended', ticket, result: isOpen ? 'nobody' : 'closed' }];
}
