/**
 * Pure, but for the state that it owns: folds facts of the event log into counts by queue, agent and half hour. Folding
 * the log again from its beginning gives the same counts.
 */
import type { UtcMs } from '../base/index.js';
import type { Zone } from '../calendar/index.js';
import { type ContactCounts, noContacts } from './contact-counts.js';
import { type KnownContact, newContact, noteContact, noteQueue } from './contacts.js';
import { type AgentCounts, noCalls, noWork, type QueueCounts } from './counts.js';
import { halfHourMs, halfHours } from './half-hour.js';
import type { AgentState, MeasuredFact, TicketEnd } from './measured.js';
import { noteWait } from './waits.js';

/** What an agent's name stands behind in the subject of a fact. */
const agentPrefix = 'agent:';

export interface MeasuresOptions {
  /** Whose half hours are counted. */
  readonly zone: Pick<Zone, 'wallTime'>;
  /** Half hours older than that, counted from the newest, are forgotten; 1 to 400 days. */
  readonly keepDays: number;
  /** Who hangs up in less time has dialled wrongly, or thought better of it: stated apart. 5,000 by custom. */
  readonly shortMs: number;
}

interface OpenTicket {
  readonly queue: string;
  /** Whose it is. */
  readonly contact: string;
  readonly counts: QueueCounts;
  readonly since: UtcMs;
  state: 'waiting' | 'parked' | 'connected';
  /** What the caller was told of the wait, and when. */
  told: readonly { readonly at: UtcMs; readonly waitMs: number }[];
}

interface AgentNow {
  readonly state: AgentState;
  readonly since: UtcMs;
  readonly ticket: string | null;
  /** Where the time that is spent on the ticket is booked. */
  readonly counts: QueueCounts | null;
}

export interface Measures {
  readonly options: MeasuresOptions;
  readonly halfHourOf: (at: UtcMs) => UtcMs;
  /** By queue, then by the beginning of the half hour in which the caller entered it. */
  readonly queues: Map<string, Map<UtcMs, QueueCounts>>;
  readonly agents: Map<string, Map<UtcMs, AgentCounts>>;
  /** By the flow that the contact began with, then by the beginning of the half hour in which it came. */
  readonly flows: Map<string, Map<UtcMs, ContactCounts>>;
  /** The same of contacts that asked for a place in a queue: by queue, then by flow. */
  readonly flowsOf: Map<string, Map<string, Map<UtcMs, ContactCounts>>>;
  /**
   * Contacts of the days that are kept, by id: each may be the one that a caller comes back on. A call back is the
   * contact that it follows.
   */
  readonly contacts: Map<string, KnownContact>;
  /** Tickets that are not over, and what agents do now. */
  readonly tickets: Map<string, OpenTicket>;
  readonly now: Map<string, AgentNow>;
  newest: UtcMs;
}

export function createMeasures(options: MeasuresOptions): Measures {
  return {
    options,
    halfHourOf: halfHours(options.zone),
    queues: new Map(),
    agents: new Map(),
    flows: new Map(),
    flowsOf: new Map(),
    contacts: new Map(),
    tickets: new Map(),
    now: new Map(),
    newest: 0,
  };
}

/**
 * Counts one more fact. Facts come in the order of the log; what is told of a ticket or agent that is not known (the log
 * was cut) is passed over.
 *
 * @param at of the fact's turn; never before that of the fact before.
 */
