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
import {
  asMeasured,
  createMeasures,
  halfHourMs,
  measure,
  type MeasuredFact,
  type Measures,
} from '../measures/index.js';
import { drawing } from './chance.js';
import type { CallerKind, Scenario } from './scenario.js';

/** What happens to people; the router's own deadlines stand beside it. */
type Happening =
  | { readonly type: 'call' }
  | { readonly type: 'shift'; readonly agents: number }
  | { readonly type: 'leave'; readonly ticket: string; readonly why: 'caller-gone' | 'no-answer' }
  | { readonly type: 'pick-up'; readonly ticket: string; readonly agent: string }
  | { readonly type: 'tell'; readonly ticket: string }
  | { readonly type: 'miss'; readonly ticket: string; readonly agent: string }
  | { readonly type: 'back'; readonly agent: string; readonly since: number }
  | { readonly type: 'hang-up'; readonly ticket: string; readonly agent: string };

interface Entry {
  readonly at: number;
  readonly nth: number;
  readonly what: Happening;
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
}

export interface CentreRun {
  readonly measures: Measures;
  /** The same, but callers were told what the other formula says; null: nobody was told anything. */
  readonly otherwise: Measures | null;
  /** When the last caller was gone, ms since the first midnight. */
  readonly endedAt: number;
  readonly calls: number;
}

interface Centre {
  readonly scenario: Scenario;
  readonly router: Router;
  readonly measures: Measures;
  readonly telling:
    | (Telling & { readonly measures: Measures; readonly averages: Map<string, number> })
    | null;
  readonly ahead: TinyQueue<Entry>;
  readonly draw: {
    readonly talk: () => number;
    readonly pickUp: () => number;
    readonly patience: () => number;
    readonly kind: () => CallerKind;
    /** When the next call comes after that time; null: none comes any more. */
    readonly nextCall: (at: number) => number | null;
  };
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
      set(centre, start, { type: 'shift', agents: agents[index] ?? 0 });
  });
  callAfter(centre, first);
  let now = first;
  for (;;) {
    const next = ahead.peek();
    // Nothing but people makes work; what the router alone has to do while nobody is there does not matter.
    if (next === undefined && live.size === 0) break;
    const isDue = centre.due !== null && (next === undefined || centre.due <= next.at);
    if (!isDue && next === undefined) throw new RangeError('Callers wait for agents who never come.');
    now = isDue ? Math.max(now, centre.due ?? now) : (next?.at ?? now);
    if (isDue) tell(centre, { type: 'deadline.due' }, now);
    else {
      ahead.pop();
      if (next !== undefined) happen(centre, next.what, now);
    }
  }
  return { measures, otherwise: centre.telling?.measures ?? null, endedAt: now, calls: centre.calls };
}

const newMeasures = (): Measures => createMeasures({ zone: noZone, keepDays: 400, shortMs: 5_000 });

function openCentre(scenario: Scenario, random: Random, telling: Telling | null): Centre {
  const { callers, halfHours, patience, pickUp, routing, talk } = scenario;
  // Chance of their own, so that the same callers come whoever answers, and however.
  const [arriving, choosing, talking, waiting, taking] = [1, 2, 3, 4, 5].map(() => random.fork()) as [
    Random,
    Random,
    Random,
    Random,
    Random,
  ];
  return {
    scenario,
    router: createRouter(routing),
    measures: newMeasures(),
    telling: telling && { ...telling, measures: newMeasures(), averages: new Map() },
    ahead: new TinyQueue<Entry>([], (a, b) => a.at - b.at || a.nth - b.nth),
    draw: {
      talk: drawing(talk, talking),
      pickUp: drawing(pickUp, taking),
      patience: patience === null ? () => Number.POSITIVE_INFINITY : drawing(patience, waiting),
      kind: kinds(callers, choosing),
      nextCall: arrivals(halfHours, arriving),
    },
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

function set(centre: Centre, at: number, what: Happening): void {
  centre.set += 1;
  centre.ahead.push({ at, nth: centre.set, what });
}

function callAfter(centre: Centre, at: number): void {
  const next = centre.draw.nextCall(at);
  if (next !== null) set(centre, next, { type: 'call' });
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
      return tell(centre, { ...what, type: 'offer.ended', result: 'no-answer' }, at);
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
  const patience = centre.draw.patience();
  const longest = centre.scenario.routing.queues.get(queue)?.maxWaitMs ?? 0;
  const leave = Math.min(patience, longest);
  centre.live.set(ticket, false);
  note(centre, { type: 'ticket.requested', subject: ticket, body: { ticket, queue } }, at);
  set(centre, at + leave, { type: 'leave', ticket, why: patience <= longest ? 'caller-gone' : 'no-answer' });
  const asked = { ticket, contact, queue, needs, priority: null, preferred: null, caller: null };
  tell(centre, { type: 'ticket.requested', ...asked }, at);
  tellWait(centre, ticket, at);
}

/** Whoever waits is told how long by the router, and by the other formula; both are measured by what comes. */
function tellWait(centre: Centre, ticket: string, at: number): void {
  const { router, telling, measures } = centre;
  const row = router.tickets.get(ticket);
  if (telling === null || row?.state !== 'waiting') return;
  set(centre, at + telling.everyMs, { type: 'tell', ticket });
  const told = announce(router, ticket, at);
  if (told?.waitMs == null || told.change === null) return;
  apply(router, { changes: [told.change], routing: null });
  measure(measures, { type: 'place.told', body: { ticket, waitMs: told.waitMs } }, at);
  const waitMs = telling.other(telling.averages.get(row.queue) ?? 0, at - row.joined);
  measure(telling.measures, { type: 'place.told', body: { ticket, waitMs } }, at);
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
  set(centre, at + draw.talk(), { type: 'hang-up', ticket, agent });
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
      set(centre, at + centre.scenario.backMs, { type: 'back', agent, since: at });
    if (fact.body.state === 'offline' && centre.wanted.has(agent)) back.push(agent);
  }
  for (const message of messages) {
    const { ticket } = message;
    if (message.type === 'ticket.offered') {
      const offer = { ticket, agent: message.agent };
      const after = centre.draw.pickUp();
      if (after === 0) pickUp(centre, offer, at);
      else if (after < message.ringMs) set(centre, at + after, { type: 'pick-up', ...offer });
      else set(centre, at + message.ringMs, { type: 'miss', ...offer });
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

/** Poisson arrivals, at the rate of each half hour. */
function arrivals(halfHours: Scenario['halfHours'], random: Random): (at: number) => number | null {
  const first = halfHours[0]?.start ?? 0;
  return (at) => {
    let from = at;
    for (let index = Math.floor((at - first) / halfHourMs); index < halfHours.length; index++) {
      const { calls = 0, start = 0 } = halfHours[index] ?? {};
      from = Math.max(from, start);
      // Chance has no memory: what did not come before the half hour's end is drawn anew at the next one's rate.
      const next = from - (halfHourMs / calls) * Math.log(1 - random.next());
      if (next < start + halfHourMs) return Math.round(next);
    }
    return null;
  };
}

function kinds(callers: readonly CallerKind[], random: Random): () => CallerKind {
  const [first] = callers;
  if (first === undefined) throw new RangeError('There are no callers.');
  return () => {
    let left = random.next();
    for (const kind of callers) {
      left -= kind.share;
      if (left < 0) return kind;
    }
    return first;
  };
}
