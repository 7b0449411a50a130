/** Folding as facts come gives at any moment what is worked out, slowly and plainly, from the whole log up to then. */
import fc from 'fast-check';
import t from 'tap';
import type { UtcMs } from '../../src/base/index.js';
import {
  agentFigures,
  createMeasures,
  measure,
  type MeasuredFact,
  queueFigures,
} from '../../src/measures/index.js';

type AgentState = Extract<MeasuredFact, { type: 'agent.changed' }>['body']['state'];
type TicketEnd = Extract<MeasuredFact, { type: 'ticket.ended' }>['body']['result'];
interface Told {
  readonly fact: MeasuredFact;
  readonly at: UtcMs;
}

const start = Date.parse('2026-03-04T10:00Z');
const halfHour = 1_800_000;
const queues = ['general', 'transport'];
const agents = ['mei', 'kumar'];
const zone = { wallTime: (at: UtcMs) => ({ day: 0, minute: Math.floor(at / 60_000) % 1440 }) };

const ticket = fc.constantFrom('a', 'b', 'c');
const name = fc.constantFrom(...agents);
const waitMs = fc.option(fc.nat(20_000));
const end = fc.constantFrom<TicketEnd>(
  'caller-gone',
  'caller-gone',
  'talked',
  'left',
  'no-answer',
  'full',
  'failed',
);
const state = fc.constantFrom<AgentState>(
  'offline',
  'ready',
  'ringing',
  'talking',
  'hold',
  'wrap-up',
  'paused',
);

const fact: fc.Arbitrary<MeasuredFact> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ ticket, waitMs }).map((body): MeasuredFact => ({ type: 'place.told', body })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ ticket, queue: fc.constantFrom(...queues) })
      .map((body): MeasuredFact => ({ type: 'ticket.requested', subject: 'contact', body })),
  },
  {
    weight: 1,
    arbitrary: ticket.map((id): MeasuredFact => ({ type: 'ticket.parked', body: { ticket: id } })),
  },
  {
    weight: 4,
    arbitrary: ticket.map((id): MeasuredFact => ({ type: 'ticket.connected', body: { ticket: id } })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ ticket, result: end })
      .map((body): MeasuredFact => ({ type: 'ticket.ended', body })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ ticket, agent: name })
      .map((body): MeasuredFact => ({ type: 'ticket.assigned', body })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ ticket, agent: name })
      .map((body): MeasuredFact => ({ type: 'offer.missed', body })),
  },
  {
    weight: 5,
    arbitrary: fc.record({ name, state, ticket: fc.option(ticket) }).map(
      ({ name: agent, state: next, ticket: of }): MeasuredFact => ({
        type: 'agent.changed',
        subject: `agent:${agent}`,
        body: { state: next, ticket: of },
      }),
    ),
  },
);

/** Milliseconds between facts: a few that meet, many that are near, some that are half hours away. */
const gap = fc.oneof(fc.constantFrom(0, 0, 2_500, 5_000), fc.nat(9_000), fc.nat(9_000), fc.nat(2_500_000));

const log = fc
  .array(fc.tuple(fact, gap), { minLength: 10, maxLength: 80, size: 'max' })
  .map((list): Told[] => {
    let at = start;
    return list.map(([one, ms]) => {
      at += ms;
      return { fact: one, at };
    });
  });

/** A ticket's life as it stands in the log: an id that is asked for again is another ticket. */
interface Life {
  readonly queue: string;
  readonly requested: UtcMs;
  parked: UtcMs | null;
  connected: UtcMs | null;
  ended: { readonly at: UtcMs; readonly index: number; readonly result: TicketEnd } | null;
  readonly offers: string[];
  readonly missed: string[];
  readonly told: { readonly at: UtcMs; readonly waitMs: number }[];
}

