import fc from 'fast-check';
import t from 'tap';
import type { JsonObject } from '../../src/base/index.js';
import type { Resolve } from '../../src/lookups/addresses.js';
import { readAnswer } from '../../src/lookups/http-answer.js';
import { type Backend, type Handler, json, startBackend, trickle } from '../kit/backend.js';
import { lookupWorld } from '../kit/lookup-world.js';

const row = { status: 'approved', updated: '2026-03-01', fee: 12.5, paid: true, owner: null };

async function setUp(handler: Handler, more = '', parts: Parameters<typeof lookupWorld>[1] = {}) {
  const backend = await startBackend(handler);
  return { backend, ...lookupWorld(permits(backend, more), parts) };
}

function permits({ port }: Pick<Backend, 'port'>, more = ''): string {
  return `permits:\n  http:\n    url: http://127.0.0.1:${port}/api/requests/{reference}\n    allow-private: true\n${more.replace(/^(?=.)/gm, '    ')}`;
}

/** Where an answer has been given yet, it is that; else null. */
function watch<T>(promise: Promise<T>): () => T | null {
  let value: T | null = null;
  promise.then(
    (given) => {
      value = given;
    },
    () => undefined,
  );
  return () => value;
}

t.test('a row is asked for by GET, and its plain values come back', async (t) => {
  const { backend, ask } = await setUp(json({ ...row, history: [1, 2], nested: { a: 1 }, 'not a name': 1 }));
  t.teardown(() => backend.close());
  t.same(await ask({ reference: '123456' }), { result: 'found', row });
  t.match(backend.requests, [{ method: 'GET', url: '/api/requests/123456', body: '' }]);
  await backend.quiet();
});

t.test('a row may lie anywhere in the answer, and its values too', async (t) => {
  const more =
    'row: /data/0\nfields:\n  state: /status\n  name: /owner/full~1name\n  second: /tags/1\n  gone: /not/there\n';
  const answer = { data: [{ status: 'open', owner: { 'full/name': 'Aisha' }, tags: ['a', 'b'] }] };
  const { backend, ask } = await setUp(json(answer), more);
  t.teardown(() => backend.close());
  t.same(await ask({ reference: '1' }), {
    result: 'found',
    row: { state: 'open', name: 'Aisha', second: 'b', gone: null },
  });
  for (const none of [{ data: [] }, { data: null }, { data: [null] }, { data: [[]] }]) {
    backend.behave(json(none));
    t.same(await ask({ reference: '1' }), { result: 'not-found' }, JSON.stringify(none));
  }
  for (const [other, why] of [
    [{ error: 'x' }, 'its answer has no /data/0'],
    [{ data: ['x'] }, '/data/0 of its answer is no object'],
    [{ data: [{ status: [1] }] }, 'of its answer "state" is a list'],
    [
      { data: [{ status: 'x'.repeat(2_001) }] },
      'of its answer "state" is a text of more than 2000 characters',
    ],
  ] as const) {
    backend.behave(json(other));
    t.same(await ask({ reference: '1' }), { result: 'failed', why });
  }
  backend.behave(json('{"data":[{"status":12345678901234567890}]}'));
  t.match(await ask({ reference: '1' }), { result: 'failed', why: /must come as a text/ });
});

t.test('what a status says', async (t) => {
  const { backend, ask, breaker } = await setUp(json({}, 404));
  t.teardown(() => backend.close());
  t.same(await ask({ reference: '1' }), { result: 'not-found' });
  for (const [status, why] of [
    [204, /no content/],
    [301, /redirects/],
    [302, /redirects/],
    [401, /refuses us/],
    [429, /status 429/],
    [500, /status 500/],
    [400, /status 400/],
  ] as const) {
    backend.behave((response) =>
      response
        .writeHead(status, { location: 'http://127.0.0.1:1/elsewhere', 'content-type': 'text/html' })
        .end(),
    );
    t.match(await ask({ reference: '1' }), { result: 'failed', why }, `${status}`);
    backend.behave(json({}, 404));
    await ask({ reference: '1' });
  }
  t.equal(breaker(), 'closed');
  t.equal(backend.requests.length, 15, 'nothing was followed, nothing asked twice');
  await backend.quiet();
});

t.test('another status can mean that there is no row', async (t) => {
  const { backend, ask } = await setUp(json({}, 410), 'not-found: [404, 410]\n');
  t.teardown(() => backend.close());
  t.same(await ask({ reference: '1' }), { result: 'not-found' });
});

