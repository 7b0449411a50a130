/** Pure. What stands before a ticket, who could serve it and from when on, and what wait to expect of that. */
import type { UtcMs } from '../base/index.js';
import { type Bits, countCommon, createBits, overlap, setBit } from './bits.js';
import { chanceOf, type Workers, workersOf } from './freeing.js';
import { type Handling, handlingOf, impatienceOf, pickUpOf } from './handling.js';
import { standingOf } from './line.js';
import { matchOf } from './matching.js';
import { rankIn } from './ordered.js';
import type { RouterView } from './router.js';
import type { Ticket } from './ticket.js';

export interface Outlook {
  /** Tickets before it that compete with it. */
  readonly ahead: number;
  /** Agents at work who could serve the ticket. */
  readonly staff: number;
  readonly waitMs: number | null;
}

/** From a time on these may serve the ticket: its queue asks for less, or it waits for one agent no longer. */
interface Stage {
  readonly fromMs: number;
  readonly bits: Bits;
  /** What they have to serve before, as calls of the ticket's own queue. */
  readonly calls: number;
}

export function outlook(router: RouterView, ticket: Ticket, at: UtcMs): Outlook {
  const match = matchOf(router.matches, ticket, ticket.step);
  if (match === null) return { ahead: 0, staff: 0, waitMs: null };
  const present = atWork(router);
  const staff = countCommon(match.bits, present);
  const now = rivalsOf(router, ticket, match.bits, present);
  const usual = handlingOf(router, ticket.queue);
  // How long messages take nobody has counted.
  if (usual === null || ticket.channel === 'message') return { ahead: now.ahead, staff, waitMs: null };
  const stages = stagesOf(router, ticket, present, usual, at);
  if (!stages.some(({ bits }) => overlap(bits, present))) return { ahead: now.ahead, staff, waitMs: null };
  const own = impatienceOf(router, ticket.queue);
  const waits = waitsOf(
    workersOf(
      router,
      stages.map(({ bits }) => bits),
      present,
      usual,
      at,
    ),
    stages,
    now.workMs === 0 ? own : now.impatience / now.workMs,
    pickUpOf(router, ticket.queue),
  );
  return { ahead: now.ahead, staff, waitMs: bestGuess(waits, own) };
}

/** The first from now on. */
function stagesOf(
  router: RouterView,
  ticket: Ticket,
  present: Bits,
  usual: Handling,
  at: UtcMs,
): readonly Stage[] {
  const { matches, routing } = router;
  const stages: Stage[] = [];
  const add = (fromMs: number, bits: Bits): void => {
    const { workMs } = rivalsOf(router, ticket, bits, present);
    stages.push({ fromMs, bits, calls: workMs / usual.meanMs });
  };
  const { joined, preferred, preferredUntil, queue, step } = ticket;
  const alone = preferredUntil === null ? 0 : Math.max(0, preferredUntil - at);
  const number = matches.numbers.get(preferred ?? '');
  if (alone > 0 && number !== undefined) {
    const bits = createBits(matches.numbers.size);
    setBit(bits, number);
    add(0, bits);
  }
  const relax = routing.queues.get(queue)?.relax ?? [];
  for (let then = step; then <= relax.length; then++) {
    const match = matchOf(matches, ticket, then);
    const afterMs = then === step ? 0 : joined + (relax[then - 1]?.afterMs ?? 0) - at;
    if (match !== null) add(Math.max(alone, afterMs), match.bits);
  }
  return stages;
}

interface Rivals {
  readonly ahead: number;
  /** What those agents will have to do for them. */
  readonly workMs: number;
  /** How many of them give up each ms, weighted by that work. */
  readonly impatience: number;
}

/**
 * The agents who could serve the ticket first have to serve what stands before it: all of a group that needs just
 * them, and of a group that others serve too, their share.
 */
function rivalsOf(router: RouterView, ticket: Ticket, bits: Bits, present: Bits): Rivals {
  const standing = standingOf(router.routing, ticket);
  const { channel } = ticket;
  let [ahead, workMs, impatience] = [0, 0, 0];
  for (const group of router.index.groups.values()) {
    // Whoever is away today counts as a rival too: only so does a position never rise because somebody signs in.
    // A message keeps no agent from a call.
    if (group.match.channel !== channel) continue;
    if (group.waiting.size === 0 || !overlap(group.bits, bits)) continue;
    const before = rankIn(group.waiting, standing);
    if (before === 0) continue;
    ahead += before;
    const servers = countCommon(group.bits, present);
    if (servers === 0) continue;
    const share = countCommon(group.bits, bits, present) / servers;
    const ms = before * share * (handlingOf(router, group.match.queue)?.meanMs ?? 0);
    workMs += ms;
    impatience += ms * impatienceOf(router, group.match.queue);
  }
  return { ahead, workMs, impatience };
}

/** How likely the wait ends between the wait before and this one. */
interface Wait {
  readonly ms: number;
  readonly chance: number;
}

/** Each wait is so much longer than the one before: what matters is by how many percent an announcement is wrong. */
const step = Math.log(1.15);
const longestMs = 86_400_000;
const almostAll = 0.98;

/**
 * The wait's distribution: the agents have become free for those before and once more, and pick up. Those who wait leave
 * when served or out of patience, so that their number falls as in the queue M/M/c+M (Palm, 1943), here with the sum over
 * callers taken as an integral: of `calls` so many are left to be served.
 *
 * @param impatience how many of those who wait give up each ms, as a share of them
 */
function waitsOf(
  workers: Workers,
  stages: readonly Stage[],
  impatience: number,
  pickUpMs: number,
): readonly Wait[] {
  const waits: Wait[] = [];
  let sum = 0;
  for (let ms = pickUpMs; sum < almostAll && ms < longestMs; ms *= Math.exp(step)) {
    const freeMs = ms - pickUpMs;
    const stage = stages.findLastIndex(({ fromMs }) => fromMs <= freeMs);
    const { calls } = stages[stage] ?? { calls: 0 };
    const given = impatience * freeMs;
    const served = given === 0 ? calls : (calls * given) / Math.expm1(given);
    // More may stand before a caller of whom less is asked, but what could have come has not become less likely.
    const chance = Math.max(0, chanceOf(workers, stage, served + 1, freeMs) - sum);
    sum += chance;
    waits.push({ ms, chance });
  }
  return waits;
}

/** About so far off (a logarithm) an announcement still tells something. */
const near = 0.3;

/**
 * The wait near which most waits end: near by the logarithm, so that a fifth too much is as bad as a fifth too little. Not
 * the mean, which no caller may come near when some are served at once and others late.
 *
 * @param impatience whoever gives up before never finds out what was wrong.
 */
function bestGuess(waits: readonly Wait[], impatience: number): number {
  const weights = waits.map(({ ms, chance }) => chance * Math.exp(-impatience * ms));
  const reach = Math.ceil((near * 2) / step);
  let [most, best] = [0, waits[0]?.ms ?? 0];
  for (let at = 0; at < waits.length; at++) {
    let [sum, logs] = [0, 0];
    for (let i = Math.max(0, at - reach); i <= at + reach && i < waits.length; i++) {
      // It ended half a step before, on average; the first ones just then.
      const off = (i - at) * step - (i === 0 ? 0 : step / 2);
      const weight = (weights[i] ?? 0) * Math.exp(-((off / near) ** 2));
      sum += weight;
      logs += weight * off;
    }
    if (sum <= most) continue;
    most = sum;
    best = (waits[at]?.ms ?? 0) * Math.exp(logs / sum);
  }
  return Math.round(best);
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
