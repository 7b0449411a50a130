import t from 'tap';
import type { UtcMs } from '../../src/base/index.js';
import { type Closing, openCalendar, zoneOf } from '../../src/calendar/index.js';
import type { CallDecision, CallSite } from '../../src/calls/index.js';
import { arrives } from '../kit/decided-call.js';
import { flowFrom, flowOf } from '../kit/flow-walk.js';
import { testSite } from '../kit/test-site.js';

const zone = zoneOf('Asia/Muscat');
if (zone === null) throw new Error('no Muscat');
const agents = openCalendar({
  zone,
  weekly: new Map([[3, [{ from: 450, to: 870 }]]] as const),
  days: [],
  holidays: [],
  emergency: null,
});

const flow = flowFrom(
  flowOf(
    `
  ask: { hours: { calendar: agents, into: hours, open: here, closed: away, emergency: storm } }
  here: { say: goodbye, outcome: here, go: note }
  away: { say: goodbye, outcome: away, go: note }
  storm: { say: goodbye, outcome: storm, go: note }
  note: { case: { kind: request, subject: hours.opens }, go: end }
`,
    'numbers: ["500"]\n',
  ),
);
const plain = testSite();
const site: CallSite = {
  ...plain,
  numbers: new Map([['500', flow.name]]),
  flows: new Map([[flow.name, flow]]),
  calendars: new Map([['agents', agents]]),
};

const arrive = (at: UtcMs, over: Partial<CallSite> = {}): CallDecision =>
  arrives({ ...site, ...over }, { called: '500', number: null, at });

const facts = ({ facts: all }: CallDecision): string[] =>
  all.flatMap(({ type, body }) =>
    type === 'hours.told' || type === 'outcome.reached' || type === 'flow.failed'
      ? [`${type} ${Object.values(body).join(' ')}`]
      : [],
  );
const muscat = (text: string): UtcMs => Date.parse(`2026-03-${text}+04:00`);

t.test("a calendar answers within the turn, with the turn's time, on the record", async (t) => {
  t.same(facts(arrive(muscat('04T10:00'))), ['hours.told agents open', 'outcome.reached here']);
  t.same(facts(arrive(muscat('04T20:00'))), ['hours.told agents closed', 'outcome.reached away']);
  t.same(arrive(muscat('04T20:00')).call.frames[0]?.snapshot.context.vars, {
    hours: {
      state: 'closed',
      name: null,
      date: '2026-03-04',
      time: '20:00',
      weekday: 'wed',
      opens: '2026-03-11T07:30',
      closes: null,
    },
  });
});

t.test('a calendar that was closed at once is closed', async (t) => {
  const closings = new Map<string, Closing>([
    ['agents', { since: muscat('04T09:00'), until: muscat('04T12:00'), say: null }],
  ]);
  t.same(facts(arrive(muscat('04T10:00'), { closings })), [
    'hours.told agents emergency',
    'outcome.reached storm',
  ]);
  t.same(facts(arrive(muscat('04T12:00'), { closings })), ['hours.told agents open', 'outcome.reached here']);
});

t.test('a calendar that is gone costs the caller no more than the apology', async (t) => {
  const decision = arrive(muscat('04T10:00'), { calendars: new Map() });
  t.match(facts(decision)[0], /^flow.failed tried no calendar agents/);
  t.ok(decision.commands.some(({ body }) => body.type === 'play'));
});
