import fc from 'fast-check';
import t from 'tap';
import { createRandom } from '../../src/base/index.js';
import { type Distribution, drawing } from '../../src/staffing/chance.js';
import { estimate, studentT } from '../../src/staffing/estimate.js';

t.test('a ratio of sums, with an interval by the residuals', async (t) => {
  const found = estimate([
    { part: 8, whole: 10 },
    { part: 30, whole: 40 },
  ]);
  t.equal(found.value, 38 / 50);
  // Residuals 0.4 and -0.4; one degree of freedom.
  t.ok(Math.abs((found.within ?? 0) - (12.706 * Math.sqrt(2 * 2 * 0.16)) / 50) < 1e-12);
});

t.test('one replication tells nothing of how sure it is, none tells nothing at all', async (t) => {
  t.strictSame(estimate([{ part: 1, whole: 4 }]), { value: 0.25, within: null });
  t.strictSame(estimate([{ part: 0, whole: 0 }]), { value: null, within: null });
});

t.test('the interval of 95 % holds the truth about 95 times in 100', async (t) => {
  const random = createRandom(20260304);
  const trials = 2_000;
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const parts = Array.from({ length: 12 }, () => {
      const whole = random.between(50, 150);
      return { whole, part: Array.from({ length: whole }, () => random.chance(0.3)).filter(Boolean).length };
    });
    const { value, within } = estimate(parts);
    if (Math.abs((value ?? 0) - 0.3) <= (within ?? 0)) held += 1;
  }
  t.ok(held / trials > 0.93 && held / trials < 0.97, `${held} of ${trials}`);
});

t.test("Student's t falls towards the normal distribution without a jump", async (t) => {
  for (let freedom = 1; freedom < 60; freedom++)
    t.ok(studentT(freedom) > studentT(freedom + 1) && studentT(freedom + 1) > 1.96, `${freedom}`);
});

t.test('what is drawn has the mean and the deviation that were asked for', async (t) => {
  const cases: readonly (readonly [Distribution, number])[] = [
    [{ type: 'fixed', meanMs: 169_000 }, 0],
    [{ type: 'exponential', meanMs: 169_000 }, 169_000],
    [{ type: 'lognormal', meanMs: 149_000, deviationMs: 120_000 }, 120_000],
  ];
  for (const [distribution, deviation] of cases) {
    const draw = drawing(distribution, createRandom(7));
    const drawn = Array.from({ length: 200_000 }, draw);
    const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
    const spread = Math.sqrt(drawn.reduce((sum, one) => sum + (one - mean) ** 2, 0) / drawn.length);
    t.ok(Math.abs(mean / distribution.meanMs - 1) < 0.01, `${distribution.type}: mean ${mean}`);
    t.ok(Math.abs(spread - deviation) <= 0.02 * deviation, `${distribution.type}: deviation ${spread}`);
  }
});

t.test('nothing that is drawn is negative, endless or no whole millisecond', async (t) => {
  const seconds = fc.double({ min: 0.1, max: 36_000, noNaN: true });
  const property = fc.property(fc.nat(), seconds, seconds, (seed, mean, deviation) => {
    const all: Distribution[] = [
      { type: 'exponential', meanMs: mean * 1000 },
      { type: 'lognormal', meanMs: mean * 1000, deviationMs: deviation * 1000 },
    ];
    return all.every((one) => {
      const draw = drawing(one, createRandom(seed));
      return Array.from({ length: 50 }, draw).every((ms) => Number.isSafeInteger(ms) && ms >= 0);
    });
  });
  const { failed, counterexample, seed } = fc.check(property, { numRuns: 200 });
  t.notOk(failed, `seed ${seed}: ${JSON.stringify(counterexample)}`);
});
