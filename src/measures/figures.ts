/** Pure. Figures of queues and of agents over a stretch of time, each with the formula that it was worked out by. */
import type { UtcMs } from '../base/index.js';
import { type AgentCounts, addCalls, addWork, noCalls, noWork, type QueueCounts } from './counts.js';
import { addContacts, noContacts } from './contact-counts.js';
import { type ContactFigures, contactFiguresOf } from './contact-figures.js';
import { type Figure, figuresOf, ratio, type Row, type Unit } from './figure.js';
import { eachHalfHour, type Measures } from './measures.js';
import {
  defaultServiceLevel,
  type ServiceCounts,
  type ServiceLevel,
  serviceLevel,
  serviceLevels,
} from './service-level.js';
import { quantile, type Waits, waitedWithin, waitQuantile } from './waits.js';

const share = (percent: number | null): number | null => (percent === null ? null : percent / 100);
const mean = ({ sumMs, count }: Waits): number | null => ratio(sumMs, count);
const longest = ({ count, maxMs }: Waits): number | null => (count === 0 ? null : maxMs);

function serviceCounts(counts: QueueCounts, withinMs: number): ServiceCounts {
  const { answered, abandoned, shortAbandoned, answeredWaits, abandonedWaits } = counts;
  return {
    answered,
    abandoned,
    shortAbandoned,
    answeredWithin: waitedWithin(answeredWaits, withinMs),
    abandonedWithin: waitedWithin(abandonedWaits, withinMs),
  };
}

/** What a service level is worked out of, for who adds up several: met, and of how many. */
export function serviceParts(
  counts: QueueCounts,
  name: ServiceLevel | null,
  withinMs: number,
): { readonly part: number; readonly whole: number } {
  const { met, of } = serviceLevels[name ?? defaultServiceLevel];
  const service = serviceCounts(counts, withinMs);
  return { part: met(service), whole: of(service) };
}

const level = (name: ServiceLevel): Row<QueueCounts> => ({
  unit: 'share',
  formula: serviceLevels[name].formula,
  of: (counts, withinMs) => serviceLevel(name, serviceCounts(counts, withinMs)),
});
const count = (name: keyof QueueCounts, formula: string, unit: Unit = 'contacts') => ({
  unit,
  formula,
  of: (counts: QueueCounts) => counts[name] as number,
});

const queueRows = {
  offered: count('offered', 'callers who asked for a place in the queue, by the half hour in which they did'),
  answered: count('answered', 'connected with an agent while they waited on the line'),
  abandoned: count('abandoned', 'hung up while they waited, after any time'),
  'short-abandoned': count('shortAbandoned', 'of abandoned: hung up within the short time (under 5 s)'),
  callbacks: count('callbacks', 'hung up and kept their place, to be called back'),
  'callbacks-answered': count('callbacksAnswered', 'of callbacks: connected with an agent'),
  left: count('left', 'left the queue by a key'),
  'timed-out': count('timedOut', 'waited as long as the queue lets anybody wait'),
  refused: count('refused', 'queue closed, full, or nobody there'),
  failed: count('failed', 'lost by a fault of ours'),
  offers: count('offers', 'agents who were chosen for a caller', 'offers'),
  'missed-offers': count('missed', 'of offers: not taken by the agent', 'offers'),
  'service-level-early-abandons-met': level('early-abandons-met'),
  'service-level-answered-only': level('answered-only'),
  'service-level-all-offered': level('all-offered'),
  'service-level-early-abandons-left-out': level('early-abandons-left-out'),
  'service-level-short-abandons-met': level('short-abandons-met'),
  'speed-of-answer': {
    unit: 'ms',
    formula: 'ASA: sum of the waits of answered callers / answered',
    of: ({ answeredWaits }) => mean(answeredWaits),
  },
  'speed-of-answer-p50': {
    unit: 'ms',
    formula: 'half of the answered callers waited at most so long',
    of: ({ answeredWaits }) => waitQuantile(answeredWaits, 0.5),
  },
  'speed-of-answer-p90': {
    unit: 'ms',
    formula: '90 % of the answered callers waited at most so long',
    of: ({ answeredWaits }) => waitQuantile(answeredWaits, 0.9),
  },
  'speed-of-answer-longest': {
    unit: 'ms',
    formula: 'the longest wait of an answered caller',
    of: ({ answeredWaits }) => longest(answeredWaits),
  },
  'estimate-error': {
    unit: 'share',
    formula:
      'median of |announced wait - wait that came| / wait that came, of every announcement to answered callers',
    of: ({ errors }) => share(quantile(errors, 0.5)),
  },
  'time-to-abandon': {
    unit: 'ms',
    formula: 'sum of the waits of callers who hung up / abandoned',
    of: ({ abandonedWaits }) => mean(abandonedWaits),
  },
  abandonment: {
    unit: 'share',
    formula: '(abandoned - short-abandoned) / (answered + abandoned)',
    of: ({ answered, abandoned, shortAbandoned }) => ratio(abandoned - shortAbandoned, answered + abandoned),
  },
  'short-abandonment': {
    unit: 'share',
    formula: 'short-abandoned / (answered + abandoned)',
    of: ({ answered, abandoned, shortAbandoned }) => ratio(shortAbandoned, answered + abandoned),
  },
  'handling-time': {
    unit: 'ms',
    formula: 'AHT: (talk + hold + wrap-up) / contacts handled: answered and over',
    of: ({ talkMs, holdMs, wrapUpMs, handled }) => ratio(talkMs + holdMs + wrapUpMs, handled),
  },
  'talk-time': {
    unit: 'ms',
    formula: 'talk / contacts handled',
    of: ({ talkMs, handled }) => ratio(talkMs, handled),
  },
  'hold-time': {
    unit: 'ms',
    formula: 'hold / contacts handled',
    of: ({ holdMs, handled }) => ratio(holdMs, handled),
  },
  'wrap-up-time': {
    unit: 'ms',
    formula: 'wrap-up / contacts handled',
    of: ({ wrapUpMs, handled }) => ratio(wrapUpMs, handled),
  },
} as const satisfies Record<string, Row<QueueCounts>>;

