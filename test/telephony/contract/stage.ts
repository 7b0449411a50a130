/** What the cases are written with: an engine's side of one exchange, and assertions that say what was expected. */
import {
  asBridgeId,
  asLegId,
  asPlaybackId,
  asRecordingId,
  type BridgeId,
  type LegId,
  type PlaybackId,
  type RecordingId,
} from '../../../src/base/index.js';
import type {
  CallerIdentity,
  CommandOutcome,
  Exchange,
  InventoryLeg,
  LinkEvent,
  MediaItem,
  Refusal,
  TelephonyCommand,
  TelephonyEvent,
} from '../../../src/telephony/port.js';
import type { ContractWorld, FarBehaviour, FarCall, FarLine, FarPhone } from './world.js';

/** A promise of the port is broken. */
export class ContractFailure extends Error {
  override readonly name = 'ContractFailure';
}

export interface ContractCase {
  /** A sentence of the port. */
  readonly name: string;
  /** Needs the exchange for itself: it takes connections over, or closes them. */
  readonly alone?: true;
  readonly run: (stage: Stage) => Promise<void>;
}

export interface StampedEvent {
  readonly at: number;
  readonly event: TelephonyEvent | LinkEvent;
}

/** A connection to the exchange, and all that it told. */
export interface Engine {
  readonly exchange: Exchange;
  readonly log: readonly StampedEvent[];
  start(): Promise<void>;
}

/** A leg and its far side. */
export interface Call {
  readonly leg: LegId;
  readonly far: FarCall;
}

export type EventOf<Type extends TelephonyEvent['type']> = Extract<TelephonyEvent, { type: Type }>;

export interface Stage {
  readonly world: ContractWorld;
  /** The engine that commands go through; another one may take its place. */
  engine: Engine;
  /** A connection of its own, not started. */
  newEngine(): Engine;

  /** Somebody calls in; resolves when the leg has arrived. */
  arrives(caller?: Partial<CallerIdentity>): Promise<Call>;
  /** A phone of the site calls in; resolves when the leg has arrived. */
  dials(phone: FarPhone): Promise<Call>;
  /** The same as `arrives`, and we answer. */
  talks(): Promise<Call>;
  /** Rings a phone that behaves so; resolves when the command is done. */
  rings(phone: FarPhone, ringMs?: number): Promise<LegId>;
  /** A phone that was rung and answered. */
  pickedUp(): Promise<Call & { readonly phone: FarPhone }>;
  phone(behaviour?: FarBehaviour): FarPhone;
  /** Somebody outside. */
  outsider(behaviour?: FarBehaviour): FarLine;

  execute(command: TelephonyCommand): Promise<CommandOutcome>;
  /** Carries out, and expects `done`. */
  done(command: TelephonyCommand): Promise<void>;
  refused(command: TelephonyCommand, why: Refusal): Promise<void>;
  /** Plays; resolves when accepted. */
  plays(leg: LegId, ...media: readonly (string | MediaItem)[]): Promise<PlaybackId>;
  /** Events of this type for the leg so far, oldest first. */
  events<Type extends TelephonyEvent['type']>(
    leg: LegId,
    type: Type,
  ): readonly (EventOf<Type> & { at: number })[];
  /** Types of the leg's events so far. */
  story(leg: LegId): readonly TelephonyEvent['type'][];
  /** Waits for the leg's first (or nth) event of this type. */
  event<Type extends TelephonyEvent['type']>(
    leg: LegId,
    type: Type,
    options?: { readonly nth?: number; readonly withinMs?: number },
  ): Promise<EventOf<Type> & { at: number }>;
  finished(
    leg: LegId,
    playback: PlaybackId,
    withinMs?: number,
  ): Promise<EventOf<'playback.finished'> & { at: number }>;
  listed(leg: LegId): Promise<InventoryLeg | undefined>;

  until(what: string, condition: () => boolean, withinMs?: number): Promise<void>;
  /** Time goes by at the exchange: what was to come has come. */
  passes(ms: number): Promise<void>;
  /** So long after everything that was asked for that an answer or event of it would be there. */
  quiet(): Promise<void>;
  now(): number;
  expect(condition: boolean, what: string): void;
  equal(found: unknown, wanted: unknown, what: string): void;

  /** Types of events of each leg that was rung or arrived here, in the order of asking for them. */
  stories(): readonly (readonly TelephonyEvent['type'][])[];
  /** The case is over: everybody hangs up, and the engines of this stage are closed. */
  leave(): Promise<void>;

  legId(): LegId;
  playbackId(): PlaybackId;
  recordingId(): RecordingId;
  bridgeId(): BridgeId;
}

/** Everything in these bounds is prompt; a busy machine with a real exchange included. */
const promptMs = 20_000;
/** An event that comes, comes within this. */
const quietMs = 1_000;

