/** PINs: nowhere in what the engine writes, asked again after a restart, and locked when too many were wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import {
  asExchangeId,
  asLegId,
  createLog,
  type Key,
  type LegId,
  type Log,
  type PlaybackId,
} from '../../src/base/index.js';
import {
  createSimulatedDisk,
  openJournal,
  openSimulatedJournal,
  type SimulatedDisk,
} from '../../src/journal/index.js';
import type { Journal } from '../../src/journal/port.js';
import type { LookupRequest } from '../../src/lookups/port.js';
import { createSwitchboard, type Switchboard } from '../../src/switchboard/index.js';
import type { Exchange, Inventory, LinkEvent, TelephonyEvent } from '../../src/telephony/port.js';
import { createVirtualTime, type Step, type VirtualTime } from '../../src/telephony/simulator/index.js';
import { tempFolder } from '../journal/kit.js';
import { runHotline } from '../kit/simulated-hotline.js';
import { testAnswer, testHash, testPins, testSite } from '../kit/test-site.js';
import { oneSite } from '../kit/test-routing.js';

const site = testSite();
const pin = testPins['1001'] ?? '';
const wrong = '640275';
/** A lock's first length. */
const lockMs = 900_000;

/** One engine, and an exchange that does as it is told. */
interface Life {
  readonly time: VirtualTime;
  readonly switchboard: Switchboard;
  /** Texts that were spoken to a leg, in order. */
  readonly spoken: Map<LegId, string[]>;
  readonly asked: LookupRequest[];
  /** A caller who is answered; `number` null: withheld. */
  call(leg: LegId, number: string | null): Promise<void>;
  press(leg: LegId, keys: string): Promise<void>;
  /** What is being said is over. */
  heard(leg: LegId): Promise<void>;
  hangUp(leg: LegId): Promise<void>;
  close(): Promise<void>;
}

interface LifeOptions {
  readonly journal: (time: VirtualTime) => Promise<Journal>;
  readonly startsAt?: number;
  readonly log?: Log;
  /** Legs that are there when the engine starts. */
  readonly legs?: Inventory['legs'];
  /** Whether lookups answer; otherwise they hang. */
  readonly answers?: boolean;
  /** Waits until all is on disk. */
  readonly settle?: boolean;
}

async function engine(options: LifeOptions): Promise<Life> {
  const { startsAt = 0, log = createLog('silent'), legs = [], answers = true, settle = false } = options;
  const time = createVirtualTime();
  await time.runFor(startsAt);
  const spoken = new Map<LegId, string[]>();
  const playing = new Map<LegId, PlaybackId>();
  const asked: LookupRequest[] = [];
  let listener: (event: TelephonyEvent | LinkEvent) => void = () => undefined;
  const exchange: Exchange = {
    id: asExchangeId('x'),
    start: async (to) => {
      listener = to;
      to({ type: 'link.ready', incarnation: '1' });
    },
    execute: async (command) => {
      if (command.type === 'play') {
        playing.set(command.leg, command.playback);
        // Of a text with a value, the part before it stands for it.
        const names = command.media
          .flatMap((item) => (item.type === 'file' ? [item.path.replace(/^en\/|\.1$/g, '')] : []))
          .filter((name) => !name.startsWith('say/'));
        spoken.set(command.leg, [...(spoken.get(command.leg) ?? []), ...names]);
      }
      return { result: 'done' };
    },
    inventory: async () => ({ incarnation: '1', legs, bridges: [], phones: [] }),
    playbackState: async () => 'gone',
    recordingState: async () => ({ state: 'gone', durationMs: 0 }),
    close: async () => undefined,
  };
  const switchboard = createSwitchboard({
    hash: testHash,
    exchanges: [exchange],
    journal: await options.journal(time),
    lookups: {
      lookUp: (request) => {
        asked.push(request);
        return answers ? Promise.resolve(testAnswer(request)) : new Promise(() => undefined);
      },
    },
    channels: { send: async () => ({ result: 'sent', by: 'test' }) },
    sites: oneSite(site),
    scheduler: time,
    log,
    onHalt: (why) => {
      throw new Error(why);
    },
  });
  await Promise.all([switchboard.start(), time.runFor(10)]);
  const quiet = async (): Promise<void> => {
    await time.runFor(10);
    if (!settle) return;
    await switchboard.beat();
    await time.runFor(10);
  };
  const tell = async (event: TelephonyEvent): Promise<void> => {
    listener(event);
    await quiet();
  };
  return {
    time,
    switchboard,
    spoken,
    asked,
    call: (leg, number) =>
      tell({
        type: 'leg.arrived',
        leg,
        called: '200',
        caller: { number, name: null, withheld: number === null },
        trunk: 't',
        phone: null,
      }),
    async press(leg, keys) {
      for (const key of keys) await tell({ type: 'key.pressed', leg, key: key as Key, durationMs: 100 });
    },
    async heard(leg) {
      const playback = playing.get(leg);
      if (playback !== undefined) await tell({ type: 'playback.finished', leg, playback, result: 'done' });
    },
    hangUp: (leg) => tell({ type: 'leg.ended', leg, cause: { q850: 16, sip: null } }),
    close: () => switchboard.close(),
  };
}