t.test('whatever a caller keys stays one segment of the path', async (t) => {
  const { backend, ask } = await setUp(json(row));
  t.teardown(() => backend.close());
  await ask({ reference: '../../admin?x=1#y' });
  t.equal(backend.requests.at(-1)?.url, '/api/requests/..%2F..%2Fadmin%3Fx%3D1%23y');
  await ask({ reference: 'a b\r\nHost: evil\0ü' });
  t.equal(backend.requests.at(-1)?.url, '/api/requests/a%20b%0D%0AHost%3A%20evil%00%C3%BC');
  const before = backend.requests.length;
  for (const reference of ['', '   ', '.', '..', '\ud800', 'x'.repeat(201)])
    t.same(await ask({ reference }), { result: 'not-found' }, JSON.stringify(reference));
  for (const reference of [null, ['1'], { a: 1 }])
    t.match(await ask({ reference }), { result: 'failed', why: /neither a text nor a number/ });
  t.match(await ask({}), { result: 'failed' });
  t.match(await ask({ reference: '1' }, '__proto__'), { result: 'failed', why: /no source is named/ });
  t.equal(backend.requests.length, before, 'none of these was sent');

  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (reference) => {
      const answer = await ask({ reference });
      const [, segment = ''] = /^\/api\/requests\/([^/?#]+)$/.exec(backend.requests.at(-1)?.url ?? '') ?? [];
      return answer.result === 'found' ? decodeURIComponent(segment) === reference.trim() : true;
    }),
    { numRuns: 20 },
  );
});

t.test('headers go along, secret ones from where secrets are kept', async (t) => {
  const more = 'headers: { Accept-Language: ar }\nsecret-headers: { Authorization: permits-token }\n';
  const { backend, ask, open, logged } = await setUp(json(row), more, {
    secret: (name) => (name === 'permits-token' ? 'Bearer s3cret' : null),
  });
  t.teardown(() => backend.close());
  t.match(await ask({ reference: '1' }), { result: 'found' });
  t.match(backend.requests[0]?.headers, { 'accept-language': 'ar', authorization: 'Bearer s3cret' });
  t.same(await open.examine(), []);
  t.notMatch(logged.join(), /s3cret/);

  for (const [value, why] of [
    [null, 'its secret "permits-token" is not there'],
    ['two\nlines', 'its secret "permits-token" is not one line of plain characters'],
  ] as const) {
    const without = lookupWorld(permits(backend, more), { secret: () => value });
    t.same(await without.ask({ reference: '1' }), { result: 'failed', why });
    t.same(await without.open.examine(), [{ source: 'permits', why }]);
  }
  t.equal(backend.requests.length, 1);
});

t.test('a POST carries the id of its command, the same at each try', async (t) => {
  const backend = await startBackend(json(row, 503));
  t.teardown(() => backend.close());
  const { open } = lookupWorld(
    `permits:\n  http:\n    url: http://127.0.0.1:${backend.port}/search\n    allow-private: true\n    method: POST\n    body: { ref: reference, kind: kind }\n    idempotency-key: Idempotency-Key\n    retries: 1\n`,
  );
  const question = {
    command: 'call-7.c3',
    source: 'permits',
    with: { reference: '12', kind: 'site' },
    timeoutMs: 2_000,
  };
  t.match(await open.lookUp(question), { result: 'failed' });
  backend.behave(json(row));
  t.match(await open.lookUp(question), { result: 'found' });
  t.same(
    backend.requests.map(({ method, body, headers }) => [method, body, headers['idempotency-key']]),
    Array.from({ length: 3 }, () => ['POST', '{"ref":"12","kind":"site"}', 'call-7.c3']),
  );
});

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

