import fc from 'fast-check';
import t from 'tap';
import { createRandom } from '../../../src/base/index.js';
import { createLifetime, createVirtualTime, virtualStart } from '../../../src/telephony/simulator/index.js';

t.test('alarms go off in the order of their times, those of one time in the order of setting', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 40 }), async (delays) => {
      const time = createVirtualTime(0);
      const went: { at: number; nth: number }[] = [];
      for (const [nth, delay] of delays.entries()) time.at(delay, () => went.push({ at: time.now(), nth }));
      await time.runUntilIdle();
      const wanted = delays.map((at, nth) => ({ at, nth })).sort((a, b) => a.at - b.at || a.nth - b.nth);
      t.same(went, wanted);
    }),
    { numRuns: 100 },
  );
});

t.test('an alarm in the past goes off next, and time never goes back', async (t) => {
  const time = createVirtualTime();
  await time.runFor(1_000);
  const went: number[] = [];
  time.at(0, () => went.push(time.now()));
  t.same(went, [], 'not inside the call');
  await time.runUntilIdle();
  t.same(went, [virtualStart + 1_000]);
});

t.test('every promise that can go on does so before the next alarm', async (t) => {
  const time = createVirtualTime(0);
  const order: string[] = [];
  time.at(1, () => {
    void (async () => {
      for (let hop = 0; hop < 50; hop++) await Promise.resolve();
      order.push('promises');
      time.at(1, () => order.push('what they set'));
    })();
  });
  time.at(2, () => order.push('later'));
  await time.runUntilIdle();
  t.same(order, ['promises', 'what they set', 'later']);
});

t.test('a cancelled alarm does not go off', async (t) => {
  const time = createVirtualTime(0);
  let ran = 0;
  const alarm = time.at(10, () => ran++);
  t.equal(time.next(), 10);
  alarm.cancel();
  t.equal(time.next(), null);
  t.equal(await time.runNext(), false);
  t.equal(ran, 0);
  t.equal(time.now(), 0);
});

t.test('time runs until a moment, with what happens at it', async (t) => {
  const time = createVirtualTime(0);
  const went: number[] = [];
  for (const at of [5, 10, 11]) time.at(at, () => went.push(at));
  await time.runUntil(10);
  t.same(went, [5, 10]);
  t.equal(time.now(), 10);
  await time.runFor(100);
  t.equal(time.now(), 110);
});

t.test('time runs until something is true, or a limit', async (t) => {
  const time = createVirtualTime(0);
  let count = 0;
  for (const at of [5, 10, 15]) time.at(at, () => count++);
  t.equal(await time.runUntilTrue(() => count === 2, 100), true);
  t.equal(time.now(), 10);
  t.equal(await time.runUntilTrue(() => count === 9, 100), false);
  t.equal(time.now(), 100);
});

t.test('what an alarm throws reaches whoever moves time', async (t) => {
  const time = createVirtualTime(0);
  time.at(1, () => {
    throw new Error('a bug');
  });
  await t.rejects(time.runUntilIdle(), { message: 'a bug' });
});

t.test('a program that never rests is given up', async (t) => {
  const time = createVirtualTime(0);
  const again = (): void => void time.at(time.now() + 1, again);
  again();
  await t.rejects(time.runUntilIdle(50), RangeError);
});

t.test('the alarms of a life end with it, and none can be set any more', async (t) => {
  const time = createVirtualTime(0);
  const life = createLifetime(time);
  const went: string[] = [];
  life.at(1, () => went.push('alive'));
  life.at(5, () => went.push('dead'));
  life.at(2, () => went.push('cancelled')).cancel();
  time.at(5, () => went.push('others'));
  await time.runUntil(3);
  life.end();
  life.at(4, () => went.push('set by the dead'));
  await time.runUntilIdle();
  t.same(went, ['alive', 'others']);
  t.equal(life.now(), 5);
});

t.test('chance repeats itself from its seed, and is spread evenly', async (t) => {
  const draw = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 1_000 }, () => random.between(1, 6));
  };
  t.same(draw(7), draw(7));
  t.notSame(draw(7), draw(8));
  for (let face = 1; face <= 6; face++) {
    const share = draw(7).filter((value) => value === face).length;
    t.ok(share > 120 && share < 220, `${face} came ${share} times`);
  }
  const random = createRandom(1);
  t.equal(random.chance(0), false);
  t.equal(random.chance(1), true);
  t.throws(() => random.pick([]), RangeError);
});