function onDisk(disk: SimulatedDisk): LifeOptions['journal'] {
  return (time) =>
    openSimulatedJournal({
      disk,
      log: createLog('silent'),
      schedule: (_step, run) => void time.at(time.now(), run),
    });
}

function diskOf(t: Test): SimulatedDisk {
  const disk = createSimulatedDisk();
  t.teardown(() => disk.database.close());
  return disk;
}

function bytesOf(disk: SimulatedDisk): Buffer {
  return Buffer.concat([disk.database.serialize(), disk.reserve]);
}

/** Customer and PIN; resolves when the caller has heard what came of it, by its texts. */
async function tryPin(life: Life, leg: LegId, given: string): Promise<readonly string[]> {
  const before = life.spoken.get(leg)?.length ?? 0;
  await life.press(leg, given);
  await life.heard(leg);
  return (life.spoken.get(leg) ?? []).slice(before);
}

async function callAs(life: Life, leg: string, number: string | null, customer: string): Promise<LegId> {
  const id = asLegId(leg);
  await life.call(id, number);
  await life.press(id, customer);
  return id;
}

t.test('of a call with a PIN neither files nor log have a digit of it', async (t) => {
  const folder = tempFolder();
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const journal = await openJournal({ folder, log });
  const life = await engine({ journal: async () => journal, log, settle: true });
  const readAll = (when: string): void => {
    for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const bytes = readFileSync(join(name.parentPath, name.name));
      for (const secret of [pin, wrong]) t.notOk(bytes.includes(secret), `${name.name} ${when}`);
    }
  };
  const leg = await callAs(life, 'a', '+96891000001', '1001');
  for (let index = 0; index < wrong.length; index++) {
    await life.press(leg, wrong.charAt(index));
    readAll(`after ${index + 1} keys`);
  }
  await life.heard(leg);
  readAll('when it was asked for');
  await life.heard(leg);
  await life.press(leg, pin);
  readAll('when it waits to be used');
  await life.heard(leg);
  readAll('when it was right');
  t.match(life.spoken.get(leg), [
    'enter-customer',
    'enter-pin',
    'one-moment',
    'pin-wrong',
    'enter-pin',
    'one-moment',
    'balance',
  ]);
  t.same(
    life.asked.map(({ with: given }) => given),
    [
      { customer: '1001', pin: wrong },
      { customer: '1001', pin },
    ],
    'the source itself gets it',
  );
  await life.hangUp(leg);
  await life.close();
  await journal.close();
  readAll('at the end');
  t.notMatch(lines.join(''), new RegExp(`${pin}|${wrong}`), 'nor the log');
});

t.test('an engine that dies at each moment of such a call leaves no PIN behind', async (t) => {
  const heard = (path: string): Step => ({
    type: 'hears',
    sound: `en/${path}`,
    withinMs: 8_000,
    otherwise: 'goes-on',
  });
  // Who keys on while the engine is away may enter four digits of it as the customer's number: no more is said of those.
  const secrets = [pin.slice(0, 5), wrong.slice(0, 5)];
  const script: readonly Step[] = [
    { type: 'awaits-answer' },
    heard('enter-customer'),
    { type: 'presses', keys: '1001' },
    heard('enter-pin'),
    { type: 'presses', keys: wrong },
    heard('enter-pin'),
    { type: 'presses', keys: pin },
    { type: 'waits', ms: 9_000 },
    { type: 'presses', keys: pin },
    { type: 'waits', ms: 20_000 },
    { type: 'hangs-up' },
  ];
  const options = { seed: 7, callers: 1, wish: { called: '200', script }, unwritten: secrets };
  const whole = await runHotline({ ...options, killAt: [] });
  t.same(whole.broken, []);
  t.ok(whole.points > 30 && whole.lookups === 2, `${whole.points} moments, ${whole.lookups} lookups`);
  let resumed = 0;
  for (let moment = 0; moment < whole.points; moment++) {
    const run = await runHotline({ ...options, killAt: [moment] });
    resumed += run.resumed;
    if (run.broken.length === 0) continue;
    for (const line of run.trace) t.comment(line);
    t.fail(`killed at moment ${moment}: ${run.broken.join(' ')}`);
    return;
  }
  t.ok(resumed > 10, `${resumed} calls were taken on again`);
  const degraded = await runHotline({ ...options, killAt: [], storeFails: true });
  t.same(degraded.broken, [], 'nor does the reserve have it');
});

