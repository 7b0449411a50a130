/** Pure. What stands before a ticket, who could serve it and from when on, and what wait to expect of that. */
import type { UtcMs } from '../base/index.js';
import { addBits, type Bits, countCommon, createBits, overlap, setBit } from './bits.js';
import { chanceOf, type Workers, workersOf } from './freeing.js';
import { type Handling, handlingOf, impatienceOf, pickUpOf } from './handling.js';
import { type KnownTurns, knownTurns } from './known-turns.js';
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
  /** Who of all agents could serve somebody before. */
  readonly rivals: Bits;
  /** What they have to serve before, as calls of the ticket's own queue. */
  readonly calls: number;
  /** Of them so much is over at a known time, at the latest. */
  readonly known: readonly { readonly ms: number; readonly calls: number }[];
}

export function outlook(router: RouterView, ticket: Ticket, at: UtcMs): Outlook {
  const match = matchOf(router.matches, ticket, ticket.step);
  if (match === null) return { ahead: 0, staff: 0, waitMs: null };
  const present = atWork(router);
  const staff = countCommon(match.bits, present);
  const now = rivalsOf(router, ticket, match.bits, present, null);
  const usual = handlingOf(router, ticket.queue);
  // How long messages take nobody has counted.
  if (usual === null || ticket.channel === 'message') return { ahead: now.ahead, staff, waitMs: null };
  const steps = router.routing.queues.get(ticket.queue)?.relax.length ?? 0;
  const widest = matchOf(router.matches, ticket, steps) ?? match;
  const turns = knownTurns(router, ticket, widest.bits, at);
  const stages = stagesOf(router, ticket, present, usual, turns, at);
  const workers = workersOf(router, stages, present, usual, turns.taken, at);
  if (workers.all.length === 0) return { ahead: now.ahead, staff, waitMs: null };
  const own = impatienceOf(router, ticket.queue);
  const impatience = now.workMs === 0 ? own : now.impatience / now.workMs;
  const waits = waitsOf(workers, stages, impatience, pickUpOf(router, ticket.queue));
  return { ahead: now.ahead, staff, waitMs: bestGuess(waits, own) };
}

/** The first from now on. */
function stagesOf(
  router: RouterView,
  ticket: Ticket,
  present: Bits,
  usual: Handling,
  turns: KnownTurns,
  at: UtcMs,
): readonly Stage[] {
  const { matches, routing } = router;
  const stages: Stage[] = [];
  const add = (fromMs: number, bits: Bits): void => {
    const { workMs, known, bits: rivals } = rivalsOf(router, ticket, bits, present, turns);
    const calls = workMs / usual.meanMs;
    stages.push({
      fromMs,
      bits,
      rivals,
      calls,
      known: known.map(({ ms, workMs: part }) => ({ ms, calls: part / usual.meanMs })),
    });
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
  /** Whoever could serve any of them. */
  readonly bits: Bits;
  /** What of it is over when. */
  readonly known: readonly { readonly ms: number; readonly workMs: number }[];
}

/**
 * The agents who could serve the ticket first have to serve what stands before it: all of a group that needs just
 * them, and of a group that others serve too, their share.
 */
function rivalsOf(
  router: RouterView,
  ticket: Ticket,
  bits: Bits,
  present: Bits,
  turns: KnownTurns | null,
): Rivals {
  const known: { readonly ms: number; readonly workMs: number }[] = [];
  const standing = standingOf(router.routing, ticket);
  const { channel } = ticket;
  const all = createBits(router.matches.numbers.size);
  let [ahead, workMs, impatience] = [0, 0, 0];
  for (const group of router.index.groups.values()) {
    // Whoever is away today counts as a rival too: only so does a position never rise because somebody signs in.
    // A message keeps no agent from a call.
    if (group.match.channel !== channel) continue;
    if (group.waiting.size === 0 || !overlap(group.bits, bits)) continue;
    const before = rankIn(group.waiting, standing);
    if (before === 0) continue;
    ahead += before;
    addBits(all, group.bits);
    const servers = countCommon(group.bits, present);
    if (servers === 0) continue;
    const share = countCommon(group.bits, bits, present) / servers;
    const ms = before * share * (handlingOf(router, group.match.queue)?.meanMs ?? 0);
    workMs += ms;
    impatience += ms * impatienceOf(router, group.match.queue);
    for (const then of turns?.served.get(group) ?? []) known.push({ ms: then, workMs: ms / before });
  }
  return { ahead, workMs, impatience, bits: all, known };
}

/** How likely the wait lasts about so long; of its length the logarithm, for what matters is by how many percent one is wrong. */
interface Wait {
  readonly log: number;
  readonly chance: number;
}

/** Each length is at most so many times the one before. */
const ratio = 1.15;
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
  const known = knownTimes(workers, stages);
  let [sum, freeMs, before] = [0, 0, pickUpMs];
  for (let i = 0; sum < almostAll && freeMs < longestMs; ) {
    const stage = stages.findLastIndex(({ fromMs }) => fromMs <= freeMs);
    const calls = callsAt(stages[stage], freeMs);
    const given = impatience * freeMs;
    const served = given === 0 ? calls : (calls * given) / Math.expm1(given);
    // More may stand before a caller of whom less is asked, but what could have come has not become less likely.
    const chance = Math.max(0, chanceOf(workers, stage, served + 1, freeMs) - sum);
    const ms = freeMs + pickUpMs;
    // It ended half way before, by the logarithm.
    waits.push({ log: Math.log(before * ms) / 2, chance });
    [sum, before] = [sum + chance, ms];
    const next = ms * ratio - pickUpMs;
    const jump = known[i] ?? Number.POSITIVE_INFINITY;
    if (jump > next) freeMs = next;
    else if (jump - 1 > freeMs) freeMs = jump - 1;
    else [freeMs, i] = [jump, i + 1];
  }
  return waits;
}

/** What is not over by then. */
function callsAt(stage: Stage | undefined, freeMs: number): number {
  if (stage === undefined) return 0;
  return stage.known.reduce(
    (left, { ms, calls }) => (ms <= freeMs ? Math.max(0, left - calls) : left),
    stage.calls,
  );
}

/** Of more it does not matter just when each is. */
const mostKnown = 8;

/** When something is known to happen: the next ends of wrap-up, who is served then, and that others may serve too. */
function knownTimes({ all }: Workers, stages: readonly Stage[]): readonly number[] {
  const times = new Set(stages.map(({ fromMs }) => fromMs));
  for (const { talks, afterMs } of all) if (talks === null) times.add(afterMs);
  for (const { known } of stages) for (const { ms } of known) times.add(ms);
  times.delete(0);
  return [...times].sort((a, b) => a - b).slice(0, mostKnown);
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
  const weights = waits.map(({ log, chance }) => chance * Math.exp(-impatience * Math.exp(log)));
  let [most, best] = [0, Math.log(longestMs)];
  for (let i = 0, first = 0; i < waits.length; i++) {
    const middle = waits[i]?.log ?? 0;
    while ((waits[first]?.log ?? middle) < middle - 2 * near) first++;
    let [sum, logs] = [0, 0];
    for (let other = first; other < waits.length; other++) {
      const off = (waits[other]?.log ?? 0) - middle;
      if (off > 2 * near) break;
      const weight = (weights[other] ?? 0) * Math.exp(-((off / near) ** 2));
      sum += weight;
      logs += weight * off;
    }
    if (sum <= most) continue;
    most = sum;
    best = middle + logs / sum;
  }
  return Math.round(Math.exp(best));
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
