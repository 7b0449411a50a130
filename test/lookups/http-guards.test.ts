/** What stands between a call and a service: addresses that are not asked, time, tries, the breaker. */
import t from 'tap';
import type { Resolve } from '../../src/lookups/addresses.js';
import { type Handler, json, startBackend, trickle } from '../kit/backend.js';
import { lookupWorld } from '../kit/lookup-world.js';
import { row, setUp, watch } from './kit.js';

t.test('a caller waits at most two seconds for a service that hangs or trickles', async (t) => {
  const stalled: readonly (readonly [string, Handler])[] = [
    ['hangs', () => undefined],
    ['trickles', trickle],
    [
      'stops in the middle',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":'),
    ],
    ['promises without end', (response) => response.writeProcessing()],
  ];
  for (const [name, handler] of stalled) {
    const { backend, ask, time } = await setUp(handler);
    const answer = ask({ reference: '1' });
    const given = watch(answer);
    await backend.asked(1);
    await time.runFor(1_999);
    t.equal(given(), null, `${name}: still waited for`);
    await time.runFor(1);
    t.same(await answer, { result: 'failed', why: 'it had not answered after 2000 ms' }, name);
    await backend.quiet();
    t.equal(time.next(), null, 'no alarm is left');
    await backend.close();
  }
});

t.test('a flow may wait less than the source allows, never more', async (t) => {
  const { backend, ask, time } = await setUp(() => undefined, 'timeout: 1\n');
  t.teardown(() => backend.close());
  const short = ask({ reference: '1' }, 'permits', 300);
  const long = ask({ reference: '2' }, 'permits', 30_000);
  await time.runFor(300);
  t.match(await short, { why: 'it had not answered after 300 ms' });
  await time.runFor(700);
  t.match(await long, { why: 'it had not answered after 1000 ms' });
  await backend.quiet();
});

t.test('five failures in a row open the breaker; after ten seconds one question tries', async (t) => {
  const { backend, ask, time, breaker, logged } = await setUp(json({}, 500));
  t.teardown(() => backend.close());
  for (let i = 0; i < 4; i++) await ask({ reference: '1' });
  backend.behave(json({}, 404));
  await ask({ reference: '1' });
  backend.behave(json({}, 500));
  for (let i = 0; i < 4; i++) await ask({ reference: '1' });
  t.equal(breaker(), 'closed', 'an answer between them begins the count anew');
  await ask({ reference: '1' });
  t.equal(breaker(), 'open');
  const asked = backend.requests.length;
  t.match(await ask({ reference: '77001' }), { result: 'failed', why: /left alone/ });
  await time.runFor(9_999);
  t.match(await ask({ reference: '1' }), { why: /left alone/ });
  t.equal(backend.requests.length, asked, 'nobody was asked meanwhile');

  await time.runFor(1);
  backend.behave(() => undefined);
  const trial = ask({ reference: '1' });
  await backend.asked(asked + 1);
  t.equal(breaker(), 'half-open');
  t.match(await ask({ reference: '2' }), { why: /left alone/ }, 'one question tries, no more');
  await time.runFor(2_000);
  t.match(await trial, { result: 'failed' });
  await backend.quiet();
  t.equal(breaker(), 'open', 'the trial failed');

  await time.runFor(10_000);
  t.same(await ask({ reference: '' }), { result: 'not-found' });
  t.equal(breaker(), 'open', 'a question that never left tries nothing');
  backend.behave(json(row));
  t.same(await ask({ reference: '77001' }), { result: 'found', row });
  t.equal(breaker(), 'closed');

  const changes = logged.flatMap((line) => /"breaker":"([a-z-]+)"/.exec(line)?.[1] ?? []);
  t.same(changes, ['open', 'half-open', 'open', 'half-open', 'open', 'half-open', 'closed']);
  t.notMatch(logged.join(), /77001|approved/, 'no personal data is logged');
});

t.test('callers who key rubbish do not switch a source off', async (t) => {
  const { backend, ask, breaker } = await setUp(json({}, 400));
  t.teardown(() => backend.close());
  for (let i = 0; i < 20; i++) t.match(await ask({ reference: '1' }), { result: 'failed' });
  t.equal(breaker(), 'closed');
});

t.test('a failure in passing is tried again where it is wanted, within the time', async (t) => {
  let count = 0;
  const flaky: Handler = (response, request, socket) =>
    ++count % 3 === 0 ? json(row)(response, request, socket) : json({}, 503)(response, request, socket);
  const { backend, ask, breaker } = await setUp(flaky, 'retries: 2\n');
  t.teardown(() => backend.close());
  t.match(await ask({ reference: '1' }), { result: 'found' });
  t.equal(backend.requests.length, 3);
  backend.behave(json('no json'));
  await ask({ reference: '1' });
  t.equal(backend.requests.length, 4, 'a wrong answer would be wrong again');
  t.equal(breaker(), 'closed');
});

