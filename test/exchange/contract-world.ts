/** The real world of the contract: the embedded exchange, called by a second one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startClock, startScheduler } from '../../src/base/index.js';
import { asteriskExchange, runEmbedded } from '../../src/telephony/asterisk/index.js';
import { freeUdpPort } from '../../src/outside/free-port.js';
import { compand } from '../../src/telephony/asterisk/g711.js';
import type { LegCause } from '../../src/telephony/port.js';
import { type OutsideWorld, outsideWorld, type Party, type Ringing, type TestDial } from '../kit/outside.js';
import { eventually, patientMs } from '../kit/waiting.js';
import { exchangeIn, loopbackTrunk, removeFolder, silent, tempFolder } from '../telephony/asterisk/kit.js';
import type { ContractWorld, FarBehaviour, FarCall, FarLine, FarPhone } from '../telephony/contract/world.js';

export interface RealWorld {
  readonly world: ContractWorld;
  stop(): Promise<void>;
}

const rate = 8_000;
const shortMs = 600;
const longMs = 25_000;
/** How often far sides are looked at, and how much of their sound decides whether they hear something. */
const lookMs = 50;
const earMs = 300;
/** Louder than this is a sound; silence in G.711 is 8 at most. */
const loud = 500;
/** A phone that is asked for rings within this, and again within that, or it does not ring any more. */
const firstRingMs = 15_000;
const nextRingMs = 6_000;
const signs = 400;

/** @param phones how many phones the site has, each used by one case. */
export async function startRealWorld(phones: number): Promise<RealWorld> {
  const folder = tempFolder();
  const names = Array.from({ length: phones }, (_, nth) => `phone${nth}`);
  const sip = await freeUdpPort();
  const settings = await exchangeIn(folder, {
    phones: [...names, 'absent'].map((name) => ({ name, transfers: true })),
    trunks: [{ ...loopbackTrunk, host: `127.0.0.1:${sip}` }],
    rtp: { first: 22_400, last: 22_599 },
  });
  mkdirSync(settings.mediaFolder, { recursive: true });
  for (const [name, ms] of [
    ['short', shortMs],
    ['long', longMs],
  ] as const) {
    for (const law of ['alaw', 'ulaw'] as const)
      writeFileSync(join(settings.mediaFolder, `${name}.${law}`), compand(tone(ms), law));
  }
  const embedded = await runEmbedded(settings, silent);
  const outside = await outsideWorld({
    hotline: settings.sip,
    sip,
    phones: names.map((name) => ({ name, password: embedded.secrets.phones[name] ?? '' })),
  });
  await Promise.all(
    names.map((name) =>
      eventually(() => outside.phone(name).isRegistered(), patientMs, `${name} is registered`, 500),
    ),
  );

  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  const looking = setInterval(changed, lookMs);
  const run = Date.now().toString(36);
  const free = [...names];
  let fresh = 0;

  const world: ContractWorld = {
    scheduler: startScheduler(startClock()),
    media: { short: 'short', shortMs, long: 'long', missing: 'missing' },
    absentPhone: 'absent',
    trunk: 'loopback',
    connect: () => asteriskExchange(settings, silent),
    dial: (called, caller) =>
      dial(outside, called, {
        callerNumber: caller.withheld === true ? null : (caller.number ?? '+96824000000'),
        callerName: caller.name ?? '',
      }),
    phone() {
      const name = free.shift();
      if (name === undefined) throw new Error('The real world has no more phones.');
      return phone(name, outside);
    },
    outsider: () => line(`+9682400${1_000 + ++fresh}`, (limitMs) => outside.incoming(limitMs)),
    freshNumber: () => `8007${1_000 + ++fresh}`,
    freshId: () => `${run}-${++fresh}`,
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    changed,
  };
  return {
    world,
    async stop() {
      clearInterval(looking);
      await outside.stop();
      await embedded.stop(0);
      removeFolder(folder);
    },
  };
}

function tone(ms: number): Float32Array {
  return Float32Array.from(
    { length: (ms * rate) / 1_000 },
    (_, nth) => 0.4 * Math.sin((2 * Math.PI * signs * nth) / rate),
  );
}

