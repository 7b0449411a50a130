/** The simulator as a contract world: virtual time, so that a case takes milliseconds. */
import { asLegId, type LegId } from '../../../src/base/index.js';
import type { Exchange } from '../../../src/telephony/port.js';
import {
  createSimulator,
  createVirtualTime,
  type Party,
  type Phone,
  type Simulator,
  type VirtualTime,
} from '../../../src/telephony/simulator/index.js';
import { type ContractCase, createStage, type Stage } from './stage.js';
import type { ContractWorld, FarBehaviour, FarCall, FarLine, FarPhone } from './world.js';

export interface WorldTools {
  readonly simulator: Simulator;
  readonly time: VirtualTime;
}

/** Makes an exchange worse. One for each run of a case. */
export type Worsen = (tools: WorldTools) => (exchange: Exchange) => Exchange;

const phoneNames = ['phone-1', 'phone-2', 'phone-3'];
const behaviours = {
  answers: { type: 'answers', afterMs: 100 },
  rejects: { type: 'rejects', afterMs: 100 },
  'is-busy': { type: 'is-busy' },
  'rings-out': { type: 'rings-out' },
} as const satisfies Record<FarBehaviour, unknown>;

/** No case takes longer, in virtual time. */
const limitMs = 5 * 60_000;

export interface CaseRun {
  /** What the case failed with; null when it passed. */
  readonly failure: unknown;
  readonly stories: ReturnType<Stage['stories']>;
}

/** Runs a case on a simulator of its own, whose exchange may be worsened. */
export async function runSimulated(
  contractCase: ContractCase,
  worsen: Worsen | null = null,
): Promise<CaseRun> {
  const time = createVirtualTime();
  const simulator = createSimulator({
    scheduler: time,
    mediaMs: (path) => ({ short: 600, long: 20_000 })[path] ?? null,
    phones: [...phoneNames, 'absent'],
  });
  simulator.phone('absent').unregister();
  const worse = worsen?.({ simulator, time }) ?? ((exchange: Exchange) => exchange);
  const { world, changed } = simulatedWorld(simulator, time, () => worse(simulator.connect()));
  const stage = createStage(world);
  let over = false;
  let failure: unknown = null;
  const run = async (): Promise<void> => {
    try {
      await stage.engine.start();
      await contractCase.run(stage);
    } catch (error) {
      failure = error;
    }
    over = true;
  };
  void run();
  const end = time.now() + limitMs;
  for (let steps = true; steps && time.now() < end; steps = await time.runNext()) {
    // The case looks, and whatever it decides to do then it does before time moves on.
    changed();
    await time.settle();
    if (over) break;
  }
  return { failure: over ? failure : new Error('The case waits for ever.'), stories: stage.stories() };
}

function simulatedWorld(
  simulator: Simulator,
  time: VirtualTime,
  connect: () => Exchange,
): { readonly world: ContractWorld; readonly changed: () => void } {
  const watchers = new Set<() => void>();
  const callers: Party[] = [];
  const free = [...phoneNames];
  let fresh = 0;
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  const partyOf = (leg: LegId): Party | undefined =>
    [...callers, ...phoneNames.flatMap((name) => simulator.phone(name).calls)].find(
      (party) => party.leg === leg,
    );

  function hears(party: Party): boolean {
    return hearsMusic(party) || hearsSpeech(party);
  }

  const hearsMusic = (party: Party): boolean =>
    party.heard.some(({ sound, to }) => to === null && sound.type === 'music');

  /** Music drowns whatever else is in the ear. */
  function hearsSpeech(party: Party): boolean {
    if (hearsMusic(party)) return false;
    return party.heard.some(({ sound, to }) => {
      if (to !== null || sound.type === 'silence') return false;
      if (sound.type !== 'talk') return true;
      const { legs = [] } = simulator.inventory().bridges.find(({ bridge }) => bridge === sound.bridge) ?? {};
      return legs.some((leg) => leg !== party.leg && partyOf(leg)?.speaking === true);
    });
  }

  const parties = new WeakMap<FarCall, Party>();
  const known = (party: Party): FarCall => {
    const call = farCall(party);
    parties.set(call, party);
    return call;
  };
  const farCall = (party: Party): FarCall => ({
    get state() {
      return party.state;
    },
    get cause() {
      return party.ending?.cause ?? null;
    },
    shown: party.shown,
    get hears() {
      return hears(party);
    },
    get hearsSpeech() {
      return hearsSpeech(party);
    },
    press: (keys) => party.press(keys),
    speak(ms) {
      party.speak(ms);
      // Its end is a moment at which others look.
      time.at(time.now() + ms, () => undefined);
    },
    hangUp: () => party.hangUp(),
    pickUp: () => party.pickUp(),
    reject: () => party.reject(),
    hold: () => party.hold(),
    unhold: () => party.unhold(),
    transfer(to) {
      if (typeof to === 'string') party.transfer(to);
      else party.transfer('elsewhere', parties.get(to)?.leg ?? asLegId('none'));
    },
    get transferTold() {
      return party.transferTold === 'trying' ? null : party.transferTold;
    },
  });

  const farLine = (phone: Phone): FarLine => ({
    name: phone.name,
    get calls() {
      return phone.calls.map(known);
    },
    will: (behaviour) => phone.will(behaviours[behaviour]),
  });

  const farPhone = (phone: Phone): FarPhone => ({
    name: phone.name,
    get calls() {
      return phone.calls.map(known);
    },
    will: (behaviour) => phone.will(behaviours[behaviour]),
    dial(called) {
      const party = simulator.dial({ called, phone: phone.name });
      callers.push(party);
      return known(party);
    },
    register: () => phone.register(),
    unregister: () => phone.unregister(),
  });

  const world: ContractWorld = {
    scheduler: time,
    media: { short: 'short', shortMs: 600, long: 'long', missing: 'missing' },
    absentPhone: 'absent',
    trunk: 'loopback',
    connect,
    dial(called, caller) {
      const party = simulator.dial({
        called,
        caller: caller.withheld === true ? { ...caller, number: null } : caller,
      });
      callers.push(party);
      return known(party);
    },
    phone() {
      const name = free.shift();
      if (name === undefined) throw new Error('The simulated world has no more phones.');
      return farPhone(simulator.phone(name));
    },
    outsider: () => farLine(simulator.number(`+9682400${1_000 + ++fresh}`)),
    freshNumber: () => `8007${1_000 + ++fresh}`,
    freshId: () => `id-${++fresh}`,
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    changed,
  };
  return { world, changed };
}
