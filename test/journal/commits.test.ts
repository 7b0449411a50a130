import t from 'tap';
import { OnedoorError } from '../../src/base/index.js';
import { defaultLimits } from '../../src/journal/commit-limits.js';
import { createCommits } from '../../src/journal/commits.js';
import { defaultRetention, type Group } from '../../src/journal/group.js';
import { createReserve, type ReserveMedium } from '../../src/journal/reserve.js';
import { createVirtualTimers, makeTurn, settle, silent } from './kit.js';

/** Commits over a store and a reserve that answer when the test says so. */
function makeCommits(options: { readonly reserve?: boolean } = {}) {
  const timers = createVirtualTimers();
  const handed: { seqs: number[]; done: (failure: OnedoorError | null) => void }[] = [];
  const written: ((failure: Error | null) => void)[] = [];
  const states: string[] = [];
  const order: string[] = [];
  let owner: 'us' | 'another' | 'unknown' = 'us';
  const medium: ReserveMedium = {
    size: 100_000,
    write: (_offset, _bytes, done) => void written.push(done),
    close: () => Promise.resolve(),
  };
  const commits = createCommits({
    epoch: 1,
    seq: 0,
    store: {
      commit: (groups, done) => void handed.push({ seqs: groups.flatMap(turnsOf), done }),
      ask: () => Promise.reject(new Error('Nobody asks.')),
      close: () => Promise.resolve(),
    },
    reserve: options.reserve === false ? null : createReserve(medium, 1),
    owner: () => owner,
    retention: defaultRetention,
    limits: defaultLimits,
    timers,
    log: silent,
  });
  commits.onState((state, why) => void states.push(`${state}: ${why}`));
  let seq = 0;
  return {
    commits,
    timers,
    states,
    order,
    handed,
    written,
    append(urgent = true) {
      const mine = ++seq;
      return commits.append(makeTurn(mine), urgent).then(
        () => void order.push(`${mine}`),
        (error: unknown) => void order.push(`${mine} ${error instanceof OnedoorError ? error.code : 'bug'}`),
      );
    },
    own(by: typeof owner) {
      owner = by;
    },
    /** The store's answer to the oldest commit. */
    async answer(failure: OnedoorError | null = null) {
      handed.shift()?.done(failure);
      await settle();
    },
    /** The reserve's answer to the oldest write. */
    async written1(failure: Error | null = null) {
      written.shift()?.(failure);
      await settle();
    },
  };
}

function turnsOf(group: Group): number[] {
  return Array.from({ length: group.to - group.from + 1 }, (_, index) => group.from + index);
}

const full = new OnedoorError('ONEDOOR_JOURNAL_STORE', { why: 'database or disk is full' });

t.test('a turn that a caller waits for is committed at once', async (t) => {
  const it = makeCommits();
  void it.append(true);
  t.same(it.handed[0]?.seqs, [1]);
});

t.test('a turn that nobody waits for is kept 25 ms for company', async (t) => {
  const it = makeCommits();
  void it.append(false);
  it.timers.advance(24);
  void it.append(false);
  t.equal(it.handed.length, 0);
  it.timers.advance(1);
  t.same(it.handed[0]?.seqs, [1, 2]);
});

t.test('turns that nobody waits for do not hasten the next commit', async (t) => {
  const it = makeCommits();
  void it.append(true);
  for (let n = 0; n < 4; n++) void it.append(true);
  it.timers.advance(5);
  await it.answer();
  t.same(it.handed[0]?.seqs, [2, 3, 4, 5]);
  it.timers.advance(19);
  await it.answer();
  void it.append(false);
  it.timers.advance(24);
  t.equal(it.handed.length, 0);
  it.timers.advance(1);
  t.same(it.handed[0]?.seqs, [6]);
});

t.test('a turn that a caller waits for takes along those that wait for company', async (t) => {
  const it = makeCommits();
  void it.append(false);
  void it.append(true);
  t.same(it.handed[0]?.seqs, [1, 2]);
});

/** Commits that have used up what lets a few of them go at once; the newest started just now. */
async function busyCommits(): Promise<ReturnType<typeof makeCommits>> {
  const it = makeCommits();
  for (let n = 0; n < 5; n++) {
    void it.append(true);
    await it.answer();
  }
  it.order.length = 0;
  return it;
}