t.test('a service that breaks off, or is not there, fails at once', async (t) => {
  const { backend, ask } = await setUp((_response, _request, socket) => socket.resetAndDestroy());
  t.match(await ask({ reference: '1' }), { result: 'failed', why: 'the connection failed (ECONNRESET)' });
  backend.behave((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"a":', () => response.destroy());
  });
  t.match(await ask({ reference: '1' }), { result: 'failed', why: 'its answer broke off' });
  backend.behave((_response, _request, socket) => socket.end('this is no HTTP\r\n\r\n'));
  t.match(await ask({ reference: '1' }), { result: 'failed', why: /the connection failed \(HPE_/ });
  backend.behave((_response, _request, socket) =>
    socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`),
  );
  t.match(await ask({ reference: '1' }), {
    result: 'failed',
    why: 'the connection failed (HPE_HEADER_OVERFLOW)',
  });
  await backend.quiet();
  await backend.close();
  t.match(await ask({ reference: '1' }), { result: 'failed' }, 'the circuit breaker may have opened by now');
});

t.test('what is too big, of another type or no JSON is refused', async (t) => {
  const { backend, ask } = await setUp(json(row), 'breaker: { failures: 100 }\n');
  t.teardown(() => backend.close());
  const head = { 'content-type': 'application/json' };
  const big = Buffer.alloc(10_000_000, ' ');
  let sent = 0;
  const cases: readonly (readonly [RegExp, Handler])[] = [
    [
      /more than 256 KB/,
      (response) => response.writeHead(200, { ...head, 'content-length': big.length }).end(big),
    ],
    [
      /more than 256 KB/,
      (response) => {
        response.writeHead(200, head);
        const more = (): void => {
          for (let room = true; room && !response.destroyed; sent += 65_536)
            room = response.write(big.subarray(0, 65_536));
        };
        response.on('drain', more);
        more();
      },
    ],
    [
      /no JSON by its content type/,
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
    [/no JSON by its content type/, (response) => response.writeHead(200).end('{}')],
    [/cannot be read as JSON/, json('{"a":')],
    [
      /cannot be read as JSON/,
      (response) => response.writeHead(200, head).end(Buffer.from([0x22, 0xff, 0x22])),
    ],
    [/compressed/, (response) => response.writeHead(200, { ...head, 'content-encoding': 'gzip' }).end('x')],
    [/is no object/, json('"text"')],
    [/is no object/, json('[1]')],
  ];
  for (const [why, handler] of cases) {
    backend.behave(handler);
    t.match(await ask({ reference: '1' }), { result: 'failed', why });
  }
  await backend.quiet();
  t.ok(sent < 10_000_000, 'what streams without end is cut off');
});

t.test('an answer of the largest size is read without holding up other calls', async (t) => {
  const deep = (open: string, inner: string, close: string, count: number): string =>
    open.repeat(count) + inner + close.repeat(count);
  const hostile: readonly (readonly [string, string])[] = [
    ['lists in lists', `{"a":${deep('[', '', ']', 130_000)}}`],
    ['maps in maps', deep('{"a":', '1', '}', 43_000)],
    ['many keys', `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',')}}`],
    ['one text', `{"a":"${'\\u0000'.repeat(43_000)}"}`],
    ['a prototype', '{"__proto__":{"polluted":1},"constructor":1,"a":1}'],
    ['numbers', `{"a":[${'1e308,'.repeat(40_000)}1]}`],
  ];
  for (const [name, text] of hostile) {
    t.ok(text.length <= 262_144, name);
    const began = performance.now();
    const attempt = readAnswer({ row: [], fields: null }, Buffer.from(text));
    const ms = performance.now() - began;
    t.comment(`${name}: ${ms.toFixed(1)} ms`);
    t.ok(ms < 1_000, `${name}: not ten times the 100 ms promised`);
    if (attempt.answer.result === 'found') t.notOk(Object.hasOwn(attempt.answer.row, '__proto__'), name);
  }
  t.equal(({} as JsonObject)['polluted'], undefined);
});

t.test('an answer may be nested 64 deep; brackets in its texts do not count', async (t) => {
  const read = (text: string) => readAnswer({ row: [], fields: null }, Buffer.from(text)).answer;
  const nested = (depth: number): string => `{"a":1,"b":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  t.same(read(nested(64)), { result: 'found', row: { a: 1 } });
  t.match(read(nested(65)), { result: 'failed', why: /nested more than 64 deep/ });
  const text = `\\"[{${'['.repeat(100)}\\\\`;
  t.match(read(`{"a":"${text}","b":[]}`), { result: 'found', row: { a: `"[{${'['.repeat(100)}\\` } });
});

t.test('a row carries what a call can carry', async (t) => {
  const read = (count: number, size: number) =>
    readAnswer(
      { row: [], fields: null },
      Buffer.from(
        JSON.stringify(
          Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'x'.repeat(size)])),
        ),
      ),
    ).answer;
  t.match(read(100, 100), { result: 'found' });
  t.match(read(101, 1), { result: 'failed', why: /more than 100 values/ });
  t.match(read(6, 2_000), { result: 'failed', why: /more than 10000 characters/ });
  t.same(read(1, 2_001), { result: 'found', row: {} }, 'a text that is too long is left out, as lists are');
});

t.test('any JSON is read as one of the three answers', async () => {
  const pointers = fc.array(fc.oneof(fc.string(), fc.nat(3).map(String), fc.constant('a')), { maxLength: 3 });
  fc.assert(
    fc.property(
      fc.jsonValue(),
      pointers,
      fc.option(fc.dictionary(fc.constantFrom('a', 'b'), pointers), { nil: null }),
      (value, at, fields) => {
        const { answer } = readAnswer({ row: at, fields }, Buffer.from(JSON.stringify(value)));
        if (answer.result !== 'found') return ['not-found', 'failed'].includes(answer.result);
        return Object.values(answer.row).every((one) => one === null || typeof one !== 'object');
      },
    ),
  );
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
