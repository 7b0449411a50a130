import t from 'tap';
import type { FlowEvent } from '../../src/flows/index.js';
import { flowFrom, flowOf, walk } from '../kit/flow-walk.js';

const told = (state: 'open' | 'closed' | 'holiday' | 'emergency', say: string | null = null): FlowEvent => ({
  type: 'hours-told',
  state,
  say,
  value: { state, opens: '2026-03-05T07:30' },
});

const flow = flowFrom(
  flowOf(`
  ask:
    hours: { calendar: agents, into: hours, open: here, closed: away, holiday: eid, emergency: storm }
  here: { say: here, go: end }
  away: { say: away, go: end }
  eid: { say: eid, go: end }
  storm: { say: storm, go: end }
`),
  { has: () => true, slots: (_language, text) => (text === 'away' ? ['hours.opens'] : []) },
);

t.test('a flow asks a calendar, and goes where the answer leads', async (t) => {
  t.equal(walk(flow).begun, 'ask.asking-hours | enter ask, ask hours agents');
  t.equal(walk(flow).give(told('open')), 'here.speaking | enter here, say here/en');
  t.equal(
    walk(flow).give(told('closed')),
    'away.speaking | enter away, say away/en{"hours":{"opens":"2026-03-05T07:30"}}',
  );
  t.equal(walk(flow).give(told('holiday')), 'eid.speaking | enter eid, say eid/en');
  t.equal(walk(flow).give(told('emergency')), 'storm.speaking | enter storm, say storm/en');
});

t.test('a day with words of its own is told to the end, then the caller goes on', async (t) => {
  const walker = walk(flow);
  t.equal(
    walker.give(told('holiday', 'long-live-the-king')),
    'ask.telling-holiday | say long-live-the-king/en',
  );
  t.equal(walker.give('1'), 'ask.telling-holiday', 'a key is kept for later');
  t.equal(walker.give('spoken'), 'eid.speaking | enter eid, say eid/en');
});

t.test('holiday and emergency are as closed where they have no exit', async (t) => {
  const short = flowFrom(
    flowOf(
      '  ask: { hours: { calendar: agents, open: end, closed: away } }\n  away: { say: away, go: end }\n',
    ),
  );
  for (const state of ['closed', 'holiday', 'emergency'] as const)
    t.equal(walk(short).give(told(state)), 'away.speaking | enter away, say away/en', state);
});

t.test('the local pieces of the time can be asked in conditions', async (t) => {
  const friday = flowFrom(
    flowOf(`
  ask: { hours: { calendar: agents, into: hours, open: which, closed: which } }
  which: { decide: [{ when: 'hours.weekday == "fri" && hours.time >= "12:00"', go: prayer }, { else: end }] }
  prayer: { say: prayer, go: end }
`),
  );
  const value = { state: 'closed', weekday: 'fri', time: '12:30' };
  t.equal(
    walk(friday).give({ type: 'hours-told', state: 'closed', say: null, value }),
    'prayer.speaking | enter which, enter prayer, say prayer/en',
  );
});