function livesOf(told: readonly Told[]): {
  readonly all: Life[];
  readonly at: (id: string, index: number) => Life | null;
} {
  const all: Life[] = [];
  const begun: { readonly id: string; readonly index: number; readonly life: Life; over: number }[] = [];
  const at = (id: string, index: number): Life | null =>
    begun.findLast((one) => one.id === id && one.index <= index && index <= one.over)?.life ?? null;
  told.forEach(({ fact: one, at: when }, index) => {
    if (!('body' in one) || !('ticket' in one.body) || one.type === 'agent.changed') return;
    const id = one.body.ticket;
    const current = begun.findLast((each) => each.id === id && each.over === Number.POSITIVE_INFINITY);
    const life = current?.life;
    if (one.type === 'ticket.requested') {
      // The same id twice at once happens in no log; the older one is never heard of again.
      if (current !== undefined) current.over = index - 1;
      const fresh: Life = {
        queue: one.body.queue,
        requested: when,
        parked: null,
        connected: null,
        ended: null,
        offers: [],
        missed: [],
        told: [],
      };
      all.push(fresh);
      begun.push({ id, index, life: fresh, over: Number.POSITIVE_INFINITY });
    }
    if (life === undefined || current === undefined) return;
    if (
      one.type === 'place.told' &&
      life.connected === null &&
      life.parked === null &&
      one.body.waitMs !== null
    )
      life.told.push({ at: when, waitMs: one.body.waitMs });
    if (one.type === 'ticket.parked' && life.connected === null) life.parked ??= when;
    if (one.type === 'ticket.connected') life.connected ??= when;
    if (one.type === 'ticket.assigned') life.offers.push(one.body.agent);
    if (one.type === 'offer.missed') life.missed.push(one.body.agent);
    if (one.type === 'ticket.ended') {
      life.ended = { at: when, index, result: one.body.result };
      current.over = index;
    }
  });
  return { all, at };
}

interface Spell {
  readonly agent: string;
  readonly state: AgentState;
  readonly from: UtcMs;
  readonly to: UtcMs | null;
  readonly life: Life | null;
}

function spellsOf(told: readonly Told[], lifeAt: (id: string, index: number) => Life | null): Spell[] {
  return agents.flatMap((agent) => {
    const own = told.flatMap(({ fact: one, at }, index) =>
      one.type === 'agent.changed' && one.subject === `agent:${agent}` ? [{ at, index, ...one.body }] : [],
    );
    const lives: (Life | null)[] = [];
    own.forEach((one, n) => {
      const same = n > 0 && own[n - 1]?.ticket === one.ticket;
      // Still the same ticket, over or not; else the one that is not over.
      const alive = one.ticket === null ? null : lifeAt(one.ticket, one.index);
      const isAlive = alive !== null && (alive.ended === null || alive.ended.index > one.index);
      lives.push(same ? (lives[n - 1] ?? null) : isAlive ? alive : null);
    });
    return own.map((one, n) => ({
      agent,
      state: one.state,
      from: one.at,
      to: own[n + 1]?.at ?? null,
      life: lives[n] ?? null,
    }));
  });
}

const startOf = (at: UtcMs): UtcMs => Math.floor(at / halfHour) * halfHour;
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b);

/** Written from the formulas, with lists only. */
function expectedOfQueue(
  told: readonly Told[],
  queue: string | null,
  from: UtcMs,
  to: UtcMs,
  withinMs: number,
) {
  const { all, at } = livesOf(told);
  const mine = all.filter(
    (life) =>
      (queue === null || life.queue === queue) &&
      startOf(life.requested) >= from &&
      startOf(life.requested) < to,
  );
  const answered = mine.filter(({ parked, connected }) => connected !== null && parked === null);
  const unanswered = mine.filter(({ parked, connected }) => connected === null && parked === null);
  const endedBy = (...results: TicketEnd[]) =>
    unanswered.filter(({ ended }) => ended !== null && results.includes(ended.result));
  const abandoned = endedBy('caller-gone');
  const waits = answered
    .map(({ requested, connected }) => (connected ?? 0) - requested)
    .sort((a, b) => a - b);
  const left = abandoned.map(({ requested, ended }) => (ended?.at ?? 0) - requested);
  const within = (list: readonly number[]): number => list.filter((ms) => ms <= withinMs).length;
  const short = left.filter((ms) => ms < 5_000).length;
  const spells = spellsOf(told, at).filter(
    ({ life, to: over }) => over !== null && life !== null && mine.includes(life),
  );
  const spent = (...states: AgentState[]): number =>
    sum(spells.filter((one) => states.includes(one.state)).map((one) => (one.to ?? 0) - one.from));
  const handled = mine.filter(({ connected, ended }) => connected !== null && ended !== null).length;
  const errors = answered
    .flatMap(({ told: list, connected }) =>
      list.map((announced) => {
        const came = (connected ?? 0) - announced.at;
        const off = Math.abs(announced.waitMs - came);
        return came === 0 && off === 0 ? 0 : Math.min(1_000, Math.round((off / came) * 100));
      }),
    )
    .sort((a, b) => a - b);
  const both = answered.length + abandoned.length;
  const p90 = waits[Math.max(1, Math.ceil(0.9 * waits.length)) - 1];
  return {
    offered: mine.length,
    answered: answered.length,
    abandoned: abandoned.length,
    'short-abandoned': short,
    callbacks: mine.filter(({ parked }) => parked !== null).length,
    'callbacks-answered': mine.filter(({ parked, connected }) => parked !== null && connected !== null)
      .length,
    left: endedBy('left').length,
    'timed-out': endedBy('no-answer').length,
    refused: endedBy('closed', 'full', 'nobody').length,
    failed: endedBy('failed', 'talked').length,
    offers: sum(mine.map(({ offers }) => offers.length)),
    'missed-offers': sum(mine.map(({ missed }) => missed.length)),
    'service-level-early-abandons-met': ratio(within(waits) + within(left), both),
    'service-level-answered-only': ratio(within(waits), answered.length),
    'service-level-all-offered': ratio(within(waits), both),
    'service-level-early-abandons-left-out': ratio(within(waits), both - within(left)),
    'service-level-short-abandons-met': ratio(within(waits) + short, both),
    'speed-of-answer': ratio(sum(waits), waits.length),
    'speed-of-answer-p90': p90 === undefined ? null : Math.min(Math.ceil(p90 / 100) * 100, waits.at(-1) ?? 0),
    'speed-of-answer-longest': waits.at(-1) ?? null,
    'estimate-error': errors.length === 0 ? null : (errors[Math.ceil(errors.length / 2) - 1] ?? 0) / 100,
    'time-to-abandon': ratio(sum(left), left.length),
    abandonment: ratio(abandoned.length - short, both),
    'short-abandonment': ratio(short, both),
    'handling-time': ratio(spent('talking', 'hold', 'wrap-up'), handled),
    'talk-time': ratio(spent('talking'), handled),
    'hold-time': ratio(spent('hold'), handled),
    'wrap-up-time': ratio(spent('wrap-up'), handled),
  };
}

