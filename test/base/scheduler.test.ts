import t from 'tap';
import { type Clock, startScheduler } from '../../src/base/index.js';

const day = 86_400_000;

/** A clock and timers moved by hand; like Node's, a timer over 2^31-1 ms would go off at once. */
function handTime(start = 0) {
  let time = start;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const clock: Clock = { now: () => time };
  const scheduler = startScheduler(clock, (run, delayMs) => {
    const timer = { at: time + (delayMs > 2_147_483_647 ? 1 : delayMs), run };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  });
  /** Fires what is due. `early`: the timers see a clock that is so much ahead. */
  const advance = (ms: number, early = 0): void => {
    time += ms;
    const due = timers.filter(({ at }) => at <= time + early);
    timers = timers.filter((timer) => !due.includes(timer));
    for (const { run } of due) run();
  };
  return { scheduler, advance };
}

t.test(
  'an alarm goes off when the clock has reached its time, though its timer fired too early',
  async (t) => {
    const { scheduler, advance } = handTime(1_000);
    let ran = 0;
    scheduler.at(1_500, () => ran++);
    advance(499, 1);
    t.equal(ran, 0);
    advance(1);
    t.equal(ran, 1);
    advance(day);
    t.equal(ran, 1, 'once');
  },
);

t.test('an alarm in the past goes off, but not inside the call that sets it', async (t) => {
  const { scheduler, advance } = handTime(1_000);
  let ran = 0;
  scheduler.at(10, () => ran++);
  t.equal(ran, 0);
  advance(0);
  t.equal(ran, 1);
});

t.test('a cancelled alarm never goes off', async (t) => {
  const { scheduler, advance } = handTime();
  let ran = 0;
  const alarm = scheduler.at(60 * day, () => ran++);
  advance(30 * day);
  alarm.cancel();
  alarm.cancel();
  advance(31 * day);
  t.equal(ran, 0);
});

t.test('an alarm in 60 days neither goes off at once nor is forgotten', async (t) => {
  const { scheduler, advance } = handTime();
  let ran = 0;
  scheduler.at(60 * day, () => ran++);
  for (let passed = 1; passed < 60; passed++) {
    advance(day);
    t.equal(ran, 0, `day ${passed}`);
  }
  advance(day);
  t.equal(ran, 1);
});

t.test("Node's own timers carry it", async (t) => {
  const scheduler = startScheduler({ now: () => Math.floor(performance.now()) });
  const started = scheduler.now();
  // An alarm alone does not keep the process alive; a test has nothing else that does.
  const alive = setInterval(() => {}, 1_000);
  await new Promise<void>((resolve) => scheduler.at(started + 5, resolve));
  clearInterval(alive);
  t.ok(scheduler.now() >= started + 5);
});
