/** Pure. How long a caller will wait, and what they are told of it. */
import type { UtcMs } from '../base/index.js';
import { changedTicket } from './changed-row.js';
import type { AcdChange } from './event.js';
import { outlook } from './outlook.js';
import type { RouterView } from './router.js';

export interface Estimate {
  /** 1 for who is next, among all those who could take an agent of this ticket's. */
  readonly position: number;
  /** From now on; null: nobody is at work who may serve it, now or later, or no call was ever handled. */
  readonly waitMs: number | null;
}

/** Pure. Where the ticket stands and how long it will wait from `at` on; null: no such ticket waits. */
export function estimate(router: RouterView, id: string, at: UtcMs): Estimate | null {
  const ticket = router.tickets.get(id);
  if (ticket === undefined || ticket.state === 'connected') return null;
  const { ahead, waitMs } = outlook(router, ticket, at);
  return { position: ahead + 1, waitMs };
}

/**
 * Pure. What to tell the caller now, and the change that remembers it: the estimate, but never more than what was told
 * last, unless staff went away or somebody came who stands before. null: no such ticket waits.
 */
export function announce(
  router: RouterView,
  id: string,
  at: UtcMs,
): (Estimate & { readonly change: AcdChange | null }) | null {
  const ticket = router.tickets.get(id);
  if (ticket === undefined || ticket.state === 'connected') return null;
  const { ahead, staff, waitMs: expected } = outlook(router, ticket, at);
  const position = ahead + 1;
  if (expected === null) return { position, waitMs: null, change: null };
  const last = ticket.announced;
  const hasCause = last === null || staff < last.staff || ahead > last.ahead;
  const waitMs = hasCause ? expected : Math.min(expected, last.waitMs);
  const row = changedTicket(ticket, { announced: { at, waitMs, staff, ahead } });
  return { position, waitMs, change: { kind: 'ticket', id, row } };
}