t.test('of turns that a caller waits for a few go at once, however soon one after the other', async (t) => {
  const it = makeCommits();
  for (let n = 1; n <= 6; n++) {
    void it.append(true);
    t.same(it.handed[0]?.seqs, [n]);
    await it.answer();
  }
  void it.append(true);
  t.equal(it.handed.length, 0, 'the pauses that were put off are made now');
  it.timers.advance(5);
  t.same(it.handed[0]?.seqs, [7]);
  await it.answer();
  it.timers.advance(30);
  for (let n = 8; n <= 13; n++) {
    void it.append(true);
    t.same(it.handed[0]?.seqs, [n], 'after a rest they go at once again');
    await it.answer();
  }
});

t.test(
  'what comes while a commit is under way goes together in the next, no sooner than 5 ms later',
  async (t) => {
    const it = await busyCommits();
    for (let n = 0; n < 4; n++) void it.append(true);
    it.timers.advance(1);
    await it.answer();
    t.same(it.order, ['6']);
    t.equal(it.handed.length, 0);
    it.timers.advance(4);
    t.same(it.handed[0]?.seqs, [7, 8, 9]);
    it.timers.advance(20);
    await it.answer();
    t.same(it.order, ['6', '7', '8', '9']);
    void it.append(true);
    t.equal(it.handed.length, 1, 'a commit at rest is not delayed');
  },
);

t.test('the more turns a commit had the longer is the pause after it, up to 12 ms', async (t) => {
  for (const [turns, pause] of [
    [2, 10],
    [9, 12],
  ] as const) {
    const it = await busyCommits();
    void it.append(true);
    for (let n = 0; n < turns; n++) void it.append(true);
    it.timers.advance(5);
    await it.answer();
    t.equal(it.handed[0]?.seqs.length, turns);
    void it.append(true);
    await it.answer();
    it.timers.advance(pause - 1);
    t.equal(it.handed.length, 0);
    it.timers.advance(1);
    t.equal(it.handed.length, 1);
  }
});

t.test('a turn out of order is a bug, and a turn that is in already is passed over', async (t) => {
  const it = makeCommits();
  await t.rejects(it.commits.append(makeTurn(2), true), { code: 'ONEDOOR_BASE_BUG' });
  void it.append();
  await it.answer();
  await t.resolves(it.commits.append(makeTurn(1), true));
});

t.test('a slow commit makes the journal degraded, and its turns durable in the reserve', async (t) => {
  const it = makeCommits();
  void it.append();
  it.timers.advance(499);
  t.equal(it.commits.state, 'normal');
  it.timers.advance(1);
  t.same(it.states, ['degraded: a commit takes over 500 ms']);
  t.same(it.order, []);
  await it.written1();
  t.same(it.order, ['1']);
  void it.append(false);
  await it.written1();
  t.same(it.order, ['1', '2']);
});

t.test('after a slow commit the store is tried until it is quick, then all is normal', async (t) => {
  const it = makeCommits();
  void it.append();
  it.timers.advance(900);
  await it.written1();
  void it.append();
  await it.written1();
  await it.answer();
  t.equal(it.commits.state, 'degraded');
  it.timers.advance(250);
  t.same(it.handed[0]?.seqs, [2]);
  it.timers.advance(3);
  await it.answer();
  t.equal(it.commits.state, 'normal');
  t.match(it.states[1], /^normal/);
  t.equal(it.written.length, 1, 'the reserve is overwritten');
});

t.test('a journal is normal again when the store has all that was told to be durable', async (t) => {
  const it = makeCommits();
  void it.append();
  await it.answer(full);
  await it.written1();
  it.timers.advance(250);
  t.same(it.handed[0]?.seqs, [1]);
  void it.append();
  await it.written1();
  t.same(it.order, ['1', '2']);
  await it.answer();
  t.equal(it.commits.state, 'degraded', 'turn 2 is in the reserve only');
  t.same(it.handed[0]?.seqs, [2]);
  void it.append();
  t.equal(it.written.length, 0, 'turn 3 waits for the store');
  await it.answer();
  t.equal(it.commits.state, 'normal');
  t.same(it.order, ['1', '2']);
  t.same(it.handed[0]?.seqs, [3]);
  await it.answer();
  t.same(it.order, ['1', '2', '3']);
});

