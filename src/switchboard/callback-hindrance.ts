/** Pure. Why somebody who kept a place is not called back now, though an agent is there. */
import type { UtcMs } from '../base/index.js';
import type { CallSite, KeptPlace, TicketMessage } from '../calls/index.js';
import { isOpen } from './unattended.js';

/** When it is tried again where nobody knows better, ms. */
const laterMs = 3_600_000;
/** Whoever is on the line now is called so long afterwards, ms. */
export const soonMs = 30_000;

/** What the queue is told instead; null: nothing stands in the way. */
export function hindranceOf(
  { ticket, queue, flow }: KeptPlace,
  site: CallSite,
  at: UtcMs,
  obstacle: 'stopping' | 'on-the-line' | null,
): Extract<TicketMessage, { type: 'miss-callback' | 'cancel-callback' }> | null {
  const later = (until: UtcMs | null) => ({ type: 'miss-callback', ticket, counts: false, until }) as const;
  if (obstacle === 'stopping') return later(null);
  // The site calls nobody back any more, or has nothing left to say to them: the case tells people to.
  const { callbacks, flows, queues, calendars, closings } = site;
  if (callbacks === null || callbacks.trunk === null || !flows.has(flow))
    return { type: 'cancel-callback', ticket, why: 'cancelled' };
  if (obstacle === 'on-the-line') return later(at + soonMs);
  if (isOpen(queue, site, at)) return null;
  if (queues.get(queue)?.callback.whenClosed === 'give-up')
    return { type: 'cancel-callback', ticket, why: 'closed' };
  const name = queues.get(queue)?.calendar ?? '';
  return later(calendars.get(name)?.at(at, closings?.get(name) ?? null).opens ?? at + laterMs);
}
