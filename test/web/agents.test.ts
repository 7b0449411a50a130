/** Agents and queues over HTTP: what they do now, and what is asked of them. */
import t from 'tap';
import { createRouter, decide, apply, type AcdEvent } from '../../src/acd/index.js';
import { agentDesk } from '../../src/cli/agent-desk.js';
import { queueDesk } from '../../src/cli/queue-desk.js';
import { asCallId, createLog } from '../../src/base/index.js';
import {
  agentList,
  agentStatus,
  callbackList,
  buildWeb,
  queueList,
  waitStatus,
} from '../../src/web/index.js';
import { noCalendars, nothingErased } from '../kit/no-calendars.js';
import { fakePublishing } from '../kit/fake-publishing.js';
import { testQueue, testRouting } from '../kit/test-routing.js';
import { noMeasures } from '../kit/no-queues.js';

const token = 'a-token-of-this-test';
const address = { host: '127.0.0.1', port: 8080 };
const at = 1_772_600_000_000;

function setUp() {
  const routing = testRouting();
  const router = createRouter(routing);
  const happen = (event: AcdEvent): string | null => {
    const decision = decide(router, event, at);
    apply(router, decision);
    return decision.refusal;
  };
  happen({ type: 'phone.registered', phone: 'agent-1', registered: true });
  const asked: string[] = [];
  const recording: ('on' | 'off' | null)[] = [null];
  const switchboard = {
    router: () => router,
    agent: async (event: AcdEvent) => happen(event),
    callbacks: () =>
      new Map([['waits-t1', { place: { ticket: 'waits-t1', contact: 'waits' } as never }]]) as never,
    cancelCallback: async (ticket: string) => {
      happen({ type: 'ticket.cancelled', ticket, why: 'cancelled' });
      return !router.tickets.has(ticket);
    },
    recordTalk: async (agent: string, on: boolean) => {
      if (recording.at(-1) === null) return 'not-recorded';
      asked.push(`${agent} ${on}`);
      recording.push(on ? 'on' : 'off');
      return null;
    },
    talkRecorded: () => recording.at(-1) ?? null,
    talks: () => [
      {
        call: {
          id: 'waits',
          transfer: null,
          talkQueue: 'general',
          talkRecording: { on: true, id: null },
          phones: [{ leg: 'l1', phone: 'agent-1', state: 'talking' }],
        },
        contact: { segments: [{ leg: 'l1', kind: 'agent', who: 'amal', from: at, to: null }], transfers: [] },
      } as never,
    ],
    contact: (id: string) =>
      id === 'waits'
        ? ({
            tickets: [{ ticket: 'waits-t1', queue: 'general', assigned: [], missed: [], result: null }],
          } as never)
        : null,
  };
  const site = {
    routing,
    agentLabels: new Map([['amal', 'Amal']]),
    queues: new Map([
      [
        'general',
        {
          ...testQueue('general'),
          label: 'General',
          calendar: null,
          whisper: null,
          callback: { ...testQueue('general').callback, ringMs: 25_000, whenClosed: 'keep' as const },
          record: null,
          music: true,
          agents: [{ name: 'amal', label: 'Amal', phone: 'agent-1', skills: {}, language: 'en' }],
        },
      ],
    ]),
  };
  const records = {
    page: async () => ({ records: [], next: null }),
    one: async () => null,
    personal: async () => ({}),
  };
  const app = buildWeb({
    engine: { status: () => ({}) as never, stop: () => undefined, publishing: fakePublishing().publishing },
    records,
    calendars: noCalendars,
    agents: agentDesk(() => site, switchboard),
    queues: queueDesk(
      () => site,
      switchboard,
      records,
      () => at + 5_000,
    ),
    measures: noMeasures,
    erasing: nothingErased,
    token,
    address,
    log: createLog('silent'),
  });
  const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
    app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${token}`, host: '127.0.0.1:8080' },
      ...(payload === undefined ? {} : { payload }),
    });
  return { ask, happen, asked, recording };
}

t.test('agents are listed, signed in and paused', async (t) => {
  const { ask } = setUp();
  t.match(agentList.parse((await ask('GET', '/agents')).json()).agents, [
    {
      name: 'amal',
      label: 'Amal',
      state: 'offline',
      phone: 'agent-1',
      registered: true,
      queues: ['general'],
    },
  ]);
  const ready = await ask('POST', '/agents/amal', { do: 'sign-in' });
  t.equal(ready.statusCode, 200);
  t.equal(agentStatus.parse(ready.json()).state, 'ready');
  const paused = agentStatus.parse(
    (await ask('POST', '/agents/amal', { do: 'pause', reason: 'meal' })).json(),
  );
  t.match(paused, { state: 'paused', reason: 'meal' });
});

t.test('what an agent cannot do now is refused, and so is whoever is no agent', async (t) => {
  const { ask } = setUp();
  const offline = await ask('POST', '/agents/amal', { do: 'end-wrap-up' });
  t.equal(offline.statusCode, 409);
  t.match(offline.json(), { code: 'ONEDOOR_WEB_AGENT_CANNOT' });
  const unknown = await ask('POST', '/agents/nobody', { do: 'ready' });
  t.equal(unknown.statusCode, 404);
  t.match(unknown.json(), { code: 'ONEDOOR_WEB_NO_AGENT', message: /amal/ });
  t.equal((await ask('POST', '/agents/amal', { do: 'dance' })).statusCode, 400);
});

t.test('the recording of a talk is paused and goes on; where there is none, that is refused', async (t) => {
  const { ask, asked, recording } = setUp();
  const none = await ask('POST', '/agents/amal', { do: 'record-off' });
  t.equal(none.statusCode, 409);
  t.match(none.json(), { code: 'ONEDOOR_WEB_AGENT_CANNOT', message: /not-recorded/ });
  recording.push('on');
  const off = agentStatus.parse((await ask('POST', '/agents/amal', { do: 'record-off' })).json());
  t.equal(off.recording, 'off');
  const on = agentStatus.parse((await ask('POST', '/agents/amal', { do: 'record-on' })).json());
  t.equal(on.recording, 'on');
  t.same(asked, ['amal false', 'amal true']);
});

t.test('queues tell who waits, and why', async (t) => {
  const { ask, happen } = setUp();
  await ask('POST', '/agents/amal', { do: 'sign-in' });
  await ask('POST', '/agents/amal', { do: 'pause', reason: 'meal' });
  happen({
    type: 'ticket.requested',
    ticket: 'waits-t1',
    contact: asCallId('waits'),
    queue: 'general',
    needs: { ar: 3 },
    priority: null,
    preferred: null,
    caller: null,
  });
  t.match(queueList.parse((await ask('GET', '/queues')).json()).queues, [
    { name: 'general', waiting: 1, longestMs: 5_000, bySkill: { ar: 1 }, agents: { paused: 1 } },
  ]);
  const why = waitStatus.parse((await ask('GET', '/contacts/waits/wait')).json());
  t.match(why.tickets, [{ position: 1, waiting: { waitedMs: 5_000, others: [], against: { paused: 1 } } }]);
  t.equal((await ask('GET', '/contacts/nobody/wait')).statusCode, 404);

  t.same((await ask('GET', '/talks')).json(), {
    talks: [
      {
        contact: 'waits',
        queue: 'general',
        since: at,
        transfer: null,
        recording: 'off',
        talkers: [{ kind: 'agent', who: 'amal', since: at, state: 'talking' }],
      },
    ],
  });
  t.same((await ask('GET', '/callbacks')).json(), { callbacks: [] }, 'who waits on the line is owed no call');
  happen({ type: 'ticket.parked', ticket: 'waits-t1', caller: null });
  t.match(callbackList.parse((await ask('GET', '/callbacks')).json()).callbacks, [
    { contact: 'waits', queue: 'general', since: at, state: 'waiting', tries: 0, notBefore: null },
  ]);
  t.equal((await ask('POST', '/callbacks/nobody', { do: 'cancel' })).statusCode, 404);
  t.equal((await ask('POST', '/callbacks/waits', { do: 'dial' })).statusCode, 400);
  t.same((await ask('POST', '/callbacks/waits', { do: 'cancel' })).json(), { callbacks: [] });
  t.equal((await ask('POST', '/callbacks/waits', { do: 'cancel' })).statusCode, 404);
});
