/** Pure. How long a caller will wait, and what they are told of it. */
import type { UtcMs } from '../base/index.js';
import { type Bits, countCommon, createBits, overlap, setBit } from './bits.js';
import { changedTicket } from './changed-row.js';
import type { AcdChange } from './event.js';
import { standingOf } from './line.js';
import { matchOf } from './matching.js';
import { rankIn } from './ordered.js';
import type { RouterView } from './router.js';
import type { Ticket } from './ticket.js';

export interface Estimate {
  /** 1 for who is next, among all those who could take an agent of this ticket's. */
  readonly position: number;
  /** From now on; null: nobody is at work, or no call was ever handled. */
  readonly waitMs: number | null;
}

/** Fewer than three calls say nothing about how long one takes; three count a little less, since sums fade. */
const leastHandled = 2.5;

/** Pure. Where the ticket stands and how long it will wait from `at` on; null: no such ticket waits. */
export function estimate(router: RouterView, id: string): Estimate | null {
  const ticket = router.tickets.get(id);
  if (ticket === undefined || ticket.state === 'connected') return null;
  const { ahead, waitMs } = outlook(router, ticket);
  return { position: ahead + 1, waitMs };
}

/**
 * Pure. What to tell the caller now, and the change that remembers it: the estimate, but never more than what was told
 * last less the time gone by, unless staff went away or somebody came who stands before. null: no such ticket waits.
 */
export function announce(
  router: RouterView,
  id: string,
  at: UtcMs,
): (Estimate & { readonly change: AcdChange | null }) | null {
  const ticket = router.tickets.get(id);
  if (ticket === undefined || ticket.state === 'connected') return null;
  const { ahead, staff, waitMs: expected } = outlook(router, ticket);
  const position = ahead + 1;
  if (expected === null) return { position, waitMs: null, change: null };
  const last = ticket.announced;
  const hasCause = last === null || staff < last.staff || ahead > last.ahead;
  const waitMs = hasCause ? expected : Math.min(expected, Math.max(0, last.waitMs - (at - last.at)));
  const row = changedTicket(ticket, { announced: { at, waitMs, staff, ahead } });
  return { position, waitMs, change: { kind: 'ticket', id, row } };
}

interface Outlook {
  readonly ahead: number;
  /** Agents at work who could serve the ticket. */
  readonly staff: number;
  readonly waitMs: number | null;
}

/**
 * The agents who could serve the ticket first have to serve what stands before it: all of a group that needs just
 * them, and of a group that others serve too, their share. Of those who wait some give up. Then one of these agents has
 * to become free once more.
 */
function outlook(router: RouterView, ticket: Ticket): Outlook {
  const { matches, routing, index } = router;
  const match = matchOf(matches, ticket, ticket.step);
  if (match === null) return { ahead: 0, staff: 0, waitMs: null };
  const standing = standingOf(routing, ticket);
  const present = atWork(router);
  const staff = countCommon(match.bits, present);
  let [ahead, workMs, impatience] = [0, 0, 0];
  for (const group of index.groups.values()) {
    // Whoever is away today counts as a rival too: only so does a position never rise because somebody signs in.
    // A message keeps no agent from a call.
    if (group.match.channel !== match.channel) continue;
    if (group.waiting.size === 0 || !overlap(group.bits, match.bits)) continue;
    const before = rankIn(group.waiting, standing);
    if (before === 0) continue;
    ahead += before;
    const servers = countCommon(group.bits, present);
    if (servers === 0) continue;
    const share = countCommon(group.bits, match.bits, present) / servers;
    const ms = before * share * (handlingOf(router, group.match.queue)?.meanMs ?? 0);
    workMs += ms;
    impatience += ms * impatienceOf(router, group.match.queue);
  }
  const usual = handlingOf(router, ticket.queue);
  // How long messages take nobody has counted.
  if (usual === null || staff === 0 || ticket.channel === 'message') return { ahead, staff, waitMs: null };
  const theirs = withoutThoseWhoLeave(workMs / staff, workMs === 0 ? 0 : impatience / workMs);
  return { ahead, staff, waitMs: Math.round(theirs + (usual.meanMs * usual.rest) / staff) };
}

/** Agents who take calls: signed in, reachable, and not paused. */
function atWork({ agents, matches }: RouterView): Bits {
  const bits = createBits(matches.numbers.size);
  for (const { name, state, reachable } of agents.values()) {
    const number = matches.numbers.get(name);
    if (number !== undefined && reachable && state !== 'offline' && state !== 'paused') setBit(bits, number);
  }
  return bits;
}

/** How many of those who wait give up each ms, as a share of them. */
function impatienceOf({ histories }: RouterView, queue: string): number {
  const { waitedMs, abandoned } = histories.get(queue) ?? { waitedMs: 0, abandoned: 0 };
  return waitedMs === 0 ? 0 : abandoned / waitedMs;
}

/**
 * A queue of which a share gives up each ms is over sooner than its `ms` of work: each caller before this one goes when
 * served or out of patience, so that their number falls as in the queue M/M/c+M (Palm, 1943), here with the sum over
 * callers taken as an integral.
 */
function withoutThoseWhoLeave(ms: number, impatience: number): number {
  return impatience === 0 ? ms : Math.log1p(impatience * ms) / impatience;
}

interface Handling {
  readonly meanMs: number;
  /** What is left on average of a call that one comes upon, as a share of a whole one: long calls are met more often. */
  readonly rest: number;
}

/** Of the queue's own calls, or where it had too few of all; null: there were too few at all. */
function handlingOf({ histories }: RouterView, queue: string): Handling | null {
  const own = histories.get(queue);
  const known = own !== undefined && own.handled >= leastHandled ? [own] : [...histories.values()];
  let [handled, handledMs, squares] = [0, 0, 0];
  for (const history of known) {
    handled += history.handled;
    handledMs += history.handledMs;
    squares += history.handledSquares;
  }
  if (handled < leastHandled || handledMs === 0) return null;
  const meanMs = handledMs / handled;
  const spread = squares / handled / (meanMs / 1000) ** 2;
  return { meanMs, rest: Math.min(1, spread / 2) };
}
