/**
 * One run of a call centre in virtual time: the real router and the real measures; only callers and agents are made up,
 * by chance from a seed. Pure: the same scenario and seed give the same run.
 */
import TinyQueue from 'tinyqueue';
import {
  type AcdDecision,
  type AcdEvent,
  announce,
  apply,
  createRouter,
  decide,
  type Router,
} from '../acd/index.js';
import { asCallId, type Random } from '../base/index.js';
import { asMeasured, createMeasures, measure, type MeasuredFact, type Measures } from '../measures/index.js';
import { type Draws, drawsOf } from './draws.js';
import type { Scenario } from './scenario.js';

/** What happens to people; the router's own deadlines stand beside it. */
type Happening =
  | { readonly type: 'call' }
  | { readonly type: 'shift'; readonly agents: number }
  | {
      readonly type: 'leave';
      readonly ticket: string;
      readonly longestMs: number;
      readonly why: 'caller-gone' | 'no-answer';
    }
  | { readonly type: 'pick-up'; readonly ticket: string; readonly agent: string; readonly ringMs: number }
  | { readonly type: 'tell'; readonly ticket: string }
  | { readonly type: 'miss'; readonly ticket: string; readonly agent: string; readonly ringMs: number }
  | { readonly type: 'back'; readonly agent: string; readonly since: number }
  | { readonly type: 'hang-up'; readonly ticket: string; readonly agent: string };

export interface Entry {
  /** When it began to run. */
  readonly from: number;
  readonly at: number;
  readonly nth: number;
  readonly what: Happening;
}

export function byTime(a: Entry, b: Entry): number {
  return a.at - b.at || a.nth - b.nth;
}

/** Callers are told how long they will wait: when they come, and so often again, ms. */
export interface Telling {
  readonly everyMs: number;
  /**
   * Another formula beside the router's, for the same callers.
   *
   * @param averageMs what callers of the queue waited of late
   * @param waitedMs what this one has waited so far
   */
  readonly other: (averageMs: number, waitedMs: number) => number;
  /** Hears of each announcement. What is done with the centre must not change it; see {@link playOn}. */
  readonly heard?: ((told: Told, centre: Centre) => void) | undefined;
}

export interface Told {
  readonly ticket: string;
  readonly queue: string;
  readonly at: number;
  readonly waitMs: number;
}

export interface CentreRun {
  readonly measures: Measures;
  /** The same, but callers were told what the other formula says; null: nobody was told anything. */
  readonly otherwise: Measures | null;
  /** When the last caller was gone, ms since the first midnight. */
  readonly endedAt: number;
  readonly calls: number;
}

export interface Centre {
  readonly scenario: Scenario;
  readonly router: Router;
  readonly measures: Measures;
  readonly telling:
    | (Telling & { readonly measures: Measures; readonly averages: Map<string, number> })
    | null;
  readonly ahead: TinyQueue<Entry>;
  readonly draw: Draws;
  /** Tickets that are not over; true: connected. */
  readonly live: Map<string, boolean>;
  /** Agents who ought to be signed in. */
  readonly wanted: Set<string>;
  due: number | null;
  calls: number;
  set: number;
}

const noZone = { wallTime: (at: number) => ({ day: 0, minute: Math.floor(at / 60_000) % 1_440 }) };

/**
 * @param agents signed in, by half hour of the scenario; the last ones stay until the last caller is gone.
 */
export function runCentre(
  scenario: Scenario,
  agents: readonly number[],
  random: Random,
  telling: Telling | null = null,
): CentreRun {
  const centre = openCentre(scenario, random, telling);
  const { ahead, live, measures } = centre;
  const first = scenario.halfHours[0]?.start ?? 0;
  registerPhones(centre, first);
  scenario.halfHours.forEach(({ start }, index) => {
    if (agents[index] !== agents[index - 1])
      set(centre, first, start, { type: 'shift', agents: agents[index] ?? 0 });
  });
  callAfter(centre, first);
  let now = first;
  // Nothing but people makes work; what the router alone has to do while nobody is there does not matter.
  while (ahead.length > 0 || live.size > 0) now = goOn(centre, now);
  return { measures, otherwise: centre.telling?.measures ?? null, endedAt: now, calls: centre.calls };
}

/** Lets happen what comes next, and says when that was. */
export function goOn(centre: Centre, before: number): number {
  const next = centre.ahead.peek();
  const isDue = centre.due !== null && (next === undefined || centre.due <= next.at);
  if (!isDue && next === undefined) throw new RangeError('Callers wait for agents who never come.');
  const at = isDue ? Math.max(before, centre.due ?? before) : (next?.at ?? before);
  if (isDue) tell(centre, { type: 'deadline.due' }, at);
  else {
    centre.ahead.pop();
    if (next !== undefined) happen(centre, next.what, at);
  }
  return at;
}

