import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { lookupWorld } from '../kit/lookup-world.js';

const folder = mkdtempSync(join(tmpdir(), 'lookups-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

function fill(name: string, status: string): string {
  const path = join(folder, name);
  const database = new Sqlite(path);
  database.exec(`
    CREATE TABLE permits (reference TEXT, plate INTEGER, status TEXT, fee REAL, big INTEGER, photo BLOB, updated TEXT);
    INSERT INTO permits VALUES ('0042', 7, '${status}', 12.5, 9007199254740993, x'00', '2026-03-01');
    INSERT INTO permits VALUES ('0042', 8, 'later', NULL, 1, NULL, NULL);
  `);
  database.close();
  return path;
}

function setUp(query: string, file = fill('permits.db', 'approved'), more = '') {
  const world = lookupWorld(
    `permits:\n  sql:\n    file: ${file}\n    query: >-\n      ${query}\n${more.replace(/^(?=.)/gm, '    ')}`,
  );
  t.teardown(() => world.open.close());
  return world;
}

t.test('the first row that the query gives is the answer, in its own kinds of values', async (t) => {
  rmSync(join(folder, 'permits.db'), { force: true });
  const { ask, open } = setUp('SELECT * FROM permits WHERE reference = :reference ORDER BY plate');
  t.same(await open.examine(), []);
  t.same(await ask({ reference: '0042' }), {
    result: 'found',
    row: {
      reference: '0042',
      plate: 7,
      status: 'approved',
      fee: 12.5,
      big: '9007199254740993',
      updated: '2026-03-01',
    },
  });
  t.same(await ask({ reference: '42' }), { result: 'not-found' });
  t.same(await ask({ reference: '' }), { result: 'not-found' }, 'an empty entry is nobody’s key');
  t.match(await ask({ reference: ['0042'] }), { result: 'failed', why: /neither a text nor a number/ });
});

t.test('what a caller keys is a value, never a part of the query', async (t) => {
  const { ask } = setUp(
    'SELECT status FROM permits WHERE reference = :reference',
    join(folder, 'permits.db'),
  );
  for (const reference of ["' OR 1=1 --", '0042; DROP TABLE permits', ':reference', '%', '\0', '\ud800'])
    t.same(await ask({ reference }), { result: 'not-found' }, JSON.stringify(reference));
  t.match(await ask({ reference: '0042' }), { result: 'found' });
});

t.test('questions of many calls at once are answered each for itself', async (t) => {
  const { ask } = setUp('SELECT plate, status FROM permits WHERE plate = :plate', join(folder, 'permits.db'));
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => ask({ plate: 7 + (i % 3) })));
  t.same(
    answers.map((answer) => (answer.result === 'found' ? answer.row['plate'] : answer.result)),
    Array.from({ length: 60 }, (_, i) => (i % 3 === 2 ? 'not-found' : 7 + (i % 3))),
  );
});

t.test('a query without end is ended with its process; the next question is answered', async (t) => {
  const endless =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE :how = 'slow') SELECT max(x) AS x FROM n";
  const { ask, time, breaker } = setUp(endless, join(folder, 'permits.db'));
  t.match(await ask({ how: 'quick' }), { result: 'found', row: { x: 1 } });
  const slow = ask({ how: 'slow' });
  const behind = ask({ how: 'quick' }, 'permits', 3_000);
  await time.runFor(1_999);
  await time.runFor(1);
  t.match(await slow, { result: 'failed', why: 'it had not answered after 2000 ms' });
  t.match(await behind, { result: 'failed' }, 'who waited behind it has waited as long');
  t.match(await ask({ how: 'quick' }), { result: 'found', row: { x: 1 } });
  t.equal(breaker(), 'closed');
});

t.test(
  'a file that is not there, or is no database, is told; five such failures open the breaker',
  async (t) => {
    const { ask, open, breaker } = setUp('SELECT 1 AS x WHERE :a', join(folder, 'nowhere.db'));
    t.match(await open.examine(), [{ source: 'permits', why: /ENOENT|unable to open/ }]);
    for (let i = 0; i < 5; i++) t.match(await ask({ a: '1' }), { result: 'failed' });
    t.equal(breaker(), 'open');
    t.match(await ask({ a: '1' }), { why: /left alone/ });

    const other = setUp('SELECT colour FROM permits WHERE reference = :a', join(folder, 'permits.db'));
    t.match(await other.open.examine(), [{ source: 'permits', why: /no such column: colour/ }]);
  },
);

t.test('the file is read only, and one put in its place is read from then on', async (t) => {
  const path = fill('replaced.db', 'first');
  const { ask } = setUp('SELECT status FROM permits WHERE reference = :reference', path);
  t.match(await ask({ reference: '0042' }), { row: { status: 'first' } });
  renameSync(fill('next.db', 'second'), path);
  t.match(await ask({ reference: '0042' }), { row: { status: 'second' } });
  const writing = setUp('SELECT 1 AS x WHERE :reference', path);
  t.match(await writing.ask({ reference: '1' }), { result: 'found' });
  const database = new Sqlite(path);
  database.exec("UPDATE permits SET status = 'third'");
  database.close();
  t.match(await ask({ reference: '0042' }), { row: { status: 'third' } }, 'nothing of ours locks it');
});

t.test('a reader that dies is replaced', async (t) => {
  const { ask, open } = setUp(
    'SELECT status FROM permits WHERE reference = :reference',
    join(folder, 'permits.db'),
  );
  t.match(await ask({ reference: '0042' }), { result: 'found' });
  await open.close();
  t.match(await ask({ reference: '0042' }), { result: 'found' });
});
