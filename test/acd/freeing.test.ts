/** How likely so many agents are free by then, against counting every way in which it can come. */
import fc from 'fast-check';
import t from 'tap';
import { chanceOf, type Workers } from '../../src/acd/freeing.js';
import { type Handling, lastingShare, normalTail, talksOf } from '../../src/acd/handling.js';

const handling: Handling = { meanMs: 160_000, deviationMs: 110_000, rest: 0.74 };
const talks = talksOf(handling, 20_000);

type Worker = Workers['all'][number];

const wrapsUp = (afterMs: number, stage = 0): Worker => ({
  stage,
  isAlone: false,
  afterMs,
  talks: null,
  talkedMs: 0,
  lasting: 1,
  handling,
  share: 0,
  shareMs: 0,
});
const talksFor = (talkedMs: number, stage = 0): Worker => ({
  ...wrapsUp(talks.wrapUpMs, stage),
  talks,
  talkedMs,
  lasting: lastingShare(talks, talkedMs),
});

t.test('the tail of the normal distribution is the table’s', async (t) => {
  for (const [deviations, share] of [
    [0, 0.5],
    [1, 0.158655],
    [1.959964, 0.025],
    [-1, 0.841345],
    [3, 0.00135],
  ] as const)
    t.ok(Math.abs(normalTail(deviations) - share) < 1e-6, `${deviations}`);
});

t.test(
  'talks have the mean that is left of handling, and half of them are shorter than the median',
  async (t) => {
    let meanMs = 0;
    for (let ms = 500; ms < 20_000_000; ms += 1_000) meanMs += lastingShare(talks, ms) * 1_000;
    t.ok(Math.abs(meanMs - 140_000) < 100, `${meanMs}`);
    t.ok(Math.abs(lastingShare(talks, Math.exp(talks.middle)) - 0.5) < 1e-6);
    t.equal(lastingShare(talks, 0), 1);
  },
);

t.test('one who wraps up is free just then, and who talks not before wrap-up is over', async (t) => {
  const one = { all: [wrapsUp(12_000)], ms: 0 };
  t.equal(chanceOf(one, 0, 1, 11_999), 0);
  t.equal(chanceOf(one, 0, 1, 12_000), 1);
  const other = { all: [talksFor(60_000)], ms: 0 };
  t.equal(chanceOf(other, 0, 1, 20_000), 0);
  const chance = chanceOf(other, 0, 1, 50_000);
  const expected = 1 - lastingShare(talks, 90_000) / lastingShare(talks, 60_000);
  t.ok(Math.abs(chance - expected) < 1e-9, `${chance}`);
});

t.test('who may serve at a later stage alone does not count before', async (t) => {
  const workers = { all: [wrapsUp(1_000, 1)], ms: 0 };
  t.equal(chanceOf(workers, 0, 1, 2_000), 0);
  t.equal(chanceOf(workers, 1, 1, 3_000), 1);
});

t.test('one who could serve nobody before is enough, however many stand before', async (t) => {
  for (const needed of [3, 40]) {
    const workers = { all: [{ ...wrapsUp(5_000), isAlone: true }, wrapsUp(1_000), talksFor(0)], ms: 0 };
    t.equal(chanceOf(workers, 0, needed, 4_999), 0);
    t.equal(chanceOf(workers, 0, needed, 5_000), 1);
  }
});

t.test('the first calls of up to eight agents are counted as all their combinations are', async (t) => {
  const floor = fc.array(fc.record({ talkedMs: fc.nat({ max: 400_000 }), ends: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  });
  const property = fc.property(
    floor,
    fc.integer({ min: 1, max: 60_000 }),
    fc.integer({ min: 1, max: 8 }),
    (agents, ms, needed) => {
      const all = agents.map(({ talkedMs, ends }) => (ends ? wrapsUp(talkedMs) : talksFor(talkedMs)));
      const found = chanceOf({ all, ms: 0 }, 0, needed, ms);
      // So soon nobody is free twice; each is free or not.
      let chance = 0;
      for (let free = 0; free < 2 ** all.length; free++) {
        let way = 1;
        let count = 0;
        all.forEach(({ share }, i) => {
          const isFree = (free & (1 << i)) !== 0;
          way *= isFree ? share : 1 - share;
          if (isFree) count++;
        });
        if (count >= needed) chance += way;
      }
      return Math.abs(found - chance) < 1e-9;
    },
  );
  const { failed, counterexample, seed } = fc.check(property, { numRuns: 300 });
  t.notOk(failed, `seed ${seed}: ${JSON.stringify(counterexample)}`);
});

t.test('more time makes it likelier, more calls less, at any size', async (t) => {
  const property = fc.property(
    fc.array(fc.nat({ max: 300_000 }), { minLength: 1, maxLength: 40 }),
    fc.double({ min: 1, max: 60, noNaN: true }),
    (talked, needed) => {
      const floor = (): Workers => ({ all: talked.map((talkedMs) => talksFor(talkedMs)), ms: 0 });
      const [less, more] = [floor(), floor()];
      let before = 0;
      for (let ms = 1_000; ms < 7_200_000; ms *= 1.3) {
        const chance = chanceOf(less, 0, needed, ms);
        const fewer = chanceOf(more, 0, needed + 0.5, ms);
        // From the thirteenth on by the normal distribution, which is a little off.
        const off = Math.floor(needed) === 12 ? 0.05 : 1e-9;
        if (chance < before - 1e-9 || fewer > chance + off || chance > 1) return false;
        before = chance;
      }
      return true;
    },
  );
  const { failed, counterexample, seed } = fc.check(property, { numRuns: 200 });
  t.notOk(failed, `seed ${seed}: ${JSON.stringify(counterexample)}`);
});
