/** Lookups that ask a real PostgreSQL server. */
import t from 'tap';
import { lookupWorld } from '../kit/lookup-world.js';
import { startPostgres } from '../kit/postgres.js';

t.setTimeout(120_000);

const server = await startPostgres();
t.teardown(() => server.stop());

server.run(`
  CREATE TABLE permits (reference text, plate int, status text, fee numeric(8,2), big bigint, huge numeric, photo bytea,
    extra jsonb, open boolean, updated date, changed timestamptz, noted timestamp, code uuid);
  INSERT INTO permits VALUES ('0042', 7, 'approved', 12.5, 9007199254740993, 12345678901234567890.5, '\\x00', '{"a":1}', true,
    '2026-03-01', '2026-03-01 14:00:00+04', '2026-03-01 10:00:00', '00000000-0000-0000-0000-000000000001');
  INSERT INTO permits SELECT lpad(n::text, 6, '0'), n FROM generate_series(100000, 150000) AS n;
  CREATE TABLE visits (n int);
  CREATE FUNCTION visited() RETURNS int LANGUAGE sql AS 'INSERT INTO visits VALUES (1) RETURNING n';
  CREATE ROLE asker LOGIN PASSWORD 'asks';
  GRANT SELECT ON permits TO asker;
  GRANT INSERT, SELECT ON visits TO asker;
`);

/** @param seconds of real time: the server's own limit. */
function setUp(query: string, seconds = 20, secret = 'asks') {
  const lines = [
    'host: 127.0.0.1',
    `port: ${server.port}`,
    'database: postgres',
    'user: asker',
    'secret: permits-password',
    'tls: false',
    'allow-private: true',
    `timeout: ${seconds}`,
    'connect-timeout: 10',
    `query: >-\n      ${query}`,
  ];
  const world = lookupWorld(`permits:\n  postgres:\n${lines.map((line) => `    ${line}`).join('\n')}`, {
    secret: () => secret,
  });
  t.teardown(() => world.open.close());
  return world;
}

t.test('the first row of the query is the answer, in its own kinds of values', async (t) => {
  const { ask, open } = setUp('SELECT * FROM permits WHERE reference = :reference');
  t.same(await open.examine(), []);
  t.same(await ask({ reference: '0042' }), {
    result: 'found',
    row: {
      reference: '0042',
      plate: 7,
      status: 'approved',
      fee: 12.5,
      big: '9007199254740993',
      huge: '12345678901234567890.5',
      open: true,
      updated: '2026-03-01',
      changed: '2026-03-01T10:00:00Z',
      noted: '2026-03-01T10:00:00Z',
      code: '00000000-0000-0000-0000-000000000001',
    },
  });
  t.same(await ask({ reference: '42' }), { result: 'not-found' });
  t.same(await ask({ reference: ' ' }), { result: 'not-found' }, 'an empty entry is nobody’s key');
});

t.test('what a caller keys is a value, never a part of the query', async (t) => {
  const { ask } = setUp('SELECT status FROM permits WHERE reference = :reference');
  for (const reference of ["' OR 1=1 --", '0042; DROP TABLE permits', '$1', ':reference', '%', '\\'])
    t.same(await ask({ reference }), { result: 'not-found' }, JSON.stringify(reference));
  t.match(await ask({ reference: '0042' }), { result: 'found' });
});

t.test('a value that is none is the asker’s fault, and stands in no log', async (t) => {
  const { ask, breaker, logged } = setUp('SELECT status FROM permits WHERE plate = :plate');
  for (let n = 0; n < 9; n++)
    t.match(await ask({ plate: '12345678901234' }), { result: 'failed', why: /refused the value \(22003\)/ });
  t.match(await ask({ plate: 'seven' }), { result: 'failed', why: /22P02/ });
  t.equal(breaker(), 'closed');
  t.notMatch(logged.join('\n'), /12345678901234|seven/);
  t.match(await ask({ plate: '7' }), { result: 'found' });
  t.match(await ask({ plate: 7 }), { result: 'found' });
});

t.test('nothing is written, whatever the query calls', async (t) => {
  for (const query of [
    'SELECT visited() AS n, :reference::text AS r',
    "SELECT set_config('transaction_read_only', 'off', false), visited() AS n, :reference::text AS r",
  ]) {
    const { ask, open } = setUp(query);
    t.match(await ask({ reference: '1' }), { result: 'failed', why: /25006|25001/ }, query);
    await open.close();
  }
  const { ask } = setUp('SELECT count(*) AS count, :reference::text AS r FROM visits');
  t.match(await ask({ reference: '1' }), { result: 'found', row: { count: 0 } });
});

t.test('of a whole table one row is read', async (t) => {
  const { ask } = setUp(
    "SELECT repeat('x', 1000) AS x, a.plate FROM permits a, permits b WHERE a.status IS NOT NULL OR :r = ''",
  );
  t.match(await ask({ r: '1' }), { result: 'found', row: { plate: 7 } });
});

t.test('a query that goes on too long is given up by the server too', async (t) => {
  const { ask } = setUp('SELECT pg_sleep(60)::text AS s, :r::text AS r', 1);
  const asked = ask({ r: '1' }, 'permits', 30_000);
  t.match(await asked, { result: 'failed', why: /took too long/ });
});

t.test('operators and casts of PostgreSQL are no parameters', async (t) => {
  const { ask } = setUp(
    "SELECT extra->>'a' AS a, extra ? 'a' AS has FROM permits WHERE extra @> '{\"a\": 1}'::jsonb AND reference = :reference",
  );
  t.match(await ask({ reference: '0042' }), { result: 'found', row: { a: '1', has: true } });
});

t.test('a wrong password, a wrong query and a role without rights are told by code', async (t) => {
  const wrong = setUp('SELECT status FROM permits WHERE reference = :r', 20, 'guesses');
  t.match(await wrong.open.examine(), [{ source: 'permits', why: /28P01/ }]);
  const query = setUp('SELECT nothing FROM permits WHERE reference = :r');
  t.match(await query.open.examine(), [{ source: 'permits', why: /42703/ }]);
  const rights = setUp('SELECT rolpassword FROM pg_authid WHERE rolname = :r');
  t.match(await rights.open.examine(), [{ source: 'permits', why: /42501/ }]);
});

t.test('a server that dies and comes back is asked again', async (t) => {
  const { ask } = setUp('SELECT status FROM permits WHERE reference = :r');
  t.match(await ask({ r: '0042' }), { result: 'found' });
  server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'asker'");
  const answers = [await ask({ r: '0042' }), await ask({ r: '0042' })];
  t.match(answers[1], { result: 'found' });
  await server.kill();
  t.match(await ask({ r: '0042' }), { result: 'failed' });
  t.match(await ask({ r: '0042' }), { result: 'failed', why: /ECONNREFUSED/ });
});