t.test('whoever has keyed a PIN when the engine dies is asked for it again', async (t) => {
  const legs: Inventory['legs'] = [
    {
      leg: asLegId('a'),
      called: '200',
      caller: { number: null, name: null, withheld: true },
      trunk: 't',
      phone: null,
      direction: 'inbound',
      state: 'answered',
    },
  ];
  const moments: readonly (readonly [string, (life: Life, leg: LegId) => Promise<void>])[] = [
    ['half of it', (life, leg) => life.press(leg, pin.slice(0, 3))],
    ['all of it, and it was not used yet', (life, leg) => life.press(leg, pin)],
    [
      'all of it, and its lookup is on the way',
      async (life, leg) => {
        await life.press(leg, pin);
        await life.heard(leg);
      },
    ],
    [
      'all of it, and waits with a text for the answer',
      async (life, leg) => {
        await life.press(leg, pin);
        await life.heard(leg);
        await life.time.runFor(1_000);
      },
    ],
  ];
  for (const [what, until] of moments) {
    const disk = diskOf(t);
    const first = await engine({ journal: onDisk(disk), answers: false });
    const leg = await callAs(first, 'a', null, '1001');
    await until(first, leg);
    t.notOk(bytesOf(disk).includes(pin), what);
    await first.close();
    const second = await engine({ journal: onDisk(disk), startsAt: 60_000, legs });
    t.same(second.asked, [], `${what}: nothing is asked with a hole`);
    for (let n = 0; n < 3 && second.spoken.get(leg)?.at(-1) !== 'enter-pin'; n++) {
      await second.heard(leg);
      await second.time.runFor(4_000);
    }
    t.equal(second.spoken.get(leg)?.at(-1), 'enter-pin', `${what}: ${String(second.spoken.get(leg))}`);
    await second.time.runFor(2_000);
    t.match(await tryPin(second, leg, pin), ['one-moment', 'balance'], what);
    t.same(
      second.asked.map(({ with: given }) => given),
      [{ customer: '1001', pin }],
    );
    await second.close();
  }
});

t.test('a fourth attempt is locked: of the call, of the number, of the account', async (t) => {
  const disk = diskOf(t);
  const life = await engine({ journal: onDisk(disk) });
  const number = '+96891000001';
  const first = await callAs(life, 'a', number, '1001');
  for (let n = 0; n < 3; n++) {
    t.same(await tryPin(life, first, wrong), ['one-moment', 'pin-wrong'], `wrong PIN ${n + 1}`);
    await life.heard(first);
  }
  t.same(await tryPin(life, first, pin), ['one-moment', 'pin-locked'], 'the call');
  t.equal(life.asked.length, 3, 'the source is not asked');
  t.notOk(bytesOf(disk).includes(`${number.slice(1)}"]`), 'nor is the number that is counted readable');

  const again = await callAs(life, 'b', number, '1002');
  t.same(await tryPin(life, again, testPins['1002'] ?? ''), ['one-moment', 'pin-locked'], 'the number');
  const other = await callAs(life, 'c', '+96891000002', '1001');
  t.same(await tryPin(life, other, pin), ['one-moment', 'pin-locked'], 'the account');
  const stranger = await callAs(life, 'd', '+96891000003', '1002');
  t.same(await tryPin(life, stranger, testPins['1002'] ?? ''), ['one-moment', 'balance'], 'nobody else');
  await life.close();

  const restarted = await engine({ journal: onDisk(disk), startsAt: lockMs / 2 });
  const early = await callAs(restarted, 'e', '+96891000004', '1001');
  t.same(await tryPin(restarted, early, pin), ['one-moment', 'pin-locked'], 'a restart opens nothing');
  await restarted.time.runFor(lockMs);
  const late = await callAs(restarted, 'f', number, '1001');
  t.same(await tryPin(restarted, late, pin), ['one-moment', 'balance'], 'after its time it is open again');
  await restarted.close();
});

t.test('a right PIN clears what was wrong, and a source that fails counts for nothing', async (t) => {
  const disk = diskOf(t);
  const life = await engine({ journal: onDisk(disk) });
  const counted = (): number =>
    disk.database.prepare<[], number>("SELECT count(*) FROM entity WHERE kind = 'attempts'").pluck().get() ??
    0;
  for (const leg of ['a', 'b']) {
    const caller = await callAs(life, leg, null, '1001');
    for (let n = 0; n < 2; n++) {
      await tryPin(life, caller, wrong);
      await life.heard(caller);
    }
    t.same(await tryPin(life, caller, pin), ['one-moment', 'balance'], leg);
    t.equal(counted(), 0);
  }
  for (const leg of ['c', 'd', 'e', 'f']) {
    const caller = await callAs(life, leg, '+96891000001', '1003');
    t.same(await tryPin(life, caller, wrong), ['one-moment', 'cannot-look-up'], leg);
  }
  t.equal(counted(), 0);
  await life.close();
});