export const newMeasures = (): Measures => createMeasures({ zone: noZone, keepDays: 400, shortMs: 5_000 });

function openCentre(scenario: Scenario, random: Random, telling: Telling | null): Centre {
  return {
    scenario,
    router: createRouter(scenario.routing),
    measures: newMeasures(),
    telling: telling && { ...telling, measures: newMeasures(), averages: new Map() },
    ahead: new TinyQueue<Entry>([], byTime),
    draw: drawsOf(scenario, random),
    live: new Map(),
    wanted: new Set(),
    due: null,
    calls: 0,
    set: 0,
  };
}

/** Every phone is there from the start: nobody signs in at one that is not. */
function registerPhones(centre: Centre, at: number): void {
  for (const { phone } of centre.scenario.routing.agents.values())
    tell(centre, { type: 'phone.registered', phone, registered: true }, at);
}

function set(centre: Centre, from: number, at: number, what: Happening): void {
  centre.set += 1;
  centre.ahead.push({ from, at, nth: centre.set, what });
}

function callAfter(centre: Centre, at: number): void {
  const next = centre.draw.nextCall(at);
  if (next !== null) set(centre, at, next, { type: 'call' });
}

function happen(centre: Centre, what: Happening, at: number): void {
  switch (what.type) {
    case 'call':
      callAfter(centre, at);
      return call(centre, at);
    case 'shift':
      return shift(centre, what.agents, at);
    case 'leave':
      if (centre.live.get(what.ticket) !== false) return;
      tell(centre, { type: 'ticket.withdrawn', ticket: what.ticket, why: what.why }, at);
      return over(centre, what.ticket, what.why, at);
    case 'pick-up':
      return pickUp(centre, what, at);
    case 'tell':
      return tellWait(centre, what.ticket, at);
    case 'miss':
      return tell(
        centre,
        { type: 'offer.ended', ticket: what.ticket, agent: what.agent, result: 'no-answer' },
        at,
      );
    case 'back': {
      const agent = centre.router.agents.get(what.agent);
      if (agent?.state !== 'paused' || agent.since !== what.since) return;
      return tell(centre, { type: 'agent.readied', agent: what.agent }, at);
    }
    case 'hang-up':
      note(centre, { type: 'ticket.ended', body: { ticket: what.ticket, result: 'talked' } }, at);
      centre.live.delete(what.ticket);
      return tell(centre, { type: 'talk.ended', ticket: what.ticket, agent: what.agent }, at);
    default:
      return what satisfies never;
  }
}

function call(centre: Centre, at: number): void {
  const { queue, needs } = centre.draw.kind();
  centre.calls += 1;
  const ticket = `t${centre.calls}`;
  const contact = asCallId(ticket);
  const longestMs = centre.scenario.routing.queues.get(queue)?.maxWaitMs ?? 0;
  centre.live.set(ticket, false);
  note(centre, { type: 'ticket.requested', subject: ticket, body: { ticket, queue } }, at);
  centre.ahead.push(leaving({ ticket, longestMs }, centre.draw.patience(), at, ++centre.set));
  const asked = { ticket, contact, queue, needs, priority: null, preferred: null, caller: null };
  tell(centre, { type: 'ticket.requested', ...asked }, at);
  tellWait(centre, ticket, at);
}

/** The caller leaves when out of patience, or when the queue lets nobody wait any longer. */
export function leaving(
  { ticket, longestMs }: { readonly ticket: string; readonly longestMs: number },
  patienceMs: number,
  from: number,
  nth: number,
): Entry {
  const why = patienceMs <= longestMs ? 'caller-gone' : 'no-answer';
  const at = from + Math.min(patienceMs, longestMs);
  return { from, at, nth, what: { type: 'leave', ticket, longestMs, why } };
}

/** The agent picks up, or the phone has rung long enough. */
export function ringing(
  offer: { readonly ticket: string; readonly agent: string; readonly ringMs: number },
  pickUpMs: number,
  from: number,
  nth: number,
): Entry {
  const type = pickUpMs < offer.ringMs ? 'pick-up' : 'miss';
  return { from, at: from + Math.min(pickUpMs, offer.ringMs), nth, what: { type, ...offer } };
}