const busy = ({ ms }: AgentCounts): number => ms.talking + ms.hold + ms['wrap-up'];
const time = (state: keyof AgentCounts['ms'], formula: string) => ({
  unit: 'ms' as const,
  formula,
  of: ({ ms }: AgentCounts) => ms[state],
});

const agentRows = {
  occupancy: {
    unit: 'share',
    formula: '(talk + hold + wrap-up) / (talk + hold + wrap-up + ready); paused time is left out',
    of: (counts) => ratio(busy(counts), busy(counts) + counts.ms.ready),
  },
  ready: time('ready', 'time ready for a call'),
  offered: time('offered', 'time chosen, before the phone rang'),
  ringing: time('ringing', 'time the phone rang'),
  talk: time('talking', 'time talking'),
  hold: time('hold', 'time with the caller on hold'),
  'wrap-up': time('wrap-up', 'time in wrap-up'),
  paused: time('paused', 'time paused, for any reason'),
  offers: { unit: 'offers', formula: 'calls offered', of: ({ offers }) => offers },
  'missed-offers': { unit: 'offers', formula: 'of offers: not taken', of: ({ missed }) => missed },
} as const satisfies Record<string, Row<AgentCounts>>;

export type QueueFigures = Readonly<Record<keyof typeof queueRows, Figure>>;
export type AgentFigures = Readonly<Record<keyof typeof agentRows, Figure>>;

/** What figures are of: half hours that begin at or after `from` and before `to`. */
export interface Stretch {
  /** null: all of them together. */
  readonly name: string | null;
  readonly from: UtcMs;
  readonly to: UtcMs;
}

/** @param withinMs T of the service levels; whole tenths of a second. */
export function queueFigures(measures: Measures, stretch: Stretch, withinMs: number): QueueFigures {
  return figuresOf(queueRows, callsIn(measures, stretch), withinMs);
}

/** @param at what an agent does since before then counts up to then. */
export function agentFigures(measures: Measures, stretch: Stretch, at: UtcMs): AgentFigures {
  return figuresOf(agentRows, workIn(measures, stretch, at), 0);
}

/** Whose contacts: those that began with the flow and asked for a place in the queue; null: any. */
export interface ContactStretch extends Omit<Stretch, 'name'> {
  readonly flow: string | null;
  readonly queue: string | null;
}

/** Of contacts by the half hour in which they came. */
export function contactFigures(
  { flows, flowsOf }: Measures,
  { flow: name, queue, from, to }: ContactStretch,
): ContactFigures {
  const all = queue === null ? flows : (flowsOf.get(queue) ?? new Map<string, never>());
  return contactFiguresOf(summed(all, { name, from, to }, noContacts(), addContacts));
}

/** The counts themselves, for who adds them up further. */
export function callsIn(measures: Measures, stretch: Stretch): QueueCounts {
  return summed(measures.queues, stretch, noCalls(), addCalls);
}

/** The same of agents: time in each state, what they do since before `at` up to then. */
export function workIn(measures: Measures, stretch: Stretch, at: UtcMs): AgentCounts {
  const counts = summed(measures.agents, stretch, noWork(), addWork);
  for (const [name, now] of measures.now) {
    if (stretch.name !== null && stretch.name !== name) continue;
    eachHalfHour(measures, now, at, (start, ms, state) => {
      if (start >= stretch.from && start < stretch.to) counts.ms[state] += ms;
    });
  }
  return counts;
}

/** Beginnings of the half hours of which something is known, oldest first; of a queue and a flow, or of all. */
export function knownHalfHours(
  { queues, flows, flowsOf }: Measures,
  queue: string | null,
  flow: string | null = null,
): readonly UtcMs[] {
  const starts = new Set<UtcMs>();
  const take = (
    all: ReadonlyMap<string, ReadonlyMap<UtcMs, unknown>> | undefined,
    name: string | null,
  ): void => {
    for (const [own, halfHours] of all ?? [])
      if (name === null || name === own) for (const start of halfHours.keys()) starts.add(start);
  };
  take(queues, queue);
  take(queue === null ? flows : flowsOf.get(queue), flow);
  return [...starts].sort((a, b) => a - b);
}

function summed<Counts>(
  all: ReadonlyMap<string, ReadonlyMap<UtcMs, Counts>>,
  { name, from, to }: Stretch,
  sum: Counts,
  add: (into: Counts, more: Counts) => void,
): Counts {
  for (const [own, halfHours] of all) {
    if (name !== null && name !== own) continue;
    for (const [start, counts] of halfHours) if (start >= from && start < to) add(sum, counts);
  }
  return sum;
}
