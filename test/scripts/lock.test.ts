import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { load, runNode, SCRIPTS, writeTree } from './kit.js';

type Holder = { readonly pid: number; readonly started: string; readonly where: string };
const { withLock } = await load<{
  withLock: <T>(
    path: string,
    work: () => Promise<T>,
    options?: { waiting?: (holder: Holder) => void },
  ) => Promise<T>;
}>('lock.mjs');

t.test('processes that work under one lock never work at once', async (t) => {
  const folder = writeTree(t.testdir(), { counter: '0' });
  const source = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(join(SCRIPTS, 'lock.mjs'))};
    const counter = ${JSON.stringify(join(folder, 'counter'))};
    for (let round = 0; round < 5; round += 1)
      await withLock(${JSON.stringify(join(folder, 'lock'))}, async () => {
        const seen = Number(readFileSync(counter, 'utf8'));
        await new Promise((resolve) => setImmediate(resolve));
        writeFileSync(counter, String(seen + 1));
      });`;
  const ended = await Promise.all([runNode(source), runNode(source), runNode(source)]);
  t.same(
    ended.map(({ code, stderr }) => [code, stderr]),
    [0, 1, 2].map(() => [0, '']),
  );
  t.equal(readFileSync(join(folder, 'counter'), 'utf8'), '15');
  t.same(readdirSync(folder), ['counter']);
});

t.test('whoever has to wait is told for whom, once', async (t) => {
  const lock = join(t.testdir(), 'lock');
  const told: number[] = [];
  let second: Promise<string> | undefined;
  await withLock(lock, async () => {
    second = withLock(lock, async () => 'mine', { waiting: ({ pid }) => told.push(pid) });
    t.same(told, [process.pid]);
  });
  t.equal(await second, 'mine');
  t.same(told, [process.pid]);
});

t.test('the lock of a process that was killed is taken over', async (t) => {
  const lock = join(t.testdir(), 'lock');
  const killed = await runNode(`
    import { withLock } from ${JSON.stringify(join(SCRIPTS, 'lock.mjs'))};
    await withLock(${JSON.stringify(lock)}, async () => process.kill(process.pid, 'SIGKILL'));
    await new Promise(() => setInterval(() => {}, 1000));`);
  t.equal(killed.code, null);
  t.ok(existsSync(lock));
  t.equal(await withLock(lock, async () => 'mine'), 'mine');
});

t.test('a process that got the number of a dead holder is not taken for it', async (t) => {
  const lock = join(t.testdir(), 'lock');
  let own = '';
  await withLock(lock, async () => {
    own = readFileSync(lock, 'utf8');
  });
  writeFileSync(lock, JSON.stringify({ ...(JSON.parse(own) as Holder), started: '1' }));
  t.equal(await withLock(lock, async () => 'mine'), 'mine');
});

t.test('a holder on another machine counts as dead when it has been silent for a minute', async (t) => {
  const lock = join(t.testdir(), 'lock');
  writeFileSync(lock, JSON.stringify({ pid: 1, started: '1', where: 'elsewhere' }));
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(lock, longAgo, longAgo);
  t.equal(await withLock(lock, async () => 'mine'), 'mine');
});

t.test('a lock is free again after work that failed', async (t) => {
  const lock = join(t.testdir(), 'lock');
  await t.rejects(
    withLock(lock, async () => {
      throw new Error('no luck');
    }),
    { message: 'no luck' },
  );
  t.notOk(existsSync(lock));
});
