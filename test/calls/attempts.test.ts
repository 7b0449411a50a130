import fc from 'fast-check';
import t from 'tap';
import {
  type Attempts,
  countingAt,
  lockedUntil,
  withAttempt,
  withoutAttempt,
} from '../../src/calls/index.js';

const minute = 60_000;
const day = 24 * 60 * minute;
const rules = { tries: 3, lockMs: 15 * minute };
const start = Date.UTC(2026, 2, 4, 6);

/** So many wrong PINs at one moment. */
function wrong(count: number, at: number, before: Attempts | null = null): Attempts | null {
  return Array.from({ length: count }).reduce<Attempts | null>(
    (attempts) => withAttempt(attempts, rules, at),
    before,
  );
}

t.test('the last allowed try locks, and the lock ends by itself', async (t) => {
  t.equal(lockedUntil(wrong(2, start), start), null);
  const locked = wrong(3, start);
  t.equal(lockedUntil(locked, start), start + 15 * minute);
  t.equal(lockedUntil(locked, start + 15 * minute - 1), start + 15 * minute);
  t.equal(lockedUntil(locked, start + 15 * minute), null);
  const after = countingAt(locked, start + 15 * minute);
  t.match(after, { failures: 0, locks: 1, until: 0 }, 'and all tries are there again');
});

t.test('each lock lasts twice as long as the one before, and none longer than a day', async (t) => {
  let attempts: Attempts | null = null;
  let at = start;
  const lengths = Array.from({ length: 10 }, () => {
    attempts = wrong(3, at, attempts);
    const until = lockedUntil(attempts, at) ?? at;
    const length = until - at;
    at = until;
    return length / minute;
  });
  t.same(lengths, [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]);
});

t.test('a day after the last wrong PIN, or after the last lock, nothing counts any more', async (t) => {
  t.not(countingAt(wrong(2, start), start + day - 1), null);
  t.equal(countingAt(wrong(2, start), start + day), null);
  const locked = wrong(3, start);
  t.match(countingAt(locked, start + 15 * minute + day - 1), { locks: 1 });
  t.equal(countingAt(locked, start + 15 * minute + day), null);
  t.match(wrong(3, start + 2 * day, locked), { locks: 1, until: start + 2 * day + 15 * minute });
});

t.test('an attempt that the source did not answer is as if it had not been made', async (t) => {
  t.equal(withoutAttempt(wrong(1, start), start), null);
  t.match(withoutAttempt(wrong(2, start), start), { failures: 1, locks: 0, until: 0 });
  const reopened = withoutAttempt(wrong(3, start), start);
  t.match(reopened, { failures: 2, locks: 0, until: 0 }, 'a lock that it made goes with it');
  t.equal(lockedUntil(reopened, start), null);
  t.equal(withoutAttempt(null, start), null);
});

t.test('an answer that comes when all is over changes nothing', async (t) => {
  const locked = wrong(3, start);
  t.match(withoutAttempt(locked, start + 15 * minute), { failures: 0, locks: 1, until: 0 });
  t.equal(withoutAttempt(locked, start + 3 * day), null);
});

t.test('with one try every wrong PIN locks', async (t) => {
  const strict = { tries: 1, lockMs: minute };
  t.equal(lockedUntil(withAttempt(null, strict, start), start), start + minute);
});

/** What can happen to what is counted: a wrong PIN, a source that does not answer, time that passes. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.constant('wrong' as const) },
  { weight: 1, arbitrary: fc.constant('unanswered' as const) },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.integer({ min: 0, max: 20 * minute }),
      fc.integer({ min: 0, max: 3 * day }),
      fc.constant(15 * minute),
    ),
  },
);
const allowed = fc.record({
  tries: fc.integer({ min: 1, max: 6 }),
  lockMs: fc.integer({ min: 1_000, max: 2 * day }),
});

t.test('nobody ever gets more wrong tries in a row than are allowed, and a lock holds', async (t) => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), allowed, (happenings, given) => {
      let attempts: Attempts | null = null;
      let at = start;
      let inARow = 0;
      let lockEnds = 0;
      for (const one of happenings) {
        if (typeof one === 'number') {
          at += one;
          continue;
        }
        const until = lockedUntil(attempts, at);
        // Locked out: nothing leaves, and nothing is counted.
        if (until !== null) {
          if (until !== lockEnds || until <= at || until > at + day) return false;
          continue;
        }
        // It was let through: the lock that there was is over.
        if (at < lockEnds) return false;
        if (countingAt(attempts, at)?.failures !== inARow) inARow = 0;
        attempts = withAttempt(attempts, given, at);
        inARow += 1;
        if (one === 'unanswered') {
          attempts = withoutAttempt(attempts, at);
          inARow -= 1;
          if (lockedUntil(attempts, at) !== null) return false;
          continue;
        }
        const locks = lockedUntil(attempts, at);
        if (inARow > given.tries || (inARow === given.tries) !== (locks !== null)) return false;
        if (locks !== null) [lockEnds, inARow] = [locks, 0];
      }
      return true;
    }),
    { numRuns: 3_000 },
  );
  t.pass('whatever happens, in whichever order');
});

t.test('an attempt taken back leaves what was there before, but for how long it counts', async (t) => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), allowed, (happenings, given) => {
      let attempts: Attempts | null = null;
      let at = start;
      for (const one of happenings) {
        if (typeof one === 'number') at += one;
        else if (lockedUntil(attempts, at) === null) attempts = withAttempt(attempts, given, at);
      }
      if (lockedUntil(attempts, at) !== null) return true;
      const before = countingAt(attempts, at);
      const after = withoutAttempt(withAttempt(attempts, given, at), at);
      return (
        (after?.failures ?? 0) === (before?.failures ?? 0) &&
        (after?.locks ?? 0) === (before?.locks ?? 0) &&
        lockedUntil(after, at) === null
      );
    }),
    { numRuns: 2_000 },
  );
  t.pass('whatever was before');
});
