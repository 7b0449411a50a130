/** An engine on a simulator, in virtual time. */
import { asPlaybackId, type LegId, type PlaybackId } from '../../../src/base/index.js';
import type {
  CommandOutcome,
  Exchange,
  LinkEvent,
  TelephonyCommand,
  TelephonyEvent,
} from '../../../src/telephony/port.js';
import {
  createSimulator,
  createVirtualTime,
  type Party,
  type Simulator,
  type SimulatorOptions,
  type VirtualTime,
} from '../../../src/telephony/simulator/index.js';

export type Event = TelephonyEvent | LinkEvent;

export interface Engine {
  readonly exchange: Exchange;
  readonly events: Event[];
  /** Events by type, oldest first. */
  readonly types: () => readonly string[];
}

export interface Rig {
  readonly time: VirtualTime;
  readonly simulator: Simulator;
  readonly engine: Engine;
  /** Another connection, started. */
  readonly connect: () => Promise<Engine>;
  /** Time goes on until the promise is settled. */
  readonly settle: <Value>(promise: Promise<Value>) => Promise<Value>;
  readonly execute: (command: TelephonyCommand, on?: Engine) => Promise<CommandOutcome>;
  /** Plays a file; the outcome is done. */
  readonly play: (leg: LegId, path: string) => Promise<PlaybackId>;
}

/** Every file lasts a second; `gone` does not exist, `long` lasts 20 s. */
export async function startRig(options: Partial<SimulatorOptions> = {}): Promise<Rig> {
  const time = createVirtualTime();
  const simulator = createSimulator({
    scheduler: time,
    mediaMs: (path) => (path === 'gone' ? null : path === 'long' ? 20_000 : 1_000),
    phones: ['desk'],
    ...options,
  });
  let plays = 0;

  async function settle<Value>(promise: Promise<Value>): Promise<Value> {
    let settled = false;
    const end = (): void => {
      settled = true;
    };
    promise.then(end, end);
    if (!(await time.runUntilTrue(() => settled, time.now() + 60_000))) throw new Error('It never settles.');
    return promise;
  }

  async function connect(): Promise<Engine> {
    const exchange = simulator.connect();
    const events: Event[] = [];
    await settle(exchange.start((event) => void events.push(event)));
    return { exchange, events, types: () => events.map(({ type }) => type) };
  }

  const engine = await connect();
  const execute = (command: TelephonyCommand, on = engine) => settle(on.exchange.execute(command));
  return {
    time,
    simulator,
    engine,
    connect,
    settle,
    execute,
    async play(leg, path) {
      const playback = asPlaybackId(`p${++plays}`);
      const outcome = await execute({ type: 'play', leg, playback, media: [{ type: 'file', path }] });
      if (outcome.result !== 'done') throw new Error(`play: ${JSON.stringify(outcome)}`);
      return playback;
    },
  };
}

export function legOf(party: Party): LegId {
  if (party.leg === null) throw new Error('The caller was turned away.');
  return party.leg;
}

/** What was heard: path or kind of sound, length, and whether it was cut. */
export function heardBy(party: Party): readonly (readonly [what: string, ms: number | null, cut: boolean])[] {
  return party.heard.map(({ sound, from, to, cut }) => [
    sound.type === 'file' ? sound.path : sound.type,
    to === null ? null : to - from,
    cut,
  ]);
}
