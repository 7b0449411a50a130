import {
  asExchangeId,
  createRandom,
  type ExchangeId,
  OnedoorError,
  type RecordingId,
  type Scheduler,
} from '../../base/index.js';
import type { Exchange, Inventory, MediaItem, TelephonyCommand, TelephonyEvent } from '../port.js';
import type { Caller, DialledCall } from './caller.js';
import { createChance, type Faults } from './faults.js';
import { createLegs, type Legs } from './legs.js';
import { beepMs } from './media-line.js';
import type { Phone } from './phone.js';
import { createWire } from './wire.js';

export interface SimulatorOptions {
  /** `simulator` by default. */
  readonly id?: ExchangeId;
  /** Virtual time, as a rule; the exchange sets all its alarms there. */
  readonly scheduler: Scheduler;
  /** Length of a media file in milliseconds; null when there is no such file. */
  readonly mediaMs: (path: string) => number | null;
  /** Names of the site's phones; registered from the start. */
  readonly phones?: readonly string[];
  /** Trunks for numbers outside. `loopback` by default. */
  readonly trunks?: readonly string[];
  /** Chance of the faults and of what exchanges leave open. 1 by default. */
  readonly seed?: number;
  readonly faults?: Faults;
  /** A command without an answer is `unknown` after so long. 5,000 by default. */
  readonly deadlineMs?: number;
}

/** What truly happened at the exchange, whether or not an engine heard of it. */
export type Truth =
  | { readonly type: 'event'; readonly event: TelephonyEvent }
  /** Reached the exchange, which did as it was told or refused. */
  | { readonly type: 'command'; readonly command: TelephonyCommand };

/**
 * An exchange in memory, with callers and phones. It keeps the port's promises as a real exchange does, mistakes of
 * the wire included, and it outlives the engines that connect to it.
 *
 * ```ts
 * const time = createVirtualTime();
 * const simulator = createSimulator({ scheduler: time, mediaMs: () => 2_000, phones: ['front-desk'] });
 * const exchange = simulator.connect();          // What the switchboard gets.
 * const started = exchange.start(event => { ... });
 * await time.runFor(10);
 * await started;
 * const caller = simulator.dial({
 *   called: '80077222',
 *   script: [{ type: 'hears', sound: 'en/main-menu' }, { type: 'presses', keys: '1' }],
 * });
 * await time.runFor(60_000);
 * caller.heard;                                  // What was played, from when to when, cut or not.
 * ```
 * Everything goes on in the scheduler's time only: await a promise of the exchange beside moving time, never before.
 */
export interface Simulator {
  readonly id: ExchangeId;
  /** Which life of the exchange this is. */
  readonly incarnation: string;
  /** A way to the exchange for one engine. The newest that starts takes the exchange over. */
  connect(): Exchange;
  /** Somebody dials, now. */
  dial(call: DialledCall): Caller;
  /** A phone of the site. Throws when there is none of this name. */
  phone(name: string): Phone;
  /** Whoever has this number outside (E.164); made at the first mention, reachable. */
  number(number: string): Phone;
  /**
   * The engine dies without a word: what it awaited never settles, events and keys are lost, legs, prompts,
   * recordings and bridges go on, new callers are turned away. Another `connect().start()` ends that.
   */
  detach(): void;
  /** The link goes down; new callers are turned away once that is noticed. */
  loseLink(why?: string): void;
  restoreLink(): void;
  /** The exchange dies: every leg with it, without an event. It is back after so many milliseconds (2,000). */
  restart(downMs?: number): void;
  /** What exists at this very moment, without a wire between. */
  inventory(): Inventory;
  /** Whether a recording is stored, and how long it is. */
  stored(recording: RecordingId): number | null;
  /** Tells all that happens. Returns how to stop. */
  observe(observer: (truth: Truth) => void): () => void;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { scheduler } = options;
  const id = options.id ?? asExchangeId('simulator');
  const random = createRandom(options.seed ?? 1);
  const chance = createChance(random, options.faults ?? {});
  const recordings = new Map<RecordingId, number>();
  const observers = new Set<(truth: Truth) => void>();
  let life = 1;
  let down = false;
  const incarnation = (): string => `${id}-${life}`;
  const tell = (truth: Truth): void => {
    for (const observer of observers) observer(truth);
  };

  function itemMs(item: MediaItem): number | null {
    switch (item.type) {
      case 'file':
        return options.mediaMs(item.path);
      case 'recording':
        return recordings.get(item.recording) ?? null;
      case 'silence':
        return item.ms;
      case 'tone':
        return item.tone === 'ringing' ? Number.POSITIVE_INFINITY : beepMs;
      default:
        return item satisfies never;
    }
  }

  const wire = createWire({
    scheduler,
    chance,
    incarnation,
    deadlineMs: options.deadlineMs ?? 5_000,
    carryOut(command) {
      tell({ type: 'command', command });
      return legs.carryOut(command);
    },
  });

  const legs: Legs = createLegs({
    scheduler,
    random: random.fork(),
    incarnation,
    phones: options.phones ?? [],
    trunks: options.trunks ?? ['loopback'],
    recordings,
    itemMs,
    lastWord: () => chance.lastWord(),
    emit(event) {
      tell({ type: 'event', event });
      wire.emit(event);
    },
  });

  function connect(): Exchange {
    let session: ReturnType<typeof wire.open> | null = null;
    const unstarted = { result: 'unknown', detail: 'The link was never up.' } as const;
    const ask = <Answer>(read: () => Answer): Promise<Answer> =>
      session === null
        ? Promise.reject(
            new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', { address: id, why: 'the link was never up' }),
          )
        : session.ask(read);
    return {
      id,
      start(listener) {
        session?.close();
        session = wire.open(listener);
        return session.start();
      },
      execute: (command) => session?.execute(command) ?? Promise.resolve(unstarted),
      inventory: () => ask(() => ({ incarnation: incarnation(), ...legs.inventory() })),
      playbackState: (playback) => ask(() => (legs.plays(playback) ? 'live' : 'gone')),
      recordingState: (recording) =>
        ask(() => {
          if (legs.records(recording)) return { state: 'live', durationMs: 0 };
          const durationMs = recordings.get(recording);
          return durationMs === undefined
            ? { state: 'gone', durationMs: 0 }
            : { state: 'stored', durationMs };
        }),
      async close() {
        session?.close();
        session = null;
      },
    };
  }

  return {
    id,
    get incarnation() {
      return incarnation();
    },
    connect,
    dial: (call) => legs.dial(call, down ? 'no-exchange' : wire.taken() ? 'engine' : 'nobody'),
    phone: (name) => legs.phone(name),
    number: (number) => legs.number(number),
    detach: () => wire.detach(),
    loseLink: (why = 'The connection was cut.') => wire.lose(why, chance.unnoticedMs()),
    restoreLink() {
      if (!down) wire.restore();
    },
    restart(downMs = 2_000) {
      if (down) return;
      down = true;
      // At once: what is under way to the old life must not reach the new one.
      life++;
      wire.lose('The exchange died.', 0);
      legs.abort();
      scheduler.at(scheduler.now() + downMs, () => {
        down = false;
        wire.restore();
      });
    },
    inventory: () => ({ incarnation: incarnation(), ...legs.inventory() }),
    stored: (recording) => recordings.get(recording) ?? null,
    observe(observer) {
      observers.add(observer);
      return () => void observers.delete(observer);
    },
  };
}