/** A far side that is being made: what it is told to do, it does when it can. */
function farCall(shown: string | null) {
  let state: FarCall['state'] = 'calling';
  let cause: LegCause | null = null;
  let party: Party | null = null;
  let ringing: Ringing | null = null;
  let told: FarCall['transferTold'] = null;
  const waiting: (() => void)[] = [];

  /** A party that is gone meanwhile has nothing to do any more. */
  function act(does: (party: Party) => Promise<unknown>): void {
    if (state === 'over') return;
    if (party === null) waiting.push(() => act(does));
    else void does(party).catch(() => undefined);
  }

  const far: FarCall = {
    get state() {
      return state;
    },
    get cause() {
      return cause;
    },
    shown,
    get hears() {
      return party !== null && state !== 'over' && isLoud(party);
    },
    get hearsSpeech() {
      return party !== null && state !== 'over' && isLoud(party) && isSpeech(party);
    },
    press: (keys) => act((one) => one.press(keys)),
    speak: (ms) => act((one) => one.line.say(Int16Array.from(tone(ms), (sample) => sample * 32_767))),
    hangUp() {
      if (ringing !== null && state === 'ringing') return far.reject();
      act((one) => one.hangUp());
    },
    // Who called may have given up meanwhile.
    pickUp: () => void pickUp().catch(() => undefined),
    reject() {
      if (state === 'ringing') void ringing?.reject('rejected').catch(() => undefined);
    },
    hold: () => act((one) => one.hold()),
    unhold: () => act((one) => one.unhold()),
    transfer(to) {
      told = null;
      const other = typeof to === 'string' ? to : partyOf.get(to)?.();
      act(async (one) => {
        const status = await one.transfer(other ?? 'nobody');
        told = finals.get(status) ?? null;
      });
    },
    get transferTold() {
      return told;
    },
  };

  partyOf.set(far, () => party ?? 'nobody');

  function follow(ended: Promise<{ q850: number; sip: number | null }>): void {
    void ended.then(({ q850, sip }) => {
      cause = { q850, sip: state === 'talking' ? null : sip };
      state = 'over';
    });
  }

  function is(one: Party): void {
    party = one;
    for (const does of waiting.splice(0)) does();
  }

  async function pickUp(): Promise<void> {
    if (ringing === null || state !== 'ringing') return;
    const one = await ringing.answer();
    if (state === 'ringing') state = 'talking';
    is(one);
  }

  return {
    far,
    is,
    follow,
    answered: (): void => {
      if (state === 'calling') state = 'talking';
    },
    failed: (): void => {
      state = 'over';
    },
    rings: (call: Ringing): void => {
      ringing = call;
      state = 'ringing';
      follow(call.ended);
    },
  };
}

/** Who is behind a far side, for a transfer to it. */
const partyOf = new WeakMap<FarCall, () => Party | string>();
const finals: ReadonlyMap<number, 'answered' | 'unavailable' | 'declined'> = new Map([
  [200, 'answered'],
  [503, 'unavailable'],
  [603, 'declined'],
]);

const lately = ({ line }: Party): Int16Array => line.heard(-earMs);

/** Whether most of what was heard lately is the one tone by which everybody speaks here (Goertzel). */
function isSpeech(party: Party): boolean {
  const sound = lately(party);
  const turn = 2 * Math.cos((2 * Math.PI * signs) / rate);
  let [one, two, all] = [0, 0, 0];
  for (const sample of sound) {
    [one, two] = [sample + turn * one - two, one];
    all += sample * sample;
  }
  const power = one * one + two * two - turn * one * two;
  return (2 * power) / sound.length > all / 2;
}

function isLoud(party: Party): boolean {
  const sound = lately(party);
  let count = 0;
  for (const sample of sound) if (Math.abs(sample) > loud) count++;
  return count > sound.length / 8;
}

function dial(outside: OutsideWorld, called: string, how: TestDial): FarCall {
  const made = farCall(null);
  const start = async (): Promise<void> => {
    const call = await outside.call(called, how);
    made.follow(call.ended);
    void call.answered.then((answered) => answered && made.answered());
    made.is(call);
  };
  start().catch(made.failed);
  return made.far;
}

function phone(name: string, outside: OutsideWorld): FarPhone {
  const agent = outside.phone(name);
  return {
    ...line(name, (limitMs) => agent.rings(limitMs)),
    dial: (called) => dial(outside, called, { phone: name }),
    register: () => void agent.register().catch(() => undefined),
    unregister: () => void agent.unregister().catch(() => undefined),
  };
}

function line(name: string, next: (limitMs: number) => Promise<Ringing>): FarLine {
  const calls: FarCall[] = [];
  let behaviour: FarBehaviour = 'rings-out';

  async function take(call: Ringing): Promise<void> {
    if (behaviour === 'is-busy') return call.reject('busy');
    const made = farCall(call.from.number === '' ? null : call.from.number);
    made.rings(call);
    calls.push(made.far);
    await call.ring();
    if (behaviour === 'answers') made.far.pickUp();
    if (behaviour === 'rejects') made.far.reject();
  }

  async function watch(limitMs: number): Promise<void> {
    const call = await next(limitMs);
    // A call that was called off meanwhile has nobody to be taken by.
    take(call).catch(() => undefined);
    return watch(nextRingMs);
  }

  // It ends when the phone does not ring any more.
  watch(firstRingMs).catch(() => undefined);
  return {
    name,
    calls,
    will(next) {
      behaviour = next;
    },
  };
}
