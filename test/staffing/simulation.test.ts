/** The router in virtual time: it agrees with theory where theory applies, and a search finds what theory would. */
import t, { type Test } from 'tap';
import { createRandom } from '../../src/base/index.js';
import { agentFigures } from '../../src/measures/index.js';
import type { Estimate } from '../../src/staffing/estimate.js';
import {
  type Replication,
  replicate,
  report,
  type Report,
  type Scenario,
  searchStaffing,
} from '../../src/staffing/index.js';
import { predict, type TheoryFigures } from '../../src/staffing/theory.js';
import { runCentre } from '../../src/staffing/virtual-centre.js';
import { oneQueue, plainQueue } from '../kit/scenarios.js';

function replications(scenario: Scenario, agents: readonly number[]): readonly Replication[] {
  return Array.from({ length: scenario.replications }, (_, nth) => replicate(scenario, agents, nth));
}

function simulated(scenario: Scenario): Report {
  const agents = scenario.halfHours.map((one) => one.agents ?? 0);
  return report(scenario, agents, replications(scenario, agents));
}

function searched(scenario: Scenario): Report {
  if (scenario.target === null) throw new Error('nothing to search for');
  const searching = searchStaffing(scenario, scenario.target);
  let step = searching.next();
  while (!step.done) step = searching.next(replications(scenario, step.value));
  return step.value.report;
}

function theory(scenario: Scenario, which: 'erlang-c' | 'erlang-a', agents: number): TheoryFigures {
  const halfHour = scenario.halfHours[0];
  const found = halfHour === undefined ? null : predict(scenario, which, halfHour, agents);
  if (found === null) throw new Error('theory says nothing');
  return found;
}

/**
 * The seed is fixed, so that the verdict is the same on each day. Of five figures one in twenty misses its interval of
 * 95 % by chance alone; twice its width none does.
 */
function agrees(t: Test, what: string, { value, within }: Estimate, expected: number): void {
  const off = Math.abs((value ?? Number.NaN) - expected);
  t.ok(
    off <= 2 * (within ?? 0) && off <= 0.05 * Math.max(expected, 0.05),
    `${what}: ${value} ± ${within}, theory ${expected}`,
  );
}

t.test('where everybody waits, the router does what Erlang C says', async (t) => {
  const scenario = oneQueue(200, 12, 20);
  const { all } = simulated(scenario);
  const c = theory(scenario, 'erlang-c', 12);
  agrees(t, 'service level', all.serviceLevel, c.serviceLevel);
  agrees(t, 'waiting', all.waiting, c.waiting);
  agrees(t, 'occupancy', all.occupancy, c.occupancy);
});

t.test('where callers hang up, the router does what Erlang A says', async (t) => {
  const scenario = oneQueue(260, 12, 16, { patience: { type: 'exponential', meanMs: 120_000 } });
  const { all } = simulated(scenario);
  const a = theory(scenario, 'erlang-a', 12);
  agrees(t, 'service level', all.serviceLevel, a.serviceLevel);
  agrees(t, 'speed of answer', all.speedOfAnswerMs, a.speedOfAnswerMs);
  agrees(t, 'abandonment', all.abandonment, a.abandonment);
  agrees(t, 'waiting', all.waiting, a.waiting);
  agrees(t, 'occupancy', all.occupancy, a.occupancy);
});

t.test('the same seed gives the same run, another seed another', async (t) => {
  const scenario = oneQueue(200, 12, 2);
  const agents = scenario.halfHours.map(() => 12);
  t.strictSame(replicate(scenario, agents, 3), replicate(scenario, agents, 3));
  t.notSame(replicate(scenario, agents, 3), replicate(scenario, agents, 4));
  t.notSame(replicate(scenario, agents, 3), replicate({ ...scenario, seed: 2 }, agents, 3));
});

t.test('the same callers come, whatever the staffing is', async (t) => {
  const scenario = oneQueue(200, 20, 4);
  const offered = (agents: number): number[] =>
    replicate(
      scenario,
      scenario.halfHours.map(() => agents),
      0,
    ).halfHours.map((one) => one.offered);
  t.strictSame(offered(11), offered(20));
});

t.test('a search finds as many agents as theory for 80 % in 20 s', async (t) => {
  // 100 calls of three minutes in half an hour: 14 agents by Erlang C.
  const found = searched(
    oneQueue(200, 30, 10, {
      replications: 6,
      target: { type: 'service-level', formula: 'all-offered', share: 0.8, of: 'half-hour' },
    }),
  );
  t.equal(found.halfHours[0]?.agents, 14);
  t.equal(found.halfHours[0]?.needed?.['erlang-c'], 14);
  t.ok(found.isGood);
});

