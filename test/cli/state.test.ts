import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { OnedoorError } from '../../src/base/index.js';
import { httpToken, keptAriPort, openStateFolder, tokenFile } from '../../src/cli/state-folder.js';
import { lockHolder, lockState } from '../../src/cli/state-lock.js';

const place = { http: '127.0.0.1:22620', sip: '127.0.0.1:22621' };
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

t.test('a state folder is made once, for its owner alone, and keeps its token', async (t) => {
  const root = join(t.testdir(), 'deep', 'state');
  const state = openStateFolder(root);
  const token = httpToken(state);
  t.match(token, /^[A-Za-z0-9_-]{43}$/);
  t.equal(mode(root), '700');
  t.equal(mode(state.secrets), '700');
  t.equal(mode(tokenFile(state)), '600');
  t.equal(httpToken(openStateFolder(root)), token, 'a second start has the same');
  t.not(httpToken(openStateFolder(join(t.testdir({}), 'other'))), token, 'another hotline has another');
});

t.test('the port of the exchange is chosen once', async (t) => {
  const state = openStateFolder(t.testdir());
  const port = await keptAriPort(state);
  t.ok(port > 0 && port < 65_536);
  t.equal(await keptAriPort(state), port);
});

t.test('a state that a newer engine has written is refused', async (t) => {
  const root = t.testdir({ format: '2\n' });
  const error = t.throws(() => openStateFolder(root)) as OnedoorError;
  t.equal(error.code, 'ONEDOOR_CLI_STATE_NEWER');
  t.notOk(existsSync(join(root, 'secrets')), 'nothing was made in it');
});

t.test('a folder that cannot be made is told', async (t) => {
  const root = join(t.testdir({ file: 'x' }), 'file', 'state');
  const error = t.throws(() => openStateFolder(root)) as OnedoorError;
  t.equal(error.code, 'ONEDOOR_CLI_STATE_UNUSABLE');
});

t.test('one holder at a time, who can be asked for', async (t) => {
  const path = join(t.testdir(), 'lock');
  t.equal(lockHolder(path), null);
  const first = lockState(path, place);
  if (first.result !== 'locked') throw new Error('it is free');
  t.equal(mode(path), '600');
  const second = lockState(path, { http: 'x:1', sip: 'x:2' });
  t.match(second, { result: 'held', holder: { pid: process.pid, ...place } });
  first.lock.release();
  t.equal(lockHolder(path), null);
  const third = lockState(path, place);
  t.equal(third.result, 'locked');
  first.lock.release();
  t.ok(lockHolder(path), 'who gave it back once cannot take it from the next');
  if (third.result === 'locked') third.lock.release();
});

/** What a lock of this very process says. */
function ownLock(folder: string): Record<string, unknown> {
  const path = join(folder, 'own');
  const taken = lockState(path, place);
  const holder = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  if (taken.result === 'locked') taken.lock.release();
  return holder;
}

t.test(
  'the lock of a process that is gone is put aside, also when its id was given to another',
  async (t) => {
    const folder = t.testdir();
    const path = join(folder, 'lock');
    const own = ownLock(folder);
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    for (const gone of [
      { ...own, pid: child.pid },
      { ...own, started: '1' },
    ]) {
      writeFileSync(path, JSON.stringify(gone));
      t.equal(lockHolder(path), null);
      const taken = lockState(path, place);
      t.equal(taken.result, 'locked');
      if (taken.result === 'locked') taken.lock.release();
    }
  },
);

t.test('a holder elsewhere is believed as long as it shows signs of life', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'lock');
  writeFileSync(path, JSON.stringify({ ...ownLock(folder), where: 'another machine' }));
  t.equal(lockState(path, place).result, 'held');
  const longAgo = new Date(Date.now() - 11_000);
  utimesSync(path, longAgo, longAgo);
  const taken = lockState(path, place);
  t.equal(taken.result, 'locked');
  if (taken.result === 'locked') taken.lock.release();
});

t.test('a lock that is no lock holds nobody up', async (t) => {
  const path = join(t.testdir({ lock: 'half a li' }), 'lock');
  const taken = lockState(path, place);
  t.equal(taken.result, 'locked');
  if (taken.result === 'locked') taken.lock.release();
});
