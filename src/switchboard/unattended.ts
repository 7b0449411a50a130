import type { CallQueue, TicketEvent, TicketMessage } from '../calls/index.js';

/**
 * Pure. What the queues say to a call as long as no agent can sign in: closed by the calendar, or nobody is there. The
 * seat of the room that will route callers to agents; it answers the same messages.
 *
 * @param queues those of the call's site version.
 */
export function answerUnattended(
  message: TicketMessage,
  queues: ReadonlyMap<string, CallQueue>,
  at: number,
): readonly TicketEvent[] {
  // Nothing is kept here that could be withdrawn, and nobody is offered.
  if (message.type !== 'request-ticket') return [];
  const { ticket } = message;
  const queue = queues.get(message.queue);
  if (queue === undefined) return [{ type: 'ticket.ended', ticket, result: 'failed' }];
  return [{ type: 'ticket.ended', ticket, result: queue.isOpen(at) ? 'nobody' : 'closed' }];
}
