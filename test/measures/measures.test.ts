import t from 'tap';
import { zoneOf } from '../../src/calendar/index.js';
import {
  agentFigures,
  asMeasured,
  createMeasures,
  halfHourMs,
  knownHalfHours,
  measure,
  type MeasuredFact,
  type Measures,
  queueFigures,
} from '../../src/measures/index.js';

const start = Date.parse('2026-03-04T10:00Z');
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };

function measuresIn(zone = 'Asia/Muscat', keepDays = 35): Measures {
  const found = zoneOf(zone);
  if (found === null) throw new Error(`no zone ${zone}`);
  return createMeasures({ zone: found, keepDays, shortMs: 5_000 });
}

/** Facts with the second at which each is told. */
function fold(measures: Measures, facts: readonly (readonly [number, MeasuredFact])[]): Measures {
  for (const [seconds, fact] of facts) measure(measures, fact, start + seconds * 1000);
  return measures;
}

const requested = (ticket: string, queue = 'general'): MeasuredFact => ({
  type: 'ticket.requested',
  subject: `of-${ticket}`,
  body: { ticket, queue },
});
const connected = (ticket: string): MeasuredFact => ({ type: 'ticket.connected', body: { ticket } });
const ended = (
  ticket: string,
  result: Extract<MeasuredFact, { type: 'ticket.ended' }>['body']['result'],
): MeasuredFact => ({ type: 'ticket.ended', body: { ticket, result } });
const agent = (
  name: string,
  state: Extract<MeasuredFact, { type: 'agent.changed' }>['body']['state'],
  ticket: string | null = null,
): MeasuredFact => ({ type: 'agent.changed', subject: `agent:${name}`, body: { state, ticket } });

function values(
  measures: Measures,
  name: string | null = null,
  withinMs = 20_000,
): Record<string, number | null> {
  const figures = queueFigures(measures, { name, ...always }, withinMs);
  return Object.fromEntries(Object.entries(figures).map(([key, { value }]) => [key, value]));
}

t.test('a caller who is answered counts with the wait until then', async (t) => {
  const measures = fold(measuresIn(), [
    [0, requested('a')],
    [12, connected('a')],
    [100, ended('a', 'talked')],
  ]);
  t.match(values(measures), {
    offered: 1,
    answered: 1,
    'speed-of-answer': 12_000,
    'speed-of-answer-p90': 12_000,
    'service-level-early-abandons-left-out': 1,
  });
});

t.test('exactly T is within T, a millisecond more is not', async (t) => {
  const measures = fold(measuresIn(), [
    [0, requested('a')],
    [0, requested('b')],
    [20, connected('a')],
    [20.001, connected('b')],
  ]);
  t.equal(values(measures)['service-level-answered-only'], 0.5);
});

t.test('who hangs up within five seconds is stated apart', async (t) => {
  const measures = fold(measuresIn(), [
    [0, requested('a')],
    [0, requested('b')],
    [0, requested('c')],
    [1, connected('c')],
    [4.999, ended('a', 'caller-gone')],
    [5, ended('b', 'caller-gone')],
  ]);
  t.match(values(measures), {
    abandoned: 2,
    'short-abandoned': 1,
    abandonment: 1 / 3,
    'short-abandonment': 1 / 3,
  });
});

t.test('who hangs up while being talked to has not abandoned', async (t) => {
  const measures = fold(measuresIn(), [
    [0, requested('a')],
    [2, connected('a')],
    [60, ended('a', 'caller-gone')],
  ]);
  t.match(values(measures), { answered: 1, abandoned: 0 });
});

t.test('every other end has a count of its own', async (t) => {
  const ends = ['left', 'no-answer', 'closed', 'full', 'nobody', 'failed'] as const;
  const measures = fold(
    measuresIn(),
    ends.flatMap((result): [number, MeasuredFact][] => [
      [0, requested(result)],
      [1, ended(result, result)],
    ]),
  );
  t.match(values(measures), { offered: 6, left: 1, 'timed-out': 1, refused: 3, failed: 1, abandoned: 0 });
});

t.test('a callback is neither abandoned nor slow, and its answer is a callback answered', async (t) => {
  const measures = fold(measuresIn(), [
    [0, requested('a')],
    [30, { type: 'ticket.parked', body: { ticket: 'a' } }],
    [900, connected('a')],
    [1000, ended('a', 'talked')],
  ]);
  t.match(values(measures), {
    callbacks: 1,
    'callbacks-answered': 1,
    answered: 0,
    abandoned: 0,
    'speed-of-answer': null,
  });
});

t.test('talk, hold and wrap-up are booked to the queue and half hour in which the caller came', async (t) => {
  const measures = fold(measuresIn(), [
    [0, agent('mei', 'ready')],
    [1790, requested('a', 'transport')],
    [1795, agent('mei', 'ringing', 'a')],
    [1800, connected('a')],
    [1800, agent('mei', 'talking', 'a')],
    [1900, agent('mei', 'hold', 'a')],
    [1910, agent('mei', 'talking', 'a')],
    [2000, ended('a', 'talked')],
    [2000, agent('mei', 'wrap-up', 'a')],
    [2020, agent('mei', 'ready')],
  ]);
  t.match(values(measures, 'transport'), {
    'handling-time': 220_000,
    'talk-time': 190_000,
    'hold-time': 10_000,
    'wrap-up-time': 20_000,
  });
  t.strictSame(knownHalfHours(measures, null), [start]);
});