/** Whoever waits is told how long by the router, and by the other formula; both are measured by what comes. */
function tellWait(centre: Centre, ticket: string, at: number): void {
  const { router, telling, measures } = centre;
  const row = router.tickets.get(ticket);
  if (telling === null || row?.state !== 'waiting') return;
  set(centre, at, at + telling.everyMs, { type: 'tell', ticket });
  const told = announce(router, ticket, at);
  if (told?.waitMs == null || told.change === null) return;
  apply(router, { changes: [told.change], routing: null });
  measure(measures, { type: 'place.told', body: { ticket, waitMs: told.waitMs } }, at);
  const waitMs = telling.other(telling.averages.get(row.queue) ?? 0, at - row.joined);
  measure(telling.measures, { type: 'place.told', body: { ticket, waitMs } }, at);
  telling.heard?.({ ticket, queue: row.queue, at, waitMs: told.waitMs }, centre);
}

/** Of the last calls the more, as queues without a memory for each call do it: three parts of before, one of this. */
function remember({ telling, router }: Centre, ticket: string, at: number): void {
  const row = router.tickets.get(ticket);
  if (telling === null || row === undefined) return;
  const before = telling.averages.get(row.queue) ?? 0;
  telling.averages.set(row.queue, (before * 3 + at - row.joined) / 4);
}

function pickUp(centre: Centre, { ticket, agent }: { ticket: string; agent: string }, at: number): void {
  const { router, draw } = centre;
  if (router.agents.get(agent)?.ticket !== ticket || centre.live.get(ticket) !== false) return;
  centre.live.set(ticket, true);
  remember(centre, ticket, at);
  tell(centre, { type: 'offer.answered', ticket, agent }, at);
  note(centre, { type: 'ticket.connected', body: { ticket } }, at);
  set(centre, at, at + draw.talk(), { type: 'hang-up', ticket, agent });
}

function over(
  centre: Centre,
  ticket: string,
  result: Extract<MeasuredFact, { type: 'ticket.ended' }>['body']['result'],
  at: number,
): void {
  if (centre.live.delete(ticket)) note(centre, { type: 'ticket.ended', body: { ticket, result } }, at);
}

/** The first so many agents are to be signed in, the others not. */
function shift(centre: Centre, agents: number, at: number): void {
  const { scenario, wanted, router } = centre;
  scenario.agents.forEach((agent, index) => {
    if (index < agents === wanted.has(agent)) return;
    if (index < agents) {
      wanted.add(agent);
      // Who still talks and was to go home stays; see `tell`.
      if (router.agents.get(agent)?.state === 'offline') signIn(centre, agent, at);
    } else {
      wanted.delete(agent);
      tell(centre, { type: 'agent.signed-out', agent }, at);
    }
  });
}

function signIn(centre: Centre, agent: string, at: number): void {
  tell(centre, { type: 'agent.signed-in', agent, phone: null }, at);
}

/** Tells the router what happened, and does what it says. */
function tell(centre: Centre, event: AcdEvent, at: number): void {
  const decision = decide(centre.router, event, at);
  apply(centre.router, decision);
  centre.due = decision.due;
  obey(centre, decision, at);
}

function obey(centre: Centre, { facts, messages }: AcdDecision, at: number): void {
  const back: string[] = [];
  for (const fact of facts) {
    const measured = asMeasured(fact);
    if (measured !== null) note(centre, measured, at);
    if (fact.type !== 'agent.changed') continue;
    const agent = fact.subject.slice('agent:'.length);
    // Whoever missed a call finds out after a while, and is ready again.
    if (fact.body.state === 'paused')
      set(centre, at, at + centre.scenario.backMs, { type: 'back', agent, since: at });
    if (fact.body.state === 'offline' && centre.wanted.has(agent)) back.push(agent);
  }
  for (const message of messages) {
    const { ticket } = message;
    if (message.type === 'ticket.offered') {
      const offer = { ticket, agent: message.agent, ringMs: message.ringMs };
      const after = centre.draw.pickUp();
      if (after === 0) pickUp(centre, offer, at);
      else centre.ahead.push(ringing(offer, after, at, ++centre.set));
    } else if (message.type === 'ticket.ended') {
      // Nobody calls twice here, so that no place is taken over.
      over(centre, ticket, message.result === 'replaced' ? 'left' : message.result, at);
    }
  }
  for (const agent of back) signIn(centre, agent, at);
}

function note({ measures, telling }: Centre, fact: MeasuredFact, at: number): void {
  measure(measures, fact, at);
  if (telling !== null) measure(telling.measures, fact, at);
}
