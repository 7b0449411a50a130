import { connect } from 'node:net';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { createLog, type JsonObject, OnedoorError } from '../../src/base/index.js';
import type { CallFact } from '../../src/calls/index.js';
import { type Case, foldContact } from '../../src/cases/index.js';
import type { RecordFilter } from '../../src/records/index.js';
import {
  buildWeb,
  type EngineFacade,
  listenWeb,
  type StopRequest,
  type WebParts,
} from '../../src/web/index.js';
import { caseRecord, contactRecord } from '../../src/web/schemas.js';
import { fakePublishing } from '../kit/fake-publishing.js';

import { noMeasures, noQueues } from '../kit/no-queues.js';
import { noAgents } from '../kit/no-agents.js';
import { noCalendars } from '../kit/no-calendars.js';

const token = 'right-token-right-token-right-token-right-1';
const address = { host: '127.0.0.1', port: 22600 };

const aCase: Case = {
  id: 'case-1',
  kind: 'complaint',
  reference: '12345674',
  subject: 'noise',
  status: 'received',
  language: 'ar',
  outcome: null,
  agent: null,
  openedAt: 1_000,
  closedAt: null,
  contacts: ['call-1'],
  details: null,
  history: [{ status: 'received', at: 1_000, contact: 'call-1' }],
};

const arrival: CallFact = {
  type: 'call.arrived',
  body: {
    number: '80077222',
    trunk: 'loopback',
    leg: 'leg-1',
    exchange: 'asterisk',
    site: 'abc',
    flow: 'municipality',
    caller: { number: 'caller.number', name: null, withheld: false },
  },
};
const ending: CallFact = {
  type: 'call.ended',
  body: { termination: { result: 'completed', reason: 'hung-up', by: 'caller' }, outcome: 'answered' },
};

interface World {
  readonly asked: [string, RecordFilter, number, string | null, boolean][];
  readonly stops: StopRequest[];
  readonly erasures: { readonly contact: string; readonly who: string; readonly why: string }[];
}

function setUp(rate = { perSecond: 1_000, burst: 1_000 }) {
  const world: World = { asked: [], stops: [], erasures: [] };
  const site = fakePublishing();
  const engine: EngineFacade = {
    status: () => ({
      phase: 'running',
      since: 500,
      version: '0.1.0',
      pid: 7,
      calls: 3,
      admitting: true,
      journal: 'normal',
      exchanges: [{ id: 'asterisk', link: 'ready' }],
      lookups: [{ source: 'permits', breaker: 'open' }],
      site: { name: 'A town', hash: 'abc', test: 'abc', numbers: ['80077222'] },
    }),
    stop: (request) => void world.stops.push(request),
    publishing: site.publishing,
  };
  const records: WebParts['records'] = {
    page: async (kind, filter, limit, after, options) => {
      world.asked.push([kind, filter, limit, after, options?.withPersonal ?? false]);
      if (after === 'broken') throw new Error('a secret path /etc/shadow');
      return { records: kind === 'case' ? [aCase as unknown as JsonObject] : [], next: 'more' };
    },
    one: async (kind, id) => {
      if (kind === 'case') return id === aCase.id ? (aCase as unknown as JsonObject) : null;
      return id === 'call-1' ? (foldContact(null, id, arrival, 1_000) as unknown as JsonObject) : null;
    },
    personal: async () => ({ 'caller.number': '+96899123456' }),
  };
  const app = buildWeb({
    engine,
    records,
    agents: noAgents,
    queues: noQueues,
    measures: noMeasures,
    calendars: noCalendars,
    erasing: {
      erase: async (request) => {
        world.erasures.push(request);
        if (request.contact === 'stuck')
          throw new OnedoorError('ONEDOOR_CLI_RECORDING', { recording: 'r1', why: 'EACCES' });
        return request.contact === 'call-1' ? { values: 3, recordings: 1 } : null;
      },
    },
    token,
    address,
    log: createLog('silent'),
    rate,
  });
  const ask = (options: InjectOptions) =>
    app.inject({
      ...options,
      headers: { host: '127.0.0.1:22600', authorization: `Bearer ${token}`, ...options.headers },
    });
  return { app, ask, world, site };
}

t.test('health tells that the engine is there and nothing else, without a token', async (t) => {
  const { ask } = setUp();
  const answer = await ask({ url: '/health', headers: { authorization: '' } });
  t.equal(answer.statusCode, 200);
  t.same(answer.json(), { status: 'running' });
  t.equal(answer.headers['cache-control'], 'no-store');
});

