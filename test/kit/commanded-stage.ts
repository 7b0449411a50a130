/** A switchboard over an exchange that does nothing by itself: commands are answered, and events told, as a test says. */
import type { Test } from 'tap';
import { asExchangeId, asLegId, createLog, type ExchangeId, type Key } from '../../src/base/index.js';
import type { CallSite } from '../../src/calls/index.js';
import type { Channels } from '../../src/channels/port.js';
import { createSimulatedDisk, openSimulatedJournal, type SimulatedDisk } from '../../src/journal/index.js';
import { createSwitchboard, type Switchboard } from '../../src/switchboard/index.js';
import type {
  CommandOutcome,
  Exchange,
  Inventory,
  LinkEvent,
  TelephonyCommand,
  TelephonyEvent,
} from '../../src/telephony/port.js';
import { createVirtualTime, type VirtualTime } from '../../src/telephony/simulator/index.js';
import { timersOf } from './virtual-timers.js';
import { testAnswer, testHash, testSite } from './test-site.js';
import { oneSite } from './test-routing.js';

export const exchangeId: ExchangeId = asExchangeId('x');
export const done: CommandOutcome = { result: 'done' };
export const leg = asLegId('in-1');

export interface Stage {
  readonly time: VirtualTime;
  readonly switchboard: Switchboard;
  readonly disk: SimulatedDisk;
  /** Commands as they left, oldest first. */
  readonly sent: TelephonyCommand[];
  readonly halts: string[];
  /** What the exchange answers; never, where it gives null. */
  answer: (command: TelephonyCommand) => CommandOutcome | null;
  inventory: Inventory;
  /** Time that the disk needs. */
  diskMs: number;
  /** Until then the disk stands still: neither store nor reserve writes anything. */
  standsUntil: number;
  tell(event: TelephonyEvent | LinkEvent): Promise<void>;
  /** Settles the oldest command of this type that was not answered. */
  settle(type: TelephonyCommand['type'], outcome: CommandOutcome): Promise<void>;
}

export const sends: Channels = { send: async () => ({ result: 'sent', by: 'test' }) };

/** @param before what an engine that is no more has left: the disk, how late it is, what the exchange holds. */
export async function stage(
  t: Test,
  site: CallSite = testSite(),
  channels: Channels = sends,
  before?: Pick<Stage, 'time' | 'disk' | 'inventory'>,
): Promise<Stage> {
  const { time, disk, inventory } = before ?? {
    time: createVirtualTime(),
    disk: createSimulatedDisk(),
    inventory: { incarnation: '1', legs: [], bridges: [], phones: [] },
  };
  const open: { command: TelephonyCommand; resolve: (outcome: CommandOutcome) => void }[] = [];
  let listener: (event: TelephonyEvent | LinkEvent) => void = () => undefined;
  const exchange: Exchange = {
    id: exchangeId,
    async start(to) {
      listener = to;
      to({ type: 'link.ready', incarnation: '1' });
    },
    execute: (command) =>
      new Promise((resolve) => {
        own.sent.push(command);
        const outcome = own.answer(command);
        if (outcome === null) open.push({ command, resolve });
        else resolve(outcome);
      }),
    inventory: async () => own.inventory,
    playbackState: async () => 'gone',
    recordingState: async () => ({ state: 'gone', durationMs: 0 }),
    close: async () => undefined,
  };
  const journal = await openSimulatedJournal({
    disk,
    log: createLog('silent'),
    schedule: (step, run) => {
      const quick = time.now() + own.diskMs;
      time.at(step === 'write' ? Math.max(quick, own.standsUntil) : quick, run);
    },
    timers: timersOf(time),
  });
  const halts: string[] = [];
  const switchboard = createSwitchboard({
    hash: testHash,
    exchanges: [exchange],
    journal,
    channels,
    lookups: { lookUp: async (request) => testAnswer(request) },
    sites: oneSite(site),
    scheduler: time,
    log: createLog('silent'),
    onHalt: (why) => halts.push(why),
  });
  const own: Stage = {
    time,
    disk,
    switchboard,
    sent: [],
    halts,
    answer: () => done,
    inventory,
    diskMs: 0,
    standsUntil: 0,
    async tell(event) {
      listener(event);
      await time.runFor(10);
    },
    async settle(type, outcome) {
      const index = open.findIndex(({ command }) => command.type === type);
      open.splice(index, 1)[0]?.resolve(outcome);
      await time.runFor(10);
    },
  };
  await Promise.all([switchboard.start(), time.runFor(10)]);
  if (before === undefined) t.teardown(() => disk.database.close());
  return own;
}

export const arrival: Extract<TelephonyEvent, { type: 'leg.arrived' }> = {
  type: 'leg.arrived',
  leg,
  called: '100',
  caller: { number: null, name: null, withheld: true },
  trunk: 't',
  phone: null,
};
export const key = (pressed: Key): TelephonyEvent => ({
  type: 'key.pressed',
  leg,
  key: pressed,
  durationMs: 100,
});
export const ended = (of: string): TelephonyEvent => ({
  type: 'leg.ended',
  leg: asLegId(of),
  cause: { q850: 16, sip: null },
});
export const unknown: CommandOutcome = { result: 'unknown', detail: 'no answer' };
export const count = (sent: readonly TelephonyCommand[], type: string): number =>
  sent.filter((command) => command.type === type).length;
export const waiting = (state: 'waiting' | 'answered' = 'answered'): Inventory['legs'][number] => ({
  leg,
  direction: 'inbound',
  state,
  called: '100',
  caller: { number: null, name: null, withheld: true },
  trunk: 't',
  phone: null,
});
export const eventsOf = ({ disk }: Stage, type: string): unknown[] =>
  disk.database
    .prepare<[string], { body: string }>('SELECT body FROM event WHERE type = ?')
    .all(type)
    .map(({ body }) => JSON.parse(body) as unknown);

/** A caller whose number is known. */
export const known: TelephonyEvent = {
  ...arrival,
  caller: { number: '+96891234567', name: null, withheld: false },
};
