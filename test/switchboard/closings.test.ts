/** Calendars that are closed at once: what the journal keeps of them, and what calls hear. */
import t, { type Test } from 'tap';
import { asExchangeId, asLegId, createLog } from '../../src/base/index.js';
import { openCalendar, zoneOf } from '../../src/calendar/index.js';
import type { CallSite } from '../../src/calls/index.js';
import { createSimulatedDisk, openSimulatedJournal, type SimulatedDisk } from '../../src/journal/index.js';
import { createSwitchboard, type Switchboard } from '../../src/switchboard/index.js';
import type { Exchange, LinkEvent, TelephonyEvent } from '../../src/telephony/port.js';
import { createVirtualTime, type VirtualTime } from '../../src/telephony/simulator/index.js';
import { flowFrom, flowOf } from '../kit/flow-walk.js';
import { testAnswer, testHash, testSite } from '../kit/test-site.js';
import { oneSite } from '../kit/test-routing.js';

const zone = zoneOf('UTC');
if (zone === null) throw new Error('no UTC');
const always = { from: 0, to: 1440 };
const weekly = new Map(([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => [weekday, [always]] as const));
const agents = openCalendar({ zone, weekly, days: [], holidays: [], emergency: null });

const flow = flowFrom(
  flowOf(
    `
  ask: { hours: { calendar: agents, open: here, closed: away, emergency: storm } }
  here: { say: goodbye, outcome: here, go: end }
  away: { say: goodbye, outcome: away, go: end }
  storm: { say: goodbye, outcome: storm, go: end }
`,
    'numbers: ["500"]\n',
  ),
);
const site: CallSite = {
  ...testSite(),
  numbers: new Map([['500', flow.name]]),
  flows: new Map([[flow.name, flow]]),
  calendars: new Map([['agents', agents]]),
};

interface Life {
  readonly time: VirtualTime;
  readonly switchboard: Switchboard;
  /** A new caller: what the calendar said. */
  call(): Promise<string>;
  close(): Promise<void>;
}

/** One engine on a disk; `startsAt` milliseconds of virtual time. */
async function engine(disk: SimulatedDisk, startsAt: number): Promise<Life> {
  const time = createVirtualTime();
  await time.runFor(startsAt);
  let listener: (event: TelephonyEvent | LinkEvent) => void = () => undefined;
  const exchange: Exchange = {
    id: asExchangeId('x'),
    start: async (to) => {
      listener = to;
      to({ type: 'link.ready', incarnation: '1' });
    },
    execute: async () => ({ result: 'done' }),
    inventory: async () => ({ incarnation: '1', legs: [], bridges: [], phones: [] }),
    playbackState: async () => 'gone',
    recordingState: async () => ({ state: 'gone', durationMs: 0 }),
    close: async () => undefined,
  };
  const journal = await openSimulatedJournal({
    disk,
    log: createLog('silent'),
    schedule: (_step, run) => void time.at(time.now(), run),
  });
  const switchboard = createSwitchboard({
    hash: testHash,
    exchanges: [exchange],
    journal,
    lookups: { lookUp: async (request) => testAnswer(request) },
    channels: { send: async () => ({ result: 'sent', by: 'test' }) },
    sites: oneSite(site),
    scheduler: time,
    log: createLog('silent'),
    onHalt: (why) => {
      throw new Error(why);
    },
  });
  await Promise.all([switchboard.start(), time.runFor(10)]);
  let calls = 0;
  return {
    time,
    switchboard,
    async call() {
      calls += 1;
      listener({
        type: 'leg.arrived',
        leg: asLegId(`${startsAt}-${calls}`),
        called: '500',
        caller: { number: null, name: null, withheld: true },
        trunk: 't',
        phone: null,
      });
      await time.runFor(10);
      return told(disk).at(-1) ?? '';
    },
    async close() {
      await switchboard.close();
    },
  };
}

/** What calendars told callers, and what was done to them, as the event log has it. */
function told(disk: SimulatedDisk): string[] {
  return disk.database
    .prepare<[], { type: string; subject: string; body: string }>(
      "SELECT type, subject, body FROM event WHERE type IN ('hours.told', 'calendar.closed', 'calendar.opened') ORDER BY rowid",
    )
    .all()
    .map(({ type, subject, body }) => {
      const { state } = JSON.parse(body) as { state?: string };
      return type === 'hours.told' ? (state ?? '') : `${type} ${subject}`;
    });
}

function diskOf(t: Test): SimulatedDisk {
  const disk = createSimulatedDisk();
  t.teardown(() => disk.database.close());
  return disk;
}

async function carriedOut(life: Life, done: Promise<void>): Promise<void> {
  await Promise.all([done, life.time.runFor(10)]);
}

t.test('the next caller finds the calendar closed, until it is opened again', async (t) => {
  const disk = diskOf(t);
  const life = await engine(disk, 0);
  t.equal(await life.call(), 'open');
  await carriedOut(life, life.switchboard.closeCalendar('agents', life.time.now() + 3_600_000, 'sorry'));
  t.equal(await life.call(), 'emergency');
  await carriedOut(life, life.switchboard.openCalendar('agents'));
  t.equal(await life.call(), 'open');
  t.same(told(disk), ['open', 'calendar.closed agents', 'emergency', 'calendar.opened agents', 'open']);
});

t.test('it opens by itself when its time has come', async (t) => {
  const life = await engine(diskOf(t), 0);
  await carriedOut(life, life.switchboard.closeCalendar('agents', life.time.now() + 60_000, null));
  t.equal(await life.call(), 'emergency');
  await life.time.runFor(60_000);
  t.equal(await life.call(), 'open');
});

t.test('a closing outlives the engine, and ends while none runs', async (t) => {
  const disk = diskOf(t);
  const first = await engine(disk, 0);
  const began = first.time.now();
  await carriedOut(first, first.switchboard.closeCalendar('agents', began + 60_000, 'storm'));
  await first.close();
  const second = await engine(disk, 30_000);
  const closing = { since: began, until: began + 60_000, say: 'storm' };
  t.same([...second.switchboard.closings()], [['agents', closing]]);
  t.equal(await second.call(), 'emergency');
  await second.close();
  const third = await engine(disk, 90_000);
  t.same([...third.switchboard.closings()], []);
  t.equal(await third.call(), 'open');
});

t.test('a calendar that was opened again stays so after a restart', async (t) => {
  const disk = diskOf(t);
  const first = await engine(disk, 0);
  await carriedOut(first, first.switchboard.closeCalendar('agents', first.time.now() + 600_000, null));
  await carriedOut(first, first.switchboard.openCalendar('agents'));
  await first.close();
  t.same([...(await engine(disk, 1_000)).switchboard.closings()], []);
});