export function measure(measures: Measures, fact: MeasuredFact, at: UtcMs): void {
  forget(measures, measures.halfHourOf(at));
  switch (fact.type) {
    case 'ticket.requested':
      return request(measures, fact.subject, fact.body.ticket, fact.body.queue, at);
    case 'place.told':
      return tell(measures, fact.body.ticket, fact.body.waitMs, at);
    case 'ticket.parked':
      return park(measures, fact.body.ticket);
    case 'ticket.connected':
      return connect(measures, fact.body.ticket, at);
    case 'ticket.ended':
      return end(measures, fact.body.ticket, fact.body.result, at);
    case 'ticket.assigned':
    case 'offer.missed': {
      const what = fact.type === 'ticket.assigned' ? 'offers' : 'missed';
      const calls = measures.tickets.get(fact.body.ticket)?.counts;
      if (calls !== undefined) calls[what]++;
      countsAt(measures.agents, fact.body.agent, measures.halfHourOf(at), noWork)[what]++;
      return;
    }
    case 'agent.changed':
      return change(measures, fact.subject.slice(agentPrefix.length), fact.body, at);
    case 'call.arrived':
      return arrive(measures, fact.subject, fact.body.flow, fact.body.at ?? at);
    case 'call.placed': {
      const first = measures.contacts.get(fact.body.follows);
      if (first !== undefined) measures.contacts.set(fact.subject, first);
      return;
    }
    case 'outcome.reached':
    case 'call.ended':
    case 'subject.noted':
    case 'survey.offered':
    case 'survey.answered':
      return noteContact(measures.contacts, fact);
    default:
      return fact satisfies never;
  }
}

/** @param at of the arrival: where a message was left while no engine was there, long before it was told. */
function arrive(measures: Measures, id: string, flow: string, at: UtcMs): void {
  const start = measures.halfHourOf(at);
  if (start < oldestKept(measures)) return;
  const counts = countsAt(measures.flows, flow, start, noContacts);
  measures.contacts.set(id, newContact({ flow, start, since: at, counts }));
}

/** The counts of a half hour, made where there are none yet. */
function countsAt<Counts>(
  all: Map<string, Map<UtcMs, Counts>>,
  name: string,
  start: UtcMs,
  empty: () => Counts,
): Counts {
  let own = all.get(name);
  if (own === undefined) {
    own = new Map();
    all.set(name, own);
  }
  let counts = own.get(start);
  if (counts === undefined) {
    counts = empty();
    own.set(start, counts);
  }
  return counts;
}

function request(measures: Measures, contact: string, id: string, queue: string, at: UtcMs): void {
  const counts = countsAt(measures.queues, queue, measures.halfHourOf(at), noCalls);
  counts.offered++;
  measures.tickets.set(id, { queue, contact, counts, since: at, state: 'waiting', told: [] });
  const known = measures.contacts.get(contact);
  if (known === undefined) return;
  noteQueue(known, queue, () => {
    const flows = measures.flowsOf.get(queue) ?? new Map<string, Map<UtcMs, ContactCounts>>();
    measures.flowsOf.set(queue, flows);
    return countsAt(flows, known.flow, known.start, noContacts);
  });
}

function tell(measures: Measures, id: string, waitMs: number | null, at: UtcMs): void {
  const ticket = measures.tickets.get(id);
  if (ticket?.state === 'waiting' && waitMs !== null) ticket.told = [...ticket.told, { at, waitMs }];
}

/** Beyond ten times the wait it does not matter by how much. */
const mostPercent = 1_000;

/** What was announced against what came: of every announcement, once the caller is answered. */
function noteErrors({ counts, told }: OpenTicket, at: UtcMs): void {
  for (const { at: then, waitMs } of told) {
    const came = at - then;
    const off = Math.abs(waitMs - came);
    const percent =
      came === 0 ? (off === 0 ? 0 : mostPercent) : Math.min(mostPercent, Math.round((off / came) * 100));
    counts.errors.set(percent, (counts.errors.get(percent) ?? 0) + 1);
  }
}

function park(measures: Measures, id: string): void {
  const ticket = measures.tickets.get(id);
  if (ticket?.state !== 'waiting') return;
  ticket.state = 'parked';
  ticket.counts.callbacks++;
}

function connect(measures: Measures, id: string, at: UtcMs): void {
  const ticket = measures.tickets.get(id);
  if (ticket === undefined || ticket.state === 'connected') return;
  const { counts, since, contact, queue } = ticket;
  const known = measures.contacts.get(contact);
  if (known !== undefined) known.talked = queue;
  if (ticket.state === 'parked') counts.callbacksAnswered++;
  else {
    counts.answered++;
    noteWait(counts.answeredWaits, at - since);
    noteErrors(ticket, at);
  }
  ticket.state = 'connected';
}