t.test('each half hour has its own staffing, and nobody sits there where nobody calls', async (t) => {
  const day = oneQueue(0, 40, 0, { warmUp: 0, steady: false, replications: 8 });
  const found = searched({
    ...day,
    halfHours: [40, 0, 160].map((calls, n) => ({ start: n * 1_800_000, calls, agents: null })),
    target: { type: 'speed-of-answer', ms: 10_000, of: 'half-hour' },
  });
  const [few = 0, none, many = 0] = found.halfHours.map((one) => one.agents);
  t.equal(none, 0);
  t.ok(few > 0 && many > few, `${few} and ${many}`);
  t.ok(found.isGood);
});

t.test('the day as a whole needs no more agents than each half hour does', async (t) => {
  const day = {
    ...oneQueue(0, 40, 0, { warmUp: 0, steady: false, replications: 6 }),
    halfHours: [60, 90, 120].map((calls, n) => ({ start: n * 1_800_000, calls, agents: null })),
  };
  const target = { type: 'speed-of-answer', ms: 10_000 } as const;
  const each = searched({ ...day, target: { ...target, of: 'half-hour' } });
  const whole = searched({ ...day, target: { ...target, of: 'day' } });
  t.ok(whole.agentHours <= each.agentHours, `${whole.agentHours} and ${each.agentHours} hours`);
  t.ok(whole.isGood && each.isGood);
});

t.test('with too few agents there are the search says so', async (t) => {
  const found = searched(
    oneQueue(200, 8, 3, {
      patience: { type: 'exponential', meanMs: 60_000 },
      target: { type: 'service-level', formula: 'all-offered', share: 0.9, of: 'day' },
    }),
  );
  t.equal(found.halfHours[0]?.agents, 8);
  t.equal(found.isGood, false);
});

t.test('skills cost: of the same agents, those who know one thing each answer later', async (t) => {
  const base = oneQueue(200, 14, 8, {
    replications: 4,
    patience: { type: 'exponential', meanMs: 180_000 },
  });
  const queues = new Map(['a', 'b'].map((name) => [name, plainQueue(name, { needs: [{ [name]: 1 }] })]));
  const callers = ['a', 'b'].map((queue) => ({ queue, needs: {}, share: 0.5 }));
  const skilled = (both: boolean): Scenario => ({
    ...base,
    callers,
    routing: {
      ...base.routing,
      queues,
      agents: new Map(
        base.agents.map((name, n) => {
          const own = both ? ['a', 'b'] : [n % 2 === 0 ? 'a' : 'b'];
          const skills = Object.fromEntries(own.map((skill) => [skill, 3]));
          return [name, { name, phone: `phone-of-${name}`, skills, queues: own }];
        }),
      ),
    },
  });
  const pooled = simulated(skilled(true)).all.speedOfAnswerMs.value ?? 0;
  const split = simulated(skilled(false)).all.speedOfAnswerMs.value ?? 0;
  t.ok(split > 1.5 * pooled, `${split} against ${pooled} ms`);
});

t.test('agents who go home finish their call, and come back where they are needed again', async (t) => {
  const scenario = {
    ...oneQueue(0, 6, 0, { warmUp: 0, steady: false, talk: { type: 'fixed', meanMs: 900_000 } }),
    halfHours: [12, 12, 12].map((calls, n) => ({ start: n * 1_800_000, calls, agents: null })),
  } satisfies Scenario;
  const { halfHours, calls } = replicate(scenario, [6, 1, 6], 0);
  const answered = halfHours.reduce((sum, one) => sum + one.answerMs.whole, 0);
  t.equal(answered, calls, 'everybody is answered in the end');
});

t.test('an agent who takes time to pick up adds it to every wait', async (t) => {
  const scenario = oneQueue(20, 20, 4, { pickUp: { type: 'fixed', meanMs: 3_000 }, replications: 2 });
  t.equal(simulated(scenario).all.speedOfAnswerMs.value, 3_000);
});

t.test('an agent who takes too long to answer is paused as the queue says, and comes back', async (t) => {
  const late = (more: Partial<Scenario>, pauseAfterMisses: number): Scenario => {
    const base = oneQueue(60, 6, 4, { pickUp: { type: 'exponential', meanMs: 8_000 }, ...more });
    const general = plainQueue('general', { pauseAfterMisses });
    return { ...base, routing: { ...base.routing, queues: new Map([['general', general]]) } };
  };
  const paused = (scenario: Scenario): number => {
    const { measures, endedAt } = runCentre(
      scenario,
      scenario.halfHours.map(() => 6),
      createRandom(3),
    );
    const all = { name: null, from: 0, to: Number.MAX_SAFE_INTEGER };
    const figures = agentFigures(measures, all, endedAt);
    t.ok((figures['missed-offers'].value ?? 0) > 10, `${figures['missed-offers'].value} missed`);
    return figures.paused.value ?? 0;
  };
  t.equal(paused(late({}, 0)), 0, 'where nobody is paused for it');
  const [short, long] = [paused(late({ backMs: 30_000 }, 1)), paused(late({ backMs: 120_000 }, 1))];
  t.ok(short > 0 && long > short, `${short} ms and ${long} ms paused`);
});