t.test('the API describes itself', async (t) => {
  const answer = await setUp().ask({ url: '/openapi.json' });
  t.equal(answer.statusCode, 200);
  t.match(answer.json(), {
    openapi: '3.1.0',
    paths: { '/cases': { get: { tags: ['records'] } }, '/health': { get: { security: [] } } },
  });
});

t.test('a version is published with who and why, and the answer says what became of it', async (t) => {
  const { ask, site } = setUp();
  const post = (url: string, payload: JsonObject) => ask({ method: 'POST', url, payload });
  const body = { who: 'Salma', why: 'a new menu' };
  const answer = await post('/site/publish', body);
  t.equal(answer.statusCode, 200);
  t.match(answer.json(), { result: 'published', publication: { number: 2, who: 'Salma' }, callers: 3 });
  await post('/site/publish', { ...body, alias: 'test' });
  await post('/site/rollback', body);
  t.same(site.asked, [
    { alias: 'live', ...body },
    { alias: 'test', ...body },
    { version: null, ...body },
  ]);
  for (const wrong of [{}, { who: 'Salma' }, { who: ' ', why: 'x' }, { ...body, alias: 'nobody' }])
    t.equal((await post('/site/publish', wrong)).statusCode, 400, JSON.stringify(wrong));
  t.equal((await post('/site/rollback', { ...body, version: "'; --" })).statusCode, 400);
});

t.test('a draft that is not fit is an answer, what cannot be done is an error', async (t) => {
  const { ask, site } = setUp();
  const publish = () => ask({ method: 'POST', url: '/site/publish', payload: { who: 'a', why: 'b' } });
  const failed = [{ file: 'flows/a.test.yaml', line: 3, caller: 'asks', failures: ['heard nothing'] }];
  site.answers({ result: 'untested', failed });
  t.same((await publish()).json(), { result: 'untested', failed });
  site.answers({ result: 'busy' });
  t.match((await publish()).json(), { code: 'ONEDOOR_SITE_BUSY' });
  t.equal((await publish()).statusCode, 409);
  site.answers({ result: 'no-version' });
  t.equal((await publish()).statusCode, 404);
});

t.test('the history of versions and their files can be read', async (t) => {
  const { ask } = setUp();
  t.match((await ask({ url: '/site/versions' })).json(), { publications: [{ number: 2 }] });
  t.match((await ask({ url: '/site/versions/abcd1234' })).json(), { files: { 'onedoor.yaml': /onedoor/ } });
  t.equal((await ask({ url: '/site/versions/ffff' })).statusCode, 404);
  t.equal((await ask({ url: '/site/versions/..' })).statusCode, 404);
});

t.test('personal data of a contact is erased by who says who they are, and why', async (t) => {
  const { ask, world } = setUp();
  const erase = (id: string, payload: JsonObject) =>
    ask({ method: 'DELETE', url: `/contacts/${id}/personal`, payload });
  const body = { who: 'Salma', why: 'asked for by letter' };
  const answer = await erase('call-1', body);
  t.equal(answer.statusCode, 200);
  t.same(answer.json(), { contact: 'call-1', values: 3, recordings: 1 });
  t.same(world.erasures, [{ contact: 'call-1', ...body }]);
  t.match((await erase('nobody', body)).json(), { code: 'ONEDOOR_WEB_NO_RECORD' });
  t.match((await erase('stuck', body)).json(), { code: 'ONEDOOR_CLI_RECORDING' });
  for (const wrong of [{}, { who: 'Salma' }, { who: ' ', why: 'x' }, { ...body, all: true }])
    t.equal((await erase('call-1', wrong)).statusCode, 400, JSON.stringify(wrong));
});

t.test('everything else needs the token', async (t) => {
  const { ask, world } = setUp();
  const wrong = [
    '',
    token,
    `Basic ${token}`,
    'Bearer',
    'Bearer ',
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
  ];
  for (const authorization of wrong) {
    for (const url of [
      '/status',
      '/cases',
      '/cases/case-1',
      '/contacts',
      '/site/versions',
      '/openapi.json',
      '/nowhere',
      '/health/..',
      '/HEALTH',
    ]) {
      const answer = await ask({ url, headers: { authorization } });
      t.equal(answer.statusCode, 401, `${url} with "${authorization}"`);
      t.equal(answer.json().code, 'ONEDOOR_WEB_UNAUTHORISED');
    }
    t.equal((await ask({ method: 'POST', url: '/stop', headers: { authorization } })).statusCode, 401);
    t.equal(
      (await ask({ method: 'DELETE', url: '/contacts/call-1/personal', headers: { authorization } }))
        .statusCode,
      401,
    );
  }
  t.same(world, { asked: [], stops: [], erasures: [] }, 'nobody was asked');
  t.equal((await ask({ url: '/status', headers: { authorization: `bearer  ${token}` } })).statusCode, 200);
});

