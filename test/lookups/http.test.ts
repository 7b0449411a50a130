import fc from 'fast-check';
import t from 'tap';
import type { JsonObject } from '../../src/base/index.js';
import { readAnswer } from '../../src/lookups/http-answer.js';
import { type Handler, json, startBackend } from '../kit/backend.js';
import { lookupWorld } from '../kit/lookup-world.js';
import { row, setUp, permits } from './kit.js';

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
