import type { CallSite, TicketEvent, TicketMessage } from '../calls/index.js';

type Hours = Pick<CallSite, 'queues' | 'calendars' | 'closings'>;

/** Pure. What the queues say to a call where nobody answers them: closed by the calendar, or nobody is there. */
export function answerUnattended(message: TicketMessage, site: Hours, at: number): readonly TicketEvent[] {
  // Nothing is kept here that could be withdrawn, and nobody is offered.
  if (message.type !== 'request-ticket') return [];
  const { ticket, queue } = message;
  if (!site.queues.has(queue)) return [{ type: 'ticket.ended', ticket, result: 'failed' }];
  return [{ type: 'ticket.ended', ticket, result: isOpen(queue, site, at) ? 'nobody' : 'closed' }];
}

/** Pure. Whether a queue is answered now, as far as its calendar says. */
export function isOpen(queue: string, { queues, calendars, closings }: Hours, at: number): boolean {
  const name = queues.get(queue)?.calendar ?? null;
  const opening = name === null ? undefined : calendars.get(name)?.at(at, closings?.get(name) ?? null);
  return opening === undefined || opening.state === 'open';
}