t.test('a name that was pointed at us is not answered', async (t) => {
  const { ask } = setUp();
  for (const host of [
    'evil.example',
    'evil.example:22600',
    '127.0.0.1',
    '127.0.0.1:22601',
    '127.0.0.1:22600.evil',
    '',
  ]) {
    const answer = await ask({ url: '/health', headers: { host } });
    t.equal(answer.statusCode, 421, `host "${host}"`);
    t.equal(answer.json().code, 'ONEDOOR_WEB_HOST');
  }
  for (const host of ['localhost:22600', 'LocalHost:22600', '[::1]:22600']) {
    t.equal((await ask({ url: '/health', headers: { host } })).statusCode, 200, host);
  }
});

t.test('pages of other sites get no permission to read', async (t) => {
  const { ask } = setUp();
  const answer = await ask({ url: '/cases', headers: { origin: 'https://evil.example' } });
  t.notOk(Object.keys(answer.headers).some((name) => name.startsWith('access-control-')));
  const preflight = await ask({
    method: 'OPTIONS',
    url: '/cases',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET', authorization: '' },
  });
  t.equal(preflight.statusCode, 401);
});

t.test('cases come in pages, filtered', async (t) => {
  const { ask, world } = setUp();
  const answer = await ask({
    url: '/cases?status=received&reference=12345674&since=2026-03-04T10:00:00%2B04:00&until=2026-03-05&limit=5&after=x',
  });
  t.equal(answer.statusCode, 200);
  t.same(
    answer.json(),
    { cases: [aCase], next: 'more' },
    'fields that the schema does not name are there too',
  );
  const filter = {
    status: 'received',
    reference: '12345674',
    since: Date.UTC(2026, 2, 4, 6),
    until: Date.UTC(2026, 2, 5),
  };
  t.same(world.asked, [['case', filter, 5, 'x', false]]);
  await ask({ url: '/contacts?case=case-1&since=1772582400000&personal=true' });
  t.same(world.asked[1], ['contact', { case: 'case-1', since: 1_772_582_400_000 }, 100, null, true]);
});

t.test('one record; its personal data only on demand', async (t) => {
  const { ask } = setUp();
  t.same((await ask({ url: '/cases/case-1' })).json(), aCase);
  const missing = await ask({ url: '/cases/case-2' });
  t.equal(missing.statusCode, 404);
  t.same(missing.json(), {
    code: 'ONEDOOR_WEB_NO_RECORD',
    message: 'There is no case with this id.',
    details: { kind: 'case' },
  });
  t.notMatch((await ask({ url: '/contacts/call-1' })).body, /99123456/);
  const { personal } = (await ask({ url: '/contacts/call-1?personal=true' })).json();
  t.same(personal, { 'caller.number': '+96899123456' });
  t.equal((await ask({ url: '/contacts/call-2?personal=true' })).statusCode, 404);
});

t.test('a wrong question is told where it is wrong', async (t) => {
  const { ask } = setUp();
  for (const [url, at] of [
    ['/cases?status=lost', 'status'],
    ['/cases?limit=0', 'limit'],
    ['/cases?limit=1001', 'limit'],
    ['/cases?since=yesterday', 'since'],
    ['/cases?reference=12;DROP', 'reference'],
    ['/contacts?case=a%20b', 'case'],
    ['/contacts?personal=yes', 'personal'],
    ['/cases/a%00b', 'id'],
  ]) {
    const answer = await ask({ url: url! });
    t.equal(answer.statusCode, 400, String(url));
    t.equal(answer.json().code, 'ONEDOOR_WEB_INVALID');
    t.equal(answer.json().details.problems[0].at, at);
  }
  t.equal((await ask({ url: '/cases?unknown=1' })).statusCode, 400, 'an unknown filter is not ignored');
  t.equal(
    (await ask({ url: '/cases/%zz' })).json().code,
    'ONEDOOR_WEB_INVALID',
    'an address that cannot be decoded',
  );
  t.equal((await ask({ url: `/cases/${'x'.repeat(121)}` })).statusCode, 400, 'an id longer than any');
  t.equal((await ask({ url: '/nowhere' })).json().code, 'ONEDOOR_WEB_NO_ROUTE');
});

