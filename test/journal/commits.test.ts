import t from 'tap';
import { OnedoorError } from '../../src/base/index.js';
import { makeCommits, makeTurn, settle } from './kit.js';

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
