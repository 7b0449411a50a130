/** What is around a PostgreSQL server; a real one is asked in test/exchange/postgres.test.ts. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import type { LookupParts } from '../../src/lookups/index.js';
import { parserOf } from '../../src/lookups/postgres-values.js';
import { lookupWorld } from '../kit/lookup-world.js';

interface Declared {
  readonly host?: string;
  readonly port?: number;
  readonly allowPrivate?: boolean;
  readonly more?: string;
}

function setUp(t: Test, declared: Declared, parts: Partial<LookupParts> = {}) {
  const { host = '127.0.0.1', port = 5_432, allowPrivate = true, more = '' } = declared;
  const world = lookupWorld(
    `permits: { postgres: { host: "${host}", port: ${port}, database: town, user: asker, secret: permits-password, allow-private: ${allowPrivate}, query: "SELECT status FROM permits WHERE reference = :reference"${more} } }`,
    { secret: () => 'a secret word', ...parts },
  );
  t.teardown(() => world.open.close());
  return world;
}

/** A server that does so with each connection; and what it was sent. */
async function server(t: Test, behave: (socket: Socket) => void) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('data', (data) => heard.push(data.toString('latin1')));
    behave(socket);
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  const address = listening.address();
  return { heard, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

t.test('a private address is asked only where that is meant, whatever the name says', async (t) => {
  const { port, heard } = await server(t, () => undefined);
  const rebound = setUp(
    t,
    { host: 'db.example.om', port, allowPrivate: false },
    { resolve: (_host, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
  );
  const refused = { result: 'failed', why: /not one that lookups may go to/ };
  t.match(await rebound.ask({ reference: '1' }), refused);
  t.match(await rebound.open.examine(), [{ source: 'permits', why: refused.why }]);
  const cloud = setUp(
    t,
    { host: 'db.example.om', port },
    { resolve: (_host, done) => done(null, [{ address: '169.254.169.254', family: 4 }]) },
  );
  t.match(await cloud.ask({ reference: '1' }), refused);
  t.same(heard, [], 'nobody was connected to');
});

t.test('a secret or a certificate that is not there, and a name that is unknown, are told', async (t) => {
  const secret = setUp(t, {}, { secret: () => null });
  t.match(await secret.open.examine(), [
    { source: 'permits', why: /secret "permits-password" is not there/ },
  ]);
  const ca = setUp(t, { more: ', ca: nowhere.pem' });
  t.match(await ca.open.examine(), [{ source: 'permits', why: /file ca cannot be read \(ENOENT\)/ }]);
  const unknown = setUp(
    t,
    { host: 'db.example.om' },
    { resolve: (_host, done) => done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []) },
  );
  t.match(await unknown.ask({ reference: '1' }), { result: 'failed', why: /not found \(ENOTFOUND\)/ });
});

t.test('a server that never answers is given up in time, and the next question is asked', async (t) => {
  let reached: () => void = () => undefined;
  const connected = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const { port } = await server(t, () => reached());
  const { ask, time } = setUp(t, { port, more: ', tls: false' });
  const asked = ask({ reference: '1' });
  await connected;
  await time.runFor(2_000);
  t.match(await asked, { result: 'failed', why: 'it had not answered after 2000 ms' });
});

t.test('a server without TLS gets neither password nor question', async (t) => {
  // It answers the wish for TLS with N.
  const { port, heard } = await server(t, (socket) => socket.once('data', () => socket.write('N')));
  const { ask } = setUp(t, { port });
  t.match(await ask({ reference: '4711' }), { result: 'failed' });
  t.equal(heard.length, 1, 'the wish for TLS, and nothing else');
  t.notMatch(heard.join(''), /asker|secret word|4711/);
});

t.test(
  'rubbish, a closed door and a broken line count against the server, and open the breaker',
  async (t) => {
    const { port } = await server(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { ask, breaker, logged } = setUp(t, { port, more: ', tls: false' });
    for (let n = 0; n < 5; n++) t.match(await ask({ reference: '4711' }), { result: 'failed' });
    t.equal(breaker(), 'open');
    t.match(await ask({ reference: '4711' }), { why: /left alone/ });
    t.notMatch(logged.join('\n'), /4711|secret word/);
    const closed = setUp(t, { port: 1, more: ', tls: false' });
    t.match(await closed.ask({ reference: '1' }), { result: 'failed', why: /ECONNREFUSED/ });
  },
);

t.test('an empty entry is not asked; what is no value neither', async (t) => {
  const { ask } = setUp(t, { port: 1 });
  t.same(await ask({ reference: ' ' }), { result: 'not-found' });
  t.match(await ask({ reference: ['1'] }), { result: 'failed', why: /neither a text nor a number/ });
});

t.test('values come in the kinds that flows know, and no digit is lost', async (t) => {
  const parsed = (oid: number, text: string): unknown => parserOf(oid)(text);
  t.equal(parsed(16, 't'), true);
  t.equal(parsed(16, 'f'), false);
  t.equal(parsed(23, '-7'), -7n);
  t.equal(parsed(20, '9007199254740993'), 9007199254740993n);
  t.equal(parsed(1700, '12.50'), 12.5);
  t.equal(parsed(1700, '12345678901234567890.5'), '12345678901234567890.5');
  t.equal(parsed(1700, 'NaN'), 'NaN');
  t.equal(parsed(701, '0.25'), 0.25);
  t.equal(parsed(1082, '2026-03-01'), '2026-03-01');
  t.equal(parsed(1184, '2026-03-01 10:00:00.5+00'), '2026-03-01T10:00:00.5Z');
  t.equal(parsed(1114, '2026-03-01 10:00:00'), '2026-03-01T10:00:00Z');
  t.equal(parsed(3802, '{"a":1}'), undefined);
  t.equal(parsed(25, 'as it stands'), 'as it stands');
});
