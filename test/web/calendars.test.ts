import t from 'tap';
import { createLog, type UtcMs } from '../../src/base/index.js';
import { type Closing, openCalendar, zoneOf } from '../../src/calendar/index.js';
import { calendarDesk } from '../../src/cli/calendar-desk.js';
import { buildWeb, type WebParts } from '../../src/web/index.js';
import { calendarList, calendarStatus } from '../../src/web/schemas.js';
import { fakePublishing } from '../kit/fake-publishing.js';
import { nothingErased } from '../kit/no-calendars.js';
import { testSite } from '../kit/test-site.js';
import { noMeasures, noQueues } from '../kit/no-queues.js';
import { noAgents } from '../kit/no-agents.js';

const token = 'right-token-right-token-right-token-right-1';
const zone = zoneOf('Asia/Muscat');
if (zone === null) throw new Error('no Muscat');
const agents = openCalendar({
  zone,
  weekly: new Map([[3, [{ from: 450, to: 870 }]]] as const),
  days: [],
  holidays: [],
  emergency: null,
});
const muscat = (time: string): UtcMs => Date.parse(`2026-03-04T${time}+04:00`);

function setUp(at = '10:00') {
  const closings = new Map<string, Closing>();
  const now = muscat(at);
  const { texts } = testSite();
  const calendars = calendarDesk(
    () => ({ calendars: new Map([['agents', agents]]), languages: ['en', 'ar'], texts }),
    {
      closings: () => closings,
      closeCalendar: async (name, until, say) => void closings.set(name, { since: now, until, say }),
      openCalendar: async (name) => void closings.delete(name),
    },
    () => now,
  );
  const unasked = async (): Promise<never> => {
    throw new Error('not asked');
  };
  const records: WebParts['records'] = { page: unasked, one: unasked, personal: unasked };
  const engine = { status: unasked as never, stop: () => undefined, publishing: fakePublishing().publishing };
  const address = { host: '127.0.0.1', port: 22601 };
  const app = buildWeb({
    engine,
    records,
    calendars,
    erasing: nothingErased,
    agents: noAgents,
    queues: noQueues,
    measures: noMeasures,
    token,
    address,
    log: createLog('silent'),
  });
  const ask = (method: 'GET' | 'POST', url: string, payload?: object, bearer = token) =>
    app.inject({
      method,
      url,
      headers: { host: '127.0.0.1:22601', authorization: `Bearer ${bearer}` },
      ...(payload === undefined ? {} : { payload }),
    });
  return { ask, closings };
}

t.test('calendars tell how they are now', async (t) => {
  const answer = await setUp().ask('GET', '/calendars');
  t.equal(answer.statusCode, 200);
  t.same(calendarList.parse(answer.json()).calendars, [
    {
      name: 'agents',
      zone: 'Asia/Muscat',
      state: 'open',
      special: null,
      opens: null,
      closes: muscat('14:30'),
      closing: null,
    },
  ]);
});

t.test('one is closed until a time of its zone, and opened again', async (t) => {
  const { ask, closings } = setUp();
  const closed = await ask('POST', '/calendars/agents/close', { until: '12:00', say: 'sorry' });
  t.equal(closed.statusCode, 200);
  t.match(calendarStatus.parse(closed.json()), {
    state: 'emergency',
    opens: muscat('12:00'),
    closing: { until: muscat('12:00'), say: 'sorry', from: 'request' },
  });
  t.same(closings.get('agents')?.until, muscat('12:00'));
  const opened = await ask('POST', '/calendars/agents/open', {});
  t.match(opened.json(), { state: 'open', closing: null });
  t.equal(closings.size, 0);
  t.equal((await ask('POST', '/calendars/agents/open')).statusCode, 200, 'again, and without a body');
});

t.test('what cannot be is refused, and closes nothing', async (t) => {
  const { ask, closings } = setUp();
  const refused = async (url: string, payload: object): Promise<[number, string]> => {
    const answer = await ask('POST', url, payload);
    return [answer.statusCode, answer.json<{ code: string }>().code];
  };
  const path = '/calendars/agents/close';
  t.same(await refused('/calendars/desk/close', { until: '12:00' }), [404, 'ONEDOOR_WEB_NO_CALENDAR']);
  t.same(await refused('/calendars/desk/open', {}), [404, 'ONEDOOR_WEB_NO_CALENDAR']);
  for (const until of ['soon', '2026-03-04T09:00', '2026-02-30T12:00', '2030-01-01T00:00', ''])
    t.same(await refused(path, { until }), [400, 'ONEDOOR_WEB_CLOSING_TIME'], until);
  for (const say of ['strom', 'status'])
    t.same(await refused(path, { until: '12:00', say }), [400, 'ONEDOOR_WEB_CLOSING_TEXT'], say);
  t.same(await refused(path, {}), [400, 'ONEDOOR_WEB_INVALID']);
  t.same(await refused(path, { until: '12:00', to: 'x' }), [400, 'ONEDOOR_WEB_INVALID']);
  t.equal((await ask('POST', path, { until: '12:00' }, 'wrong')).statusCode, 401);
  t.equal(closings.size, 0);
});
