/** The shell alone, over an exchange of which a test decides every answer. */
import t from 'tap';
import { asCallId, asLegId, asRecordingId, createLog } from '../../src/base/index.js';
import { openCalendar, zoneOf } from '../../src/calendar/index.js';
import type { CallSite } from '../../src/calls/index.js';
import { createSimulatedDisk, openSimulatedJournal } from '../../src/journal/index.js';
import { createSwitchboard } from '../../src/switchboard/index.js';
import type { TelephonyEvent } from '../../src/telephony/port.js';
import { createVirtualTime } from '../../src/telephony/simulator/index.js';
import { testAnswer, testHash, testSite } from '../kit/test-site.js';
import { oneSite } from '../kit/test-routing.js';
import {
  exchangeId,
  done,
  leg,
  type Stage,
  sends,
  stage,
  arrival,
  key,
  ended,
  unknown,
  count,
  waiting,
  eventsOf,
  known,
} from '../kit/commanded-stage.js';

t.test('a prompt of unknown fate is not spoken once the caller has gone on', async (t) => {
  const own = await stage(t);
  own.answer = (command) => (command.type === 'play' && count(own.sent, 'play') === 1 ? null : done);
  await own.tell(arrival);
  await own.tell(key('1'));
  t.equal(count(own.sent, 'play'), 2, 'the first prompt, and the one after the key');
  await own.settle('play', unknown);
  await own.time.runFor(1_000);
  t.equal(count(own.sent, 'play'), 2);
});

t.test('a prompt whose fate nobody knows is spoken again', async (t) => {
  const own = await stage(t);
  own.answer = (command) => (command.type === 'play' && count(own.sent, 'play') === 1 ? null : done);
  await own.tell(arrival);
  await own.settle('play', unknown);
  await own.time.runFor(1_000);
  t.equal(count(own.sent, 'play'), 2);
});

t.test('a prompt that was heard while no engine ran is not spoken again', async (t) => {
  const first = await stage(t);
  await first.tell(arrival);
  await first.time.runFor(1_500);
  // Anything shows that the engine lived on.
  await Promise.all([first.switchboard.beat(), first.time.runFor(10)]);
  const inventory = { incarnation: '1', legs: [waiting()], bridges: [], phones: [] };
  const second = await stage(t, testSite(), sends, { ...first, inventory });
  const spoken = (own: Stage) => own.sent.filter(({ type }) => type === 'play');
  t.equal(count(first.sent, 'play'), 1);
  t.equal(count(second.sent, 'play'), 1, 'the flow has gone on with what comes next');
  t.strictNotSame(spoken(second)[0], spoken(first)[0]);
});

t.test('a prompt that was commanded as the engine died is spoken again', async (t) => {
  const first = await stage(t);
  await first.tell(arrival);
  const inventory = { incarnation: '1', legs: [waiting()], bridges: [], phones: [] };
  const second = await stage(t, testSite(), sends, { ...first, inventory });
  const spoken = (own: Stage) => own.sent.filter(({ type }) => type === 'play');
  t.same(spoken(second), spoken(first));
});

t.test("a link that breaks does not use a command's tries up before it is known to be broken", async (t) => {
  const own = await stage(t);
  own.answer = (command) => (command.type === 'play' ? unknown : done);
  await own.tell(arrival);
  await own.tell({ type: 'link.lost', why: 'cut' });
  await own.time.runFor(2_000);
  t.equal(count(own.sent, 'play'), 1);
  own.answer = () => done;
  own.inventory = { incarnation: '1', legs: [waiting()], bridges: [], phones: [] };
  await own.tell({ type: 'link.ready', incarnation: '1' });
  t.equal(count(own.sent, 'play'), 2, 'it is repeated when the link is back');
});

t.test('a phone of unknown fate is not rung for a caller who is gone', async (t) => {
  const own = await stage(t);
  own.answer = (command) => (command.type === 'originate' ? null : done);
  await own.tell(arrival);
  await own.tell(key('1'));
  await own.tell(key('3'));
  await own.tell(ended(leg));
  await own.settle('originate', unknown);
  await own.time.runFor(1_000);
  t.equal(count(own.sent, 'originate'), 1);
  await own.time.runFor(20_000);
  t.equal(own.switchboard.status().calls, 0, 'and the call does not live on for it');
});