export function createStage(world: ContractWorld, firstEngine?: Engine): Stage {
  const { scheduler } = world;
  const now = (): number => scheduler.now();
  const engines: Engine[] = [];
  const newEngine = (): Engine => {
    const engine = openEngine(world);
    engines.push(engine);
    return engine;
  };
  /** In the order of asking, which is the same at every exchange. */
  const legs: (LegId | null)[] = [];
  const callers: FarCall[] = [];
  const phones: FarLine[] = [];

  function fail(what: string): never {
    throw new ContractFailure(what);
  }

  function until(what: string, condition: () => boolean, withinMs = promptMs): Promise<void> {
    const said = stage.engine.log.length;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        unwatch();
        alarm.cancel();
        settle();
      };
      const check = (): void => {
        if (condition()) end(resolve);
      };
      const unwatch = world.watch(check);
      const alarm = scheduler.at(now() + withinMs, () => {
        const since = stage.engine.log.slice(said).map(({ event }) => event.type);
        end(() =>
          reject(new ContractFailure(`not within ${withinMs} ms: ${what} (told since: ${since.join(', ')})`)),
        );
      });
      check();
    });
  }

  /** Answers within a bound: an exchange that never settles breaks the port as well. */
  async function settled<Value>(what: string, promise: Promise<Value>, withinMs = 10_500): Promise<Value> {
    let state: { readonly value: Value } | { readonly error: unknown } | null = null;
    promise.then(
      (value) => {
        state = { value };
        world.changed();
      },
      (error: unknown) => {
        state = { error };
        world.changed();
      },
    );
    await until(what, () => state !== null, withinMs);
    return promise;
  }

  async function comesIn(dial: (called: string) => FarCall): Promise<Call> {
    const slot = legs.push(null) - 1;
    const called = world.freshNumber();
    const far = dial(called);
    callers.push(far);
    let leg: LegId | null = null;
    await until(`the call to ${called} arrives`, () => {
      for (const { event } of stage.engine.log) {
        if (event.type === 'leg.arrived' && event.called.endsWith(called)) leg = event.leg;
      }
      return leg !== null;
    });
    legs[slot] = leg;
    return { leg: leg ?? fail('no leg'), far };
  }

  const own = (leg: LegId): (TelephonyEvent & { at: number })[] =>
    stage.engine.log.flatMap(({ at, event }) =>
      'leg' in event && event.leg === leg ? [{ ...event, at }] : [],
    );

  const stage: Stage = {
    world,
    engine: firstEngine ?? newEngine(),
    newEngine,
    arrives: (caller = {}) => comesIn((called) => world.dial(called, caller)),
    dials: (phone) => comesIn((called) => phone.dial(called)),
    async talks() {
      const call = await stage.arrives();
      await stage.done({ type: 'answer', leg: call.leg });
      await until('the caller is answered', () => call.far.state === 'talking');
      return call;
    },
    phone(behaviour = 'rings-out') {
      const phone = world.phone();
      phone.will(behaviour);
      phones.push(phone);
      return phone;
    },
    outsider(behaviour = 'rings-out') {
      const line = world.outsider();
      line.will(behaviour);
      phones.push(line);
      return line;
    },
    async rings(phone, ringMs = 20_000) {
      const leg = stage.legId();
      legs.push(leg);
      await stage.done({
        type: 'originate',
        leg,
        to: { type: 'phone', phone: phone.name },
        callerNumber: null,
        ringMs,
      });
      return leg;
    },
    async pickedUp() {
      const phone = stage.phone('answers');
      const leg = await stage.rings(phone);
      await stage.event(leg, 'leg.answered');
      await until('the phone is picked up', () => phone.calls[0]?.state === 'talking');
      return { leg, phone, far: phone.calls[0] ?? fail('no call at the phone') };
    },
    execute: (command) => settled(`an outcome of ${command.type}`, stage.engine.exchange.execute(command)),
    async done(command) {
      const outcome = await stage.execute(command);
      stage.equal(outcome, { result: 'done' }, `${command.type} is done`);
    },
    async refused(command, why) {
      const outcome = await stage.execute(command);
      const found = outcome.result === 'refused' ? outcome.why : outcome.result;
      stage.equal(found, why, `${command.type} is refused`);
    },
    async plays(leg, ...media) {
      const playback = stage.playbackId();
      const items = media.map(
        (item): MediaItem => (typeof item === 'string' ? { type: 'file', path: item } : item),
      );
      await stage.done({ type: 'play', leg, playback, media: items });
      return playback;
    },
    events: (leg, type) => own(leg).filter((event) => event.type === type) as never,
    story: (leg) => own(leg).map(({ type }) => type),
    async event(leg, type, { nth = 1, withinMs } = {}) {
      await until(`${type} of ${leg}, number ${nth}`, () => stage.events(leg, type).length >= nth, withinMs);
      return stage.events(leg, type)[nth - 1] ?? fail(`no ${type}`);
    },
    async finished(leg, playback, withinMs) {
      const find = () => stage.events(leg, 'playback.finished').find((event) => event.playback === playback);
      await until(`playback ${playback} is finished`, () => find() !== undefined, withinMs);
      return find() ?? fail('not finished');
    },
    async listed(leg) {
      const { legs } = await settled('an inventory', stage.engine.exchange.inventory());
      return legs.find((entry) => entry.leg === leg);
    },
    until,
    async passes(ms) {
      const end = now() + ms;
      await new Promise<void>((resolve) => void scheduler.at(end, resolve));
    },
    quiet: () => stage.passes(quietMs),
    now,
    expect(condition, what) {
      if (!condition) fail(what);
    },
    equal(found, wanted, what) {
      const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
      if (a !== b) fail(`${what}: expected ${b}, found ${a}`);
    },
    stories: () => legs.map((leg) => (leg === null ? [] : stage.story(leg))),
    async leave() {
      const far = [...callers, ...phones.flatMap(({ calls }) => calls)];
      for (const call of far) if (call.state !== 'over') call.hangUp();
      for (const { exchange } of engines) await exchange.close();
    },
    legId: () => asLegId(world.freshId()),
    playbackId: () => asPlaybackId(world.freshId()),
    recordingId: () => asRecordingId(world.freshId()),
    bridgeId: () => asBridgeId(world.freshId()),
  };
  return stage;
}

/** A connection that writes down what it is told. */
export function openEngine(world: ContractWorld): Engine {
  const log: StampedEvent[] = [];
  const exchange = world.connect();
  return {
    exchange,
    log,
    start: () =>
      exchange.start((event) => {
        log.push({ at: world.scheduler.now(), event });
        world.changed();
      }),
  };
}
