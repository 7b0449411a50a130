import fc from 'fast-check';
import t from 'tap';
import { agentsNeeded, erlangA, erlangB, erlangC } from '../../src/staffing/erlang.js';

const rounded = (value: number | undefined, digits: number): number =>
  Number((value ?? Number.NaN).toFixed(digits));

t.test("Erlang's tables: the load that blocks one call in a hundred", async (t) => {
  // Traffic tables of the B formula at a grade of service of 1 %.
  const table = [
    [1, 0.0101],
    [2, 0.153],
    [5, 1.36],
    [10, 4.46],
    [20, 12.0],
    [50, 37.9],
    [100, 84.1],
  ] as const;
  for (const [agents, load] of table) {
    const blocked = erlangB(load, agents);
    t.ok(Math.abs(blocked - 0.01) < 0.0004, `${agents} agents, ${load} Erlang: ${blocked}`);
  }
});

t.test('360 calls of four minutes in half an hour, 55 agents (Angus, "The Erlang-C formula")', async (t) => {
  const found = erlangC({ rate: 360 / 1800, handling: 240 }, 55);
  t.equal(rounded(found?.waiting, 3), 0.239);
  t.equal(rounded(found?.answeredWithin(15), 2), 0.85);
  t.equal(rounded(found?.speedOfAnswer, 1), 8.2);
  t.equal(rounded(found?.occupancy, 3), 0.873);
});

t.test('100 calls of three minutes in half an hour need 14 agents for 80 % in 20 s', async (t) => {
  const load = { rate: 100 / 1800, handling: 180 };
  const found = agentsNeeded(
    (agents) => erlangC(load, agents),
    (one) => one.answeredWithin(20) >= 0.8,
  );
  t.equal(found, 14);
  t.equal(rounded(erlangC(load, 14)?.answeredWithin(20), 3), 0.888);
  t.equal(rounded(erlangC(load, 14)?.waiting, 3), 0.174);
});

t.test(
  '48 calls a minute, 50 agents, patience of 2 minutes (Garnett, Mandelbaum and Reiman 2002)',
  async (t) => {
    const load = { rate: 48 / 60, handling: 60 };
    const patient = erlangC(load, 50);
    t.equal(rounded(patient?.speedOfAnswer, 1), 20.8);
    t.equal(rounded(patient?.occupancy, 2), 0.96);
    const impatient = erlangA(load, 50, 120);
    t.equal(rounded(impatient.abandonment, 3), 0.031);
    t.equal(rounded(impatient.occupancy, 2), 0.93);
    // Theirs is the wait of all callers, which Little's law gives from those who leave.
    t.equal(rounded(impatient.abandonment * 120, 1), 3.7);
  },
);

t.test('more work than the agents can do has no answer without people who hang up', async (t) => {
  t.equal(erlangC({ rate: 1, handling: 60 }, 60), null);
  const found = erlangA({ rate: 2, handling: 60 }, 60, 60);
  t.ok(Math.abs(found.abandonment - 0.5) < 0.001, 'half of twice the work is left undone');
});

t.test('no agents are too few to name where the target cannot be reached', async (t) => {
  t.equal(
    agentsNeeded(
      () => null,
      () => true,
      50,
    ),
    null,
  );
});

const load = fc.record({
  rate: fc.double({ min: 0.001, max: 3, noNaN: true }),
  handling: fc.double({ min: 5, max: 600, noNaN: true }),
});

t.test('with patience without end Erlang A is Erlang C', async (t) => {
  const property = fc.property(load, fc.integer({ min: 1, max: 60 }), (one, spare) => {
    const agents = Math.ceil(one.rate * one.handling) + spare;
    const c = erlangC(one, agents);
    const a = erlangA(one, agents, 1e12);
    if (c === null) throw new Error('Erlang C says nothing');
    const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-4 * Math.max(1, Math.abs(y));
    return (
      near(a.waiting, c.waiting) &&
      near(a.speedOfAnswer, c.speedOfAnswer) &&
      near(a.answeredWithin(20), c.answeredWithin(20)) &&
      near(a.occupancy, c.occupancy)
    );
  });
  const { failed, counterexample, seed } = fc.check(property, { numRuns: 200 });
  t.notOk(failed, `seed ${seed}: ${JSON.stringify(counterexample)}`);
});

t.test('whoever calls is answered or hangs up in the end, and more agents make nothing worse', async (t) => {
  const property = fc.property(
    load,
    fc.integer({ min: 1, max: 400 }),
    fc.double({ min: 2, max: 900, noNaN: true }),
    (one, agents, patience) => {
      const few = erlangA(one, agents, patience);
      const more = erlangA(one, agents + 1, patience);
      const eps = 1e-6;
      return (
        Math.abs(few.answeredWithin(1e6) + few.abandonedWithin(1e6) - 1) < 1e-4 &&
        Math.abs(few.abandonedWithin(1e6) - few.abandonment) < 1e-4 &&
        few.abandonment > -eps &&
        few.occupancy <= 1 + 1e-4 &&
        more.abandonment <= few.abandonment + eps &&
        more.answeredWithin(20) >= few.answeredWithin(20) - eps
      );
    },
  );
  const { failed, counterexample, seed } = fc.check(property, { numRuns: 200 });
  t.notOk(failed, `seed ${seed}: ${JSON.stringify(counterexample)}`);
});

t.test('agents are never busier than all the time, however soon callers hang up', async (t) => {
  // Two seconds of patience beside talks of four minutes: 1.0001 before the integrals were parted.
  const found = erlangA({ rate: 0.9670401876899668, handling: 261.92153949886705 }, 2, 2);
  t.ok(found.occupancy <= 1 && found.occupancy > 0.99, `${found.occupancy}`);
  t.ok(Math.abs(found.answeredWithin(1e6) + found.abandonedWithin(1e6) - 1) < 1e-9);
});

t.test(
  'who hangs up leaves at the rate of the queue: abandonment is the mean wait over patience',
  async (t) => {
    // An identity of M/M/n+M, worked out here from the wait of those who stay and of those who leave.
    const one = { rate: 0.5, handling: 100 };
    for (const agents of [45, 50, 55]) {
      const found = erlangA(one, agents, 80);
      // Simpson's rule over 800 s, beyond which nobody waits.
      const step = 4;
      const waits = (s: number): number => 1 - found.answeredWithin(s) - found.abandonedWithin(s);
      let sum = waits(0);
      for (let n = 1; n < 200; n++) sum += waits(n * step) * (n % 2 === 1 ? 4 : 2);
      const wait = (sum * step) / 3;
      t.ok(
        Math.abs(found.abandonment - wait / 80) < 1e-4,
        `${agents} agents: ${found.abandonment}, ${wait / 80}`,
      );
    }
  },
);