t.test('a phone that rings for a call that is over is let go', async (t) => {
  const own = await stage(t);
  await own.tell({ type: 'leg.ringing', leg: asLegId('old-1') });
  t.same(own.sent, [{ type: 'hang-up', leg: 'old-1', reason: 'normal' }]);
});

t.test('a command of before a break is recovered though a later turn still waits for the disk', async (t) => {
  const own = await stage(t);
  own.answer = (command) => (command.type === 'play' ? null : done);
  await own.tell(arrival);
  const { playback } = own.sent.find(({ type }) => type === 'play') as { playback?: string };
  await own.tell({ type: 'link.lost', why: 'cut' });
  await own.settle('play', unknown);
  own.inventory = { incarnation: '1', legs: [waiting()], bridges: [], phones: [] };
  own.diskMs = 400;
  // Keeps a turn on its way to the disk, and changes nothing that is spoken.
  await own.tell({ type: 'leg.held', leg });
  await own.tell({ type: 'link.ready', incarnation: '1' });
  await own.time.runFor(5_000);
  const again = own.sent.filter((command) => command.type === 'play' && command.playback === playback);
  t.equal(again.length, 2);
});

t.test('a disk that stands still for 10 s ends nothing: calls wait, and go on where they were', async (t) => {
  const own = await stage(t);
  await own.tell(arrival);
  own.answer = (command) => (command.type === 'play' ? null : done);
  own.standsUntil = own.time.now() + 10_000;
  await own.tell(key('1'));
  await own.tell({ ...arrival, leg: asLegId('in-2') });
  const before = own.sent.map(({ type }) => type);
  t.same(before, ['answer', 'play', 'stop-playback'], 'only what may leave before its commit left');
  await own.time.runFor(5_000);
  t.equal(own.switchboard.status().journal, 'stalled');
  const beat = own.switchboard.beat().then(() => 'alive');
  t.equal(await Promise.race([beat, own.time.runFor(3_000).then(() => 'silent')]), 'silent');
  await own.time.runFor(4_000);
  t.equal(await beat, 'alive');
  t.same(own.halts, []);
  t.equal(own.switchboard.status().journal, 'normal');
  t.equal(own.switchboard.status().calls, 2);
  t.same(
    own.sent.slice(before.length).map(({ type }) => type),
    ['play', 'answer', 'play'],
    'both callers are answered to',
  );
  await own.time.runFor(3_000);
  t.same(eventsOf(own, 'prompt.overdue'), [], 'the prompts have their whole time from when they left');
  t.equal(count(own.sent, 'play'), 3, 'and so have the callers');
  t.match(eventsOf(own, 'call.marked'), [{ mark: 'journal-degraded' }, { mark: 'journal-degraded' }]);
  const turns = own.disk.database.prepare<[], number>('SELECT turn FROM event ORDER BY id').pluck().all();
  t.same(
    turns,
    [...turns].sort((a, b) => a - b),
    'all is written, in order',
  );
});

t.test(
  'while the disk stands still no more than the few calls of a degraded journal are admitted',
  async (t) => {
    const own = await stage(t);
    own.standsUntil = own.time.now() + 20_000;
    await own.tell(arrival);
    await own.time.runFor(5_000);
    for (let n = 0; n < 55; n++) await own.tell({ ...arrival, leg: asLegId(`more-${n}`) });
    await own.time.runFor(20_000);
    t.equal(count(own.sent, 'answer'), 50);
    t.equal(count(own.sent, 'hang-up'), 6);
  },
);

t.test('a fault in the first decision ends in the apology', async (t) => {
  const site = testSite();
  const broken: CallSite = {
    ...site,
    flows: new Map(
      [...site.flows].map(([name, flow]) => [
        name,
        {
          ...flow,
          start: () => {
            throw new TypeError('a bug');
          },
        },
      ]),
    ),
  };
  const own = await stage(t, broken);
  await own.tell(arrival);
  t.match(own.sent, [{ type: 'answer' }, { type: 'play', media: [{ path: 'en/sorry' }] }]);
});