/** What is counted of a caller who waited on the line until then; null: nothing, for it ends a talk. */
const countOf: Readonly<
  Record<TicketEnd | 'replaced', 'abandoned' | 'left' | 'timedOut' | 'refused' | 'failed' | null>
> = {
  'caller-gone': 'abandoned',
  left: 'left',
  // Whoever calls again has the place of the call before.
  replaced: 'left',
  'no-answer': 'timedOut',
  closed: 'refused',
  full: 'refused',
  nobody: 'refused',
  // Of callbacks alone, which are counted apart.
  cancelled: 'left',
  expired: 'timedOut',
  failed: 'failed',
  talked: null,
};

function end(measures: Measures, id: string, result: TicketEnd, at: UtcMs): void {
  const ticket = measures.tickets.get(id);
  if (ticket === undefined) return;
  measures.tickets.delete(id);
  const { counts, since, state } = ticket;
  if (state === 'connected') counts.handled++;
  if (state !== 'waiting') return;
  const count = countOf[result];
  // An agent who talked and was never connected: a bug of ours must not make the sum of all ends too small.
  counts[count ?? 'failed']++;
  if (count !== 'abandoned') return;
  if (at - since < measures.options.shortMs) counts.shortAbandoned++;
  noteWait(counts.abandonedWaits, at - since);
}

const handling: Readonly<Partial<Record<AgentState, 'talkMs' | 'holdMs' | 'wrapUpMs'>>> = {
  talking: 'talkMs',
  hold: 'holdMs',
  'wrap-up': 'wrapUpMs',
};

function change(
  measures: Measures,
  agent: string,
  { state, ticket }: { readonly state: AgentState; readonly ticket: string | null },
  at: UtcMs,
): void {
  const before = measures.now.get(agent);
  if (before !== undefined) {
    const work = handling[before.state];
    if (work !== undefined && before.counts !== null) before.counts[work] += at - before.since;
    eachHalfHour(measures, before, at, (start, ms, of) => {
      countsAt(measures.agents, agent, start, noWork).ms[of] += ms;
    });
  }
  // The ticket may be over before its wrap-up is: where it is booked stays known.
  const counts =
    ticket === null
      ? null
      : ticket === before?.ticket
        ? before.counts
        : (measures.tickets.get(ticket)?.counts ?? null);
  measures.now.set(agent, { state, since: at, ticket, counts });
}

/** The half hours of what an agent does, from its beginning to a moment. */
export function eachHalfHour(
  { halfHourOf, newest, options }: Measures,
  { state, since }: Pick<AgentNow, 'state' | 'since'>,
  until: UtcMs,
  tell: (start: UtcMs, ms: number, state: Exclude<AgentState, 'offline'>) => void,
): void {
  if (state === 'offline') return;
  let from = Math.max(since, newest - options.keepDays * 86_400_000);
  while (from < until) {
    const start = halfHourOf(from);
    const to = Math.min(until, start + halfHourMs);
    tell(start, to - from, state);
    from = to;
  }
}

/** A new half hour has begun: what is too old goes, and tickets that nobody ended with it. */
function forget(measures: Measures, start: UtcMs): void {
  if (start <= measures.newest) return;
  measures.newest = start;
  const oldest = oldestKept(measures);
  for (const all of [measures.queues, measures.agents, measures.flows, ...measures.flowsOf.values()])
    for (const [name, own] of all) {
      for (const of of own.keys()) if (of < oldest) own.delete(of);
      if (own.size === 0) all.delete(name);
    }
  for (const open of [measures.tickets, measures.contacts])
    for (const [id, { since }] of open) if (since < oldest) open.delete(id);
}

function oldestKept({ newest, options }: Measures): UtcMs {
  return newest - options.keepDays * 86_400_000;
}
