/** Pure. How long a caller will wait, and what they are told of it. */
import type { UtcMs } from '../base/index.js';
import { type Bits, countCommon, createBits, hasBit, overlap, setBit } from './bits.js';
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
export function estimate(router: RouterView, id: string, at: UtcMs): Estimate | null {
  const ticket = router.tickets.get(id);
  if (ticket === undefined || ticket.state === 'connected') return null;
  const { ahead, waitMs } = outlook(router, ticket, at);
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
  const { ahead, staff, waitMs: expected } = outlook(router, ticket, at);
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

/** From the offer until both talk, as agents pick up; nobody counts it. */
const pickUpMs = 3_000;

/**
 * The agents who could serve the ticket first have to serve what stands before it: all of a group that needs just
 * them, and of a group that others serve too, their share. Of those who wait some give up. Then one of these agents has
 * to become free once more: whoever wraps up is free when that ends, and nobody who talks is before wrap-up is over.
 */
function outlook(router: RouterView, ticket: Ticket, at: UtcMs): Outlook {
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
  const free = freeing(router, match.bits, present, usual, at);
  const calls = workMs / usual.meanMs;
  // The first of many who talk is done sooner than the mean: half of the times by the median.
  const one = Math.min(usual.rest, Math.LN2);
  const impatient = workMs === 0 ? 0 : impatience / workMs;
  return { ahead, staff, waitMs: Math.round(timeOf(free, calls, one, impatient) + pickUpMs) };
}

/** How often agents become free within so many ms from now on, on average. */
type Freeing = (ms: number) => number;

/** Of all agents in both sets together. Agents alike, who talk for the same queue, are counted as one. */
function freeing(router: RouterView, bits: Bits, present: Bits, usual: Handling, at: UtcMs): Freeing {
  const { agents, matches, routing } = router;
  const ends: number[] = [];
  const talking = new Map<string, number>();
  const begun = new Map<string, number>();
  for (const { name, state, until, notBefore, queue } of agents.values()) {
    const number = matches.numbers.get(name);
    if (number === undefined || !hasBit(bits, number) || !hasBit(present, number)) continue;
    const of = queue ?? '';
    if (state === 'wrap-up' || state === 'ready') ends.push(Math.max(0, (until ?? notBefore ?? at) - at));
    else if (state === 'talking' || state === 'hold') talking.set(of, (talking.get(of) ?? 0) + 1);
    else begun.set(of, (begun.get(of) ?? 0) + 1);
  }
  const known = (queue: string): Handling => handlingOf(router, queue) ?? usual;
  // A call that has begun just now: renewals of calls of that length and spread, far enough from its beginning.
  const anew = (ms: number, { meanMs, rest }: Handling): number => Math.max(0, ms / meanMs + rest - 1);
  const talks = [...talking].map(([queue, count]) => {
    const handling = known(queue);
    const wrapUpMs = Math.min(routing.queues.get(queue)?.wrapUpMs ?? 0, handling.meanMs / 2);
    return { count, wrapUpMs, talkMs: handling.meanMs - wrapUpMs, meanMs: handling.meanMs };
  });
  const offers = [...begun].map(([queue, count]) => ({ count, handling: known(queue) }));
  return (ms) => {
    let sum = 0;
    for (const end of ends) if (end <= ms) sum += 1 + anew(ms - end, usual);
    for (const { count, wrapUpMs, talkMs, meanMs } of talks) {
      const talked = ms - wrapUpMs;
      if (talked > 0) sum += count * (talked < talkMs ? talked / talkMs : 1 + (talked - talkMs) / meanMs);
    }
    for (const { count, handling } of offers) sum += count * anew(ms, handling);
    return sum;
  };
}

const longestMs = 86_400_000;
const steps = 36;

/**
 * When agents will have become free for the calls before and for one more. Those who wait leave when served or out of
 * patience, so that their number falls as in the queue M/M/c+M (Palm, 1943), here with the sum over callers taken as an
 * integral: of `calls` so many are left to be served.
 *
 * @param impatience how many of those who wait give up each ms, as a share of them
 */
function timeOf(free: Freeing, calls: number, one: number, impatience: number): number {
  let [from, to] = [0, longestMs];
  for (let step = 0; step < steps; step++) {
    const ms = (from + to) / 2;
    const given = impatience * ms;
    const served = given === 0 ? calls : (calls * given) / Math.expm1(given);
    if (free(ms) >= served + one) to = ms;
    else from = ms;
  }
  return to;
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