t.test('the engine is stopped with a drain', async (t) => {
  const { ask, world } = setUp();
  const answer = await ask({ method: 'POST', url: '/stop', payload: { drainSeconds: 5, exchange: 'keep' } });
  t.equal(answer.statusCode, 202);
  t.same(answer.json(), { stopping: true, calls: 3 });
  await ask({ method: 'POST', url: '/stop', payload: {} });
  t.same(world.stops, [
    { drainMs: 5_000, exchange: 'keep' },
    { drainMs: 30_000, exchange: 'stop' },
  ]);
  for (const payload of [{ drainSeconds: -1 }, { now: true }, { exchange: 'explode' }]) {
    t.equal((await ask({ method: 'POST', url: '/stop', payload })).statusCode, 400);
  }
  t.equal((await ask({ method: 'GET', url: '/stop' })).statusCode, 404, 'a link cannot stop it');
  t.equal(world.stops.length, 2);
});

t.test('bodies that are too large or no JSON are refused', async (t) => {
  const { ask, world } = setUp();
  const post = async (payload: string, type = 'application/json') => {
    const answer = await ask({ method: 'POST', url: '/stop', payload, headers: { 'content-type': type } });
    return [answer.statusCode, answer.json().code];
  };
  t.same(await post(JSON.stringify({ pad: 'x'.repeat(20_000) })), [413, 'ONEDOOR_WEB_TOO_LARGE']);
  t.same(await post('drainSeconds=1', 'application/x-www-form-urlencoded'), [415, 'ONEDOOR_WEB_MEDIA_TYPE']);
  t.same(await post('{"drainSeconds":'), [400, 'ONEDOOR_WEB_INVALID']);
  t.same(await post('{"__proto__": {"drainSeconds": 1}}'), [400, 'ONEDOOR_WEB_INVALID']);
  t.same(world.stops, []);
});

t.test('too many requests are told to wait', async (t) => {
  const { ask } = setUp({ perSecond: 0.001, burst: 3 });
  for (let i = 0; i < 3; i++) t.equal((await ask({ url: '/health' })).statusCode, 200);
  const answer = await ask({ url: '/health', headers: { authorization: 'Bearer guess' } });
  t.equal(answer.statusCode, 429);
  t.equal(answer.json().code, 'ONEDOOR_WEB_TOO_MANY');
  t.ok(Number(answer.headers['retry-after']) > 0);
});

t.test('a bug is answered without its insides', async (t) => {
  const { ask } = setUp();
  const answer = await ask({ url: '/cases?after=broken' });
  t.equal(answer.statusCode, 500);
  t.equal(answer.json().code, 'ONEDOOR_BASE_BUG');
  t.notMatch(answer.body, /shadow/);
});

t.test('it listens on loopback only', async (t) => {
  for (const host of [
    '0.0.0.0',
    '::',
    '192.0.2.1',
    'localhost',
    'hotline.example',
    '127.0.0.1.evil.example',
  ]) {
    const { app } = setUp();
    const error = await listenWeb(app, { host, port: 0 }).catch((reason: unknown) => reason);
    t.ok(error instanceof OnedoorError && error.code === 'ONEDOOR_WEB_OFF_LOOPBACK', host);
    t.equal(app.server.listening, false);
  }
});

t.test('a taken port is told', async (t) => {
  const { app } = setUp();
  const other = setUp().app;
  t.teardown(() => Promise.all([app.close(), other.close()]));
  const where = await listenWeb(app, { host: '127.0.0.1', port: 0 });
  const error = await listenWeb(other, where).catch((reason: unknown) => reason);
  t.ok(error instanceof OnedoorError && error.code === 'ONEDOOR_WEB_ADDRESS');
  t.match(String(error), /another program listens there/);
});

t.test(
  'over a real socket: the given port is among the hosts, and a request without a host is refused',
  async (t) => {
    const { app } = setUp();
    t.teardown(() => app.close());
    const { port } = await listenWeb(app, { host: '127.0.0.1', port: 0 });
    t.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.end('GET /health HTTP/1.0\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    t.match(answer, /^HTTP\/1\.[01] 4\d\d /);
  },
);

t.test('the records that the engine writes are those that the API describes', async (t) => {
  const arrived = foldContact(null, 'call-1', arrival, 1_000);
  const ended = foldContact(arrived, 'call-1', ending, 2_000);
  t.ok(contactRecord.safeParse(arrived).success);
  t.ok(contactRecord.safeParse(ended).success);
  t.ok(caseRecord.safeParse(aCase).success);
});