t.test('a store that fails again while it catches up sends what waited to the reserve', async (t) => {
  for (const how of ['refuses', 'is slow'] as const) {
    const it = makeCommits();
    void it.append();
    await it.answer(full);
    await it.written1();
    it.timers.advance(250);
    void it.append();
    await it.written1();
    await it.answer();
    void it.append();
    if (how === 'refuses') await it.answer(full);
    else it.timers.advance(500);
    await it.written1();
    t.same(it.order, ['1', '2', '3'], how);
    t.same(it.states.length, 1);
  }
});

t.test('a write to the reserve that fails after the store is back loses nothing', async (t) => {
  const it = makeCommits();
  void it.append();
  it.timers.advance(500);
  it.timers.advance(100);
  await it.answer();
  it.timers.advance(250);
  await it.answer();
  await it.written1(new Error('EIO'));
  await it.answer();
  t.same(it.order, ['1']);
  t.equal(it.commits.state, 'normal');
});

t.test('a store that refuses is tried again, less and less often', async (t) => {
  const it = makeCommits();
  void it.append();
  await it.answer(full);
  t.equal(it.commits.state, 'degraded');
  await it.written1();
  t.same(it.order, ['1']);
  for (const pause of [250, 500, 1_000, 1_000]) {
    it.timers.advance(pause - 1);
    t.equal(it.handed.length, 0);
    it.timers.advance(1);
    t.same(it.handed[0]?.seqs, [1]);
    await it.answer(full);
  }
});

t.test(
  'turns that neither store nor reserve takes wait, and are written in order when the store is back',
  async (t) => {
    const it = makeCommits();
    void it.append();
    await it.answer(full);
    await it.written1(new Error('EIO'));
    t.equal(it.commits.state, 'stalled');
    void it.append();
    void it.append();
    t.equal(it.written.length, 0, 'the reserve is not asked with each turn');
    t.same(it.order, []);
    it.timers.advance(250);
    t.same(it.handed[0]?.seqs, [1, 2, 3]);
    await it.answer();
    t.same(it.order, ['1', '2', '3']);
    t.same(it.states, [
      "degraded: The journal's store refused: database or disk is full.",
      'stalled: EIO',
      'normal: the store works again',
    ]);
    void it.append();
    it.timers.advance(15);
    t.same(it.handed[0]?.seqs, [4]);
  },
);