t.test('no more questions at once than declared; others wait their turn within their time', async (t) => {
  const held: (() => void)[] = [];
  const { backend, ask, time } = await setUp(
    (response, request, socket) => held.push(() => json(row)(response, request, socket)),
    'at-once: 2\n',
  );
  t.teardown(() => backend.close());
  const answers = Array.from({ length: 5 }, (_, i) => ask({ reference: String(i) }));
  await backend.asked(2);
  for (let i = 0; i < 3; i++) {
    held.shift()?.();
    await backend.asked(3 + i);
  }
  t.equal(backend.busiest, 2);
  for (const release of held) release();
  for (const answer of answers) t.match(await answer, { result: 'found' });

  const late = Array.from({ length: 3 }, (_, i) => ask({ reference: String(i) }));
  await backend.asked(7);
  await time.runFor(2_000);
  for (const answer of late) t.match(await answer, { result: 'failed', why: /not answered/ });
  await backend.quiet();
  t.equal(backend.requests.length, 7, 'who waited in vain was never sent');
});

const rebinding = (...addresses: string[]): { readonly resolve: Resolve; readonly asked: () => number } => {
  let asked = 0;
  return {
    asked: () => asked,
    resolve: (_host, done) => {
      const address = addresses[Math.min(asked++, addresses.length - 1)] ?? '';
      done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
    },
  };
};

t.test('an internal address is refused, by whatever name it is reached', async (t) => {
  const backend = await startBackend(json(row));
  t.teardown(() => backend.close());
  const url = (host: string) =>
    `permits:\n  http:\n    url: https://${host}:${backend.port}/{reference}\n    breaker: { failures: 100 }\n`;
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ]) {
    const { resolve } = rebinding(address);
    const { ask, open } = lookupWorld(url('permits.example'), { resolve });
    t.match(
      await ask({ reference: '1' }),
      { result: 'failed', why: /not one that lookups may go to/ },
      address,
    );
    t.match(await open.examine(), [{ source: 'permits', why: /not one that lookups may go to/ }], address);
  }
  const mixed: Resolve = (_host, done) =>
    done(null, [
      { address: '192.0.2.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  const { ask } = lookupWorld(url('permits.example'), { resolve: mixed });
  t.match(await ask({ reference: '1' }), { result: 'failed' }, 'one such address among others is enough');
  t.equal(backend.requests.length, 0);
  t.equal(backend.open, 0);
});

t.test('the address that was checked is the one connected to', async (t) => {
  const backend = await startBackend(json(row));
  t.teardown(() => backend.close());
  const named = `permits:\n  http:\n    url: http://permits.example:${backend.port}/{reference}\n    allow-private: true\n`;
  const names = rebinding('127.0.0.1', '169.254.169.254');
  const { ask } = lookupWorld(named, { resolve: names.resolve });
  t.match(await ask({ reference: '1' }), { result: 'found' });
  t.equal(names.asked(), 1, 'the name is resolved once for a question, never again behind the check');
  t.equal(backend.requests[0]?.headers.host, `permits.example:${backend.port}`);
  t.match(
    await ask({ reference: '1' }),
    { result: 'failed', why: /not one that lookups may go to/ },
    'even where private addresses are allowed, link-local ones are not',
  );
});

t.test('a connection that does not come about is given up', async (t) => {
  const silent: Resolve = () => undefined;
  const { ask, time } = lookupWorld('permits:\n  http: { url: "https://permits.example/{reference}" }\n', {
    resolve: silent,
  });
  const answer = ask({ reference: '1' });
  await time.runFor(1_000);
  t.match(await answer, { result: 'failed', why: 'no connection stood after 1000 ms' });
  const unknown: Resolve = (_host, done) => done(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), []);
  const nowhere = lookupWorld('permits:\n  http: { url: "https://permits.example/{reference}" }\n', {
    resolve: unknown,
  });
  t.match(await nowhere.ask({ reference: '1' }), { why: 'the connection failed (ENOTFOUND)' });
});

t.test('a hundred failing questions leave nothing behind', async (t) => {
  const ways: Handler[] = [
    () => undefined,
    trickle,
    (_response, _request, socket) => socket.resetAndDestroy(),
    json({}, 500),
    (response) => response.writeHead(302, { location: '/' }).end(),
  ];
  let turn = 0;
  const { backend, ask, time } = await setUp(
    (response, request, socket) => ways[turn++ % ways.length]?.(response, request, socket),
    'breaker: { failures: 100 }\nat-once: 20\n',
  );
  t.teardown(() => backend.close());
  for (let round = 0; round < 5; round++) {
    const answers = Array.from({ length: 20 }, () => ask({ reference: '1' }));
    await backend.asked((round + 1) * 20);
    await time.runFor(2_000);
    for (const answer of answers) t.match(await answer, { result: 'failed' });
    await backend.quiet();
  }
  t.equal(time.next(), null, 'no alarm is left');
});