t.test('a caller for whom nothing can be decided at all is refused, and costs nobody else', async (t) => {
  const site = testSite();
  let isBroken = true;
  const own = await stage(t, {
    ...site,
    media: (piece) => {
      if (isBroken) throw new TypeError('a bug');
      return site.media(piece);
    },
  });
  await own.tell(arrival);
  t.same(own.sent, [{ type: 'hang-up', leg, reason: 'congestion' }]);
  isBroken = false;
  own.sent.length = 0;
  await own.tell({ ...arrival, leg: asLegId('in-2') });
  t.same(
    own.sent.map(({ type }) => type),
    ['answer', 'play'],
  );
});

t.test('an engine that is replaced before it is in control does not wait for ever', async (t) => {
  const time = createVirtualTime();
  const disk = createSimulatedDisk();
  t.teardown(() => disk.database.close());
  const site = testSite();
  const halts: string[] = [];
  const switchboard = createSwitchboard({
    hash: testHash,
    exchanges: [
      {
        id: exchangeId,
        async start(listener) {
          listener({ type: 'link.ready', incarnation: '1' });
          listener({ type: 'link.replaced' });
        },
        execute: async () => unknown,
        inventory: async () => ({ incarnation: '1', legs: [], bridges: [], phones: [] }),
        playbackState: async () => 'gone',
        recordingState: async () => ({ state: 'gone', durationMs: 0 }),
        close: async () => undefined,
      },
    ],
    journal: await openSimulatedJournal({ disk, log: createLog('silent'), schedule: (_step, run) => run() }),
    channels: { send: async () => ({ result: 'sent', by: 'test' }) },
    lookups: { lookUp: async (request) => testAnswer(request) },
    sites: oneSite(site),
    scheduler: time,
    log: createLog('silent'),
    onHalt: (why) => halts.push(why),
  });
  const started = switchboard.start().then(
    () => 'in control',
    () => 'halted',
  );
  t.equal(await Promise.race([started, time.runFor(1_000).then(() => 'waits')]), 'halted');
  t.equal(halts.length, 1);
});

t.test(
  'a message left while no engine was there is a contact of its time, with a case for a person',
  async (t) => {
    const { switchboard, disk, time } = await stage(t);
    const leftAt = time.now() - 3_600_000;
    const taken = switchboard.takeMessage({
      id: asCallId('away-1.7'),
      exchange: exchangeId,
      leg: asLegId('1.7'),
      called: '100',
      callerNumber: '+96891234567',
      recording: asRecordingId('away-1.7'),
      ms: 4_000,
      leftAt,
    });
    await time.runFor(10);
    await taken;
    const [contact, aCase] = disk.database
      .prepare<[], { body: string }>('SELECT body FROM record ORDER BY kind DESC')
      .all()
      .map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    t.match(contact, {
      id: 'away-1.7',
      flow: '@away',
      number: '100',
      startedAt: leftAt,
      endedAt: leftAt + 4_000,
      outcome: 'left-message',
      recordings: [{ name: 'message', recording: 'away-1.7', ms: 4_000 }],
      caller: { number: 'caller.number', withheld: false },
    });
    t.match(aCase, { kind: 'request', subject: 'left-message', status: 'received', contacts: ['away-1.7'] });
    t.equal(switchboard.status().calls, 0);
  },
);

t.test('a caller who queues while no agent can sign in is sent on within the turn', async (t) => {
  const own = await stage(t);
  await own.tell(known);
  await own.tell(key('1'));
  await own.tell({ ...key('1'), key: '5' } as TelephonyEvent);
  t.match(eventsOf(own, 'ticket.ended'), [{ result: 'nobody' }]);
  t.equal(count(own.sent, 'start-music'), 0);
});

t.test('a closed queue says so', async (t) => {
  const zone = zoneOf('Asia/Muscat');
  if (zone === null) throw new Error('no Muscat');
  const site = testSite();
  const general = site.queues.get('general');
  if (general === undefined) throw new Error('there is no queue');
  const own = await stage(t, {
    ...site,
    queues: new Map([['general', { ...general, calendar: 'never' }]]),
    calendars: new Map([
      ['never', openCalendar({ zone, weekly: new Map(), days: [], holidays: [], emergency: null })],
    ]),
  });
  await own.tell(known);
  await own.tell(key('1'));
  await own.tell({ ...key('1'), key: '5' } as TelephonyEvent);
  t.match(eventsOf(own, 'ticket.ended'), [{ result: 'closed' }]);
});