t.test('a store that stands still for 10 s beside a reserve that does loses nothing', async (t) => {
  const it = makeCommits();
  void it.append();
  it.timers.advance(500);
  for (let second = 0; second < 10; second++) {
    void it.append();
    it.timers.advance(950);
    await settle();
  }
  t.equal(it.commits.state, 'stalled');
  t.same(it.order, []);
  t.equal(it.handed.length, 1);
  t.equal(it.written.length, 1, 'a reserve that is stuck is given nothing more');
  await it.answer();
  t.same(it.order, ['1'], 'the store answers at last');
  it.timers.advance(250);
  t.same(it.handed[0]?.seqs, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  await it.answer();
  t.equal(it.commits.state, 'normal');
  t.equal(it.order.length, 11);
  await it.written1();
  t.equal(it.order.length, 11);
});

t.test('a stalled journal tries its reserve every 2 s, and lives on it once it works', async (t) => {
  const it = makeCommits();
  void it.append();
  it.timers.advance(500);
  await it.written1(new Error('EIO'));
  void it.append();
  it.timers.advance(2_000);
  await it.written1(new Error('EIO'));
  t.equal(it.commits.state, 'stalled');
  it.timers.advance(2_000);
  await it.written1();
  t.same(it.order, ['1', '2']);
  t.equal(it.commits.state, 'degraded');
  void it.append();
  await it.written1();
  t.same(it.order, ['1', '2', '3']);
});

t.test(
  'a store that waiting does not mend is waited for as long as the reserve lasts, no longer',
  async (t) => {
    const it = makeCommits();
    const broken = new OnedoorError('ONEDOOR_JOURNAL_BROKEN', { why: 'database disk image is malformed' });
    void it.append();
    await it.answer(broken);
    await it.written1();
    t.same(it.order, ['1']);
    it.timers.advance(250);
    await it.answer(broken);
    void it.append();
    await it.written1(new Error('EIO'));
    t.same(it.order, ['1', '2 ONEDOOR_JOURNAL_LOST']);
  },
);

t.test('closing a stalled journal says that its turns are lost', async (t) => {
  const it = makeCommits();
  void it.append();
  it.timers.advance(500);
  await it.written1(new Error('EIO'));
  t.equal(it.commits.state, 'stalled');
  const closed = it.commits.close();
  await it.written1(new Error('EIO'));
  await closed;
  t.same(it.order, ['1 ONEDOOR_JOURNAL_LOST']);
});

t.test('a reserve that does not answer in 2 s makes turns wait until it answers', async (t) => {
  const it = makeCommits();
  void it.append();
  await it.answer(full);
  it.timers.advance(1_999);
  await settle();
  t.same(it.order, []);
  it.timers.advance(1);
  void it.append();
  await settle();
  t.equal(it.commits.state, 'stalled');
  t.same(it.order, []);
  await it.written1();
  t.same(it.order, ['1']);
  t.equal(it.commits.state, 'degraded');
  void it.append();
  await it.written1();
  await it.written1();
  t.same(it.order, ['1', '2', '3']);
});

t.test('without a reserve turns wait for a failed store', async (t) => {
  const it = makeCommits({ reserve: false });
  void it.append();
  await it.answer(full);
  t.equal(it.commits.state, 'stalled');
  it.timers.advance(250);
  await it.answer();
  t.same(it.order, ['1']);
});

t.test('another owner ends it: what waits and what comes is refused', async (t) => {
  const it = makeCommits();
  void it.append();
  void it.append();
  await it.answer(new OnedoorError('ONEDOOR_JOURNAL_FENCED', { epoch: 1 }));
  void it.append();
  await settle();
  t.same(
    it.order,
    ['1', '2', '3'].map((seq) => `${seq} ONEDOOR_JOURNAL_FENCED`),
  );
});

for (const when of ['before', 'after'] as const)
  t.test(`another owner is noticed ${when} a write to the reserve`, async (t) => {
    const it = makeCommits();
    void it.append();
    if (when === 'before') it.own('another');
    await it.answer(full);
    it.own('another');
    await it.written1();
    t.same(it.order, ['1 ONEDOOR_JOURNAL_FENCED']);
  });

t.test('what is in the reserve of a folder whose owner cannot be read is not durable', async (t) => {
  const it = makeCommits();
  void it.append();
  it.own('unknown');
  await it.answer(full);
  t.equal(it.commits.state, 'stalled');
  it.own('us');
  it.timers.advance(2_000);
  it.own('unknown');
  await it.written1();
  t.same(it.order, []);
  it.own('us');
  it.timers.advance(2_000);
  await it.written1();
  t.same(it.order, ['1']);
});

t.test('closing commits what waits and takes no more', async (t) => {
  const it = makeCommits();
  void it.append();
  void it.append(false);
  let closed = false;
  void it.commits.close().then(() => {
    closed = true;
  });
  void it.append();
  await it.answer();
  t.notOk(closed);
  it.timers.advance(5);
  await it.answer();
  t.ok(closed);
  t.same(it.order, ['3 ONEDOOR_JOURNAL_CLOSED', '1', '2']);
});

t.test('closing while degraded waits for the reserve only', async (t) => {
  const it = makeCommits();
  void it.append();
  it.timers.advance(600);
  let closed = false;
  void it.commits.close().then(() => {
    closed = true;
  });
  await settle();
  t.notOk(closed);
  await it.written1();
  t.ok(closed);
  t.same(it.order, ['1']);
});

t.test('a loop that stood still is no slow commit', async (t) => {
  const it = makeCommits();
  const { timers } = it;
  const late: (() => void)[] = [];
  timers.soon = (run) => void late.push(run);
  void it.append();
  timers.advance(700);
  await it.answer();
  for (const run of late) run();
  t.equal(it.commits.state, 'normal');
});