function expectedOccupancy(
  told: readonly Told[],
  agent: string | null,
  from: UtcMs,
  to: UtcMs,
  now: UtcMs,
): number | null {
  const { at } = livesOf(told);
  const spells = spellsOf(told, at).filter((one) => agent === null || one.agent === agent);
  const inside = (...states: AgentState[]): number =>
    sum(
      spells
        .filter((one) => states.includes(one.state))
        .map((one) => Math.max(0, Math.min(one.to ?? now, to) - Math.max(one.from, from))),
    );
  const busy = inside('talking', 'hold', 'wrap-up');
  return ratio(busy, busy + inside('ready'));
}

t.test('at any moment the figures are those of the whole log up to then', async (t) => {
  const property = fc.property(log, fc.constantFrom(5_000, 20_000), (told, withinMs) => {
    const measures = createMeasures({ zone, keepDays: 400, shortMs: 5_000 });
    told.forEach(({ fact: one, at }, index) => {
      measure(measures, one, at);
      if (index % 7 !== 6 && index !== told.length - 1) return;
      const known = told.slice(0, index + 1);
      const stretches = [
        [0, Number.MAX_SAFE_INTEGER],
        [start, start + halfHour],
        [start + halfHour, start + 3 * halfHour],
      ] as const;
      for (const [from, to] of stretches) {
        for (const queue of [null, ...queues]) {
          const figures = queueFigures(measures, { name: queue, from, to }, withinMs);
          for (const [figure, value] of Object.entries(expectedOfQueue(known, queue, from, to, withinMs)))
            if (!same(figures[figure as keyof typeof figures].value, value))
              throw new Error(
                `${figure} of ${queue ?? 'all'}: ${String(figures[figure as keyof typeof figures].value)}, not ${String(value)}`,
              );
        }
        for (const agent of [null, ...agents]) {
          const { value } = agentFigures(measures, { name: agent, from, to }, at).occupancy;
          const expected = expectedOccupancy(known, agent, from, to, at);
          if (!same(value, expected))
            throw new Error(`occupancy of ${agent ?? 'all'}: ${String(value)}, not ${String(expected)}`);
        }
      }
    });
  });
  const { failed, counterexample, seed, error } = ((details) => ({
    ...details,
    error: details.errorInstance,
  }))(fc.check(property, { numRuns: 400 }));
  t.notOk(failed, `seed ${seed}: ${String(error)} ${JSON.stringify(counterexample)}`);
});

/** Sums of the same numbers in another order differ in their last digits. */
function same(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(a - b) < 1e-9);
}