t.test('of a transfer each agent is booked, and the call is handled once', async (t) => {
  const measures = fold(measuresIn(), [
    [0, requested('a')],
    [1, connected('a')],
    [1, agent('mei', 'talking', 'a')],
    [61, agent('mei', 'wrap-up', 'a')],
    [61, agent('kumar', 'talking', 'a')],
    [81, agent('mei', 'ready')],
    [91, ended('a', 'talked')],
    [91, agent('kumar', 'ready')],
  ]);
  t.match(values(measures), { answered: 1, 'handling-time': 110_000 });
});

t.test('occupancy leaves pauses out, and is split between half hours', async (t) => {
  const measures = fold(measuresIn(), [
    [0, agent('mei', 'ready')],
    [900, requested('a')],
    [900, connected('a')],
    [900, agent('mei', 'talking', 'a')],
    [2400, ended('a', 'talked')],
    [2400, agent('mei', 'paused')],
    [3600, agent('mei', 'offline')],
  ]);
  const at = start + 7_200_000;
  const of = (from: number, to: number): number | null =>
    agentFigures(measures, { name: 'mei', from, to }, at).occupancy.value;
  t.equal(of(start, start + halfHourMs), 0.5);
  t.equal(of(start + halfHourMs, start + 2 * halfHourMs), 1);
  t.equal(agentFigures(measures, { name: null, ...always }, at).occupancy.value, 1500 / 2400);
  t.equal(agentFigures(measures, { name: null, ...always }, at).paused.value, 1_200_000);
});

t.test('what an agent does now counts up to now', async (t) => {
  const measures = fold(measuresIn(), [[0, agent('mei', 'ready')]]);
  const at = start + halfHourMs + 60_000;
  t.equal(agentFigures(measures, { name: 'mei', ...always }, at).ready.value, halfHourMs + 60_000);
  t.equal(agentFigures(measures, { name: 'mei', from: start + halfHourMs, to: at }, at).ready.value, 60_000);
});

t.test('an offer that is missed is counted at the queue and at the agent', async (t) => {
  const measures = fold(measuresIn(), [
    [0, requested('a')],
    [1, { type: 'ticket.assigned', body: { ticket: 'a', agent: 'mei' } }],
    [16, { type: 'offer.missed', body: { ticket: 'a', agent: 'mei' } }],
    [16, { type: 'ticket.assigned', body: { ticket: 'a', agent: 'kumar' } }],
    [18, connected('a')],
  ]);
  t.match(values(measures), { offers: 2, 'missed-offers': 1 });
  const { offers, 'missed-offers': missed } = agentFigures(measures, { name: 'mei', ...always }, start);
  t.strictSame([offers.value, missed.value], [1, 1]);
});

t.test('what was announced is held against what came', async (t) => {
  const told = (waitMs: number | null): MeasuredFact => ({
    type: 'place.told',
    body: { ticket: 'a', waitMs },
  });
  const measures = fold(measuresIn(), [
    [0, requested('a')],
    [0, told(60_000)],
    [20, told(40_000)],
    [40, told(null)],
    [40, told(20_000)],
    [50, connected('a')],
  ]);
  // Off by 10 s of 50, of 30 and of 10.
  t.equal(values(measures)['estimate-error'], 0.33);
});

t.test('events of the log that are none of them are left out', async (t) => {
  t.equal(asMeasured({ type: 'step.entered', subject: 'c', body: {} }), null);
  const event = { type: 'ticket.connected', subject: 'c', body: { ticket: 'a' } };
  t.equal(asMeasured(event), event);
});

t.test('half hours are those of the clock on the wall', async (t) => {
  const nepal = measuresIn('Asia/Kathmandu');
  measure(nepal, requested('a'), Date.parse('2026-03-04T10:10Z'));
  // 15:55 there: the half hour began at 15:30.
  t.strictSame(knownHalfHours(nepal, null), [Date.parse('2026-03-04T09:45Z')]);
  const berlin = measuresIn('Europe/Berlin');
  for (const time of ['2026-10-25T00:10Z', '2026-10-25T01:10Z'])
    measure(berlin, requested(time), Date.parse(time));
  t.equal(knownHalfHours(berlin, null).length, 2, 'the hour that the clock shows twice is two hours');
});

t.test('what is older than is kept is forgotten, tickets that nobody ended too', async (t) => {
  const measures = measuresIn('Asia/Muscat', 2);
  measure(measures, requested('lost'), start);
  measure(measures, requested('b'), start + 2 * 86_400_000);
  t.equal(knownHalfHours(measures, null).length, 2, 'exactly two days old is kept');
  measure(measures, requested('c'), start + 2 * 86_400_000 + halfHourMs);
  t.equal(knownHalfHours(measures, null).length, 2);
  t.notOk(measures.tickets.has('lost'));
});

t.test('facts of tickets that are not known are passed over', async (t) => {
  const measures = fold(measuresIn(), [
    [0, connected('x')],
    [1, ended('x', 'talked')],
    [2, { type: 'ticket.parked', body: { ticket: 'x' } }],
    [3, { type: 'offer.missed', body: { ticket: 'x', agent: 'mei' } }],
  ]);
  t.match(values(measures), { offered: 0, answered: 0, failed: 0 });
});

t.test('each figure says how it is worked out', async (t) => {
  const measures = measuresIn();
  const figures = [
    ...Object.values(queueFigures(measures, { name: null, ...always }, 20_000)),
    ...Object.values(agentFigures(measures, { name: null, ...always }, start)),
  ];
  for (const { formula, unit } of figures) t.ok(formula.length > 0 && unit.length > 0, formula);
});
