/** Commits that are slow or fail, and turns that the reserve takes meanwhile. */
import t from 'tap';
import { OnedoorError } from '../../src/base/index.js';
import { full, makeCommits, settle } from './kit.js';

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
