/**
 * A whole hotline in virtual time: the real switchboard, the real store (in memory), a simulated exchange, random
 * callers and phones; and an engine that is killed at chosen moments and started again. One seed, one run.
 */
import { createLog, createRandom, type Json, type Log, type Random } from '../../src/base/index.js';
import type { Routing } from '../../src/acd/index.js';
import type { CallSite } from '../../src/calls/index.js';
import type { Contact } from '../../src/cases/index.js';
import { createSimulatedDisk, openSimulatedJournal, type SimulatedDisk } from '../../src/journal/index.js';
import type { Timers } from '../../src/journal/timers.js';
import type { LookupAnswer, LookupRequest } from '../../src/lookups/port.js';
import { createSwitchboard } from '../../src/switchboard/index.js';
import type { Exchange } from '../../src/telephony/port.js';
import {
  type Caller,
  createLifetime,
  createSimulator,
  createVirtualTime,
  type Faults,
  type Lifetime,
  type PhoneBehaviour,
  type Simulator,
  type Step,
  type Truth,
  type VirtualTime,
} from '../../src/telephony/simulator/index.js';
import { brokenPromises } from './history-checker.js';
import { historyOf } from './history-of.js';
import { testAnswer, testHash, testSite } from './test-site.js';
import { oneSite, testRouting } from './test-routing.js';

export interface HotlineRun {
  readonly seed: number;
  readonly broken: readonly string[];
  /** Moments at which the engine could have been killed. */
  readonly points: number;
  readonly kills: number;
  readonly calls: number;
  readonly talks: number;
  readonly recordings: number;
  /** Of talks. */
  readonly recorded: number;
  readonly paused: number;
  readonly lookups: number;
  readonly messages: number;
  readonly answers: number;
  readonly waits: number;
  readonly transfers: number;
  /** Callers whom a phone connected with the target by its two calls. */
  readonly connected: number;
  /** Places that were kept. */
  readonly parked: number;
  /** Calls back, and those of them that reached somebody. */
  readonly callbacks: number;
  readonly reached: number;
  /** How often a call was taken on again. */
  readonly resumed: number;
  /** Marks that calls got. */
  readonly marked: number;
  readonly trace: readonly string[];
  /** The contacts' records, and by contact what lies in the personal side table. */
  readonly contacts: readonly Contact[];
  readonly personal: ReadonlyMap<string, Readonly<Record<string, Json>>>;
}

export interface HotlineOptions {
  readonly seed: number;
  /** Kills the engine at these moments, counted from 0 over all its lives; by the seed when not given. */
  readonly killAt?: readonly number[];
  readonly faults?: Faults;
  readonly callers?: number;
  /** The exchange itself dies once. */
  readonly exchangeDies?: boolean;
  /** The link is cut so often and comes back, while engine and exchange live. */
  readonly linkLosses?: number;
  /** What all callers dial and do; without: by chance. */
  readonly wish?: { readonly called: string; readonly script: readonly Step[] };
  /** Numbers of the callers, in turn; without: one for all. */
  readonly numbers?: readonly string[];
  /** The agent signs in before anybody calls, and says so often that she is ready, every ten seconds. */
  readonly readyTimes?: number;
  /** An agent signs in before anybody calls, always answers, and pauses the recording now and then. */
  readonly isStaffed?: boolean;
  /** The engine is killed at moments up to this one; 60 where left out. */
  readonly killsUntil?: number;
  /** Texts that must not be on the disk, neither when the engine is killed nor at the end. */
  readonly unwritten?: readonly string[];
  /** The store takes nothing for a while; the journal lives on its reserve. */
  readonly storeFails?: boolean;
  /** The disk stands still for some seconds: neither store nor reserve writes anything. */
  readonly diskStalls?: boolean;
  /** Another hotline than the test site's. */
  readonly hotline?: {
    readonly site: CallSite;
    readonly number: string;
    readonly answer: (request: LookupRequest) => LookupAnswer;
    /** What a caller does; after the answer. */
    readonly script: (random: Random) => readonly Step[];
  };
}

/** Times in which a caller may hear nothing, for a reason that the engine cannot help. */
interface Excuse {
  readonly from: number;
  to: number;
}

interface Life {
  readonly time: Lifetime;
  dead: boolean;
}

const ownSite: CallSite = {
  ...testSite(),
  // Whoever talks moves callers to the queue, to each other, to a phone, to the first flow, outside.
  transfers: {
    keys: { blind: '*1', attended: '*2', conference: '*3', complete: '*4', back: '*0' },
    to: new Map([
      ['21', { type: 'queue', queue: 'general' }],
      ['31', { type: 'agent', agent: 'amal' }],
      ['32', { type: 'agent', agent: 'omar' }],
      ['41', { type: 'phone', phone: 'agent-2' }],
      ['51', { type: 'service', number: '100' }],
      ['61', { type: 'outside', number: '+96891234999', trunk: 'loopback' }],
    ]),
    outside: null,
    ringMs: 15_000,
    texts: {
      unknown: 'transfer-unknown',
      cannot: 'transfer-cannot',
      failed: 'transfer-failed',
      back: 'transfer-back',
    },
  },
};

/** Two agents at two phones. */
function routingOf(atOnce: number): Routing {
  const one = testRouting({ ringAtOnce: atOnce });
  const omar = { name: 'omar', phone: 'agent-2', skills: { en: 5, ar: 5 }, queues: ['general'] };
  return { ...one, agents: new Map([...one.agents, ['omar', omar]]) };
}

/** Some hotlines record talks, with or without telling; others do not. */
function recording(site: CallSite, seed: number): CallSite {
  const record = [null, { notice: null }, { notice: 'one-moment' }][seed % 3] ?? null;
  return { ...site, queues: new Map([...site.queues].map(([name, queue]) => [name, { ...queue, record }])) };
}
const silent: Log = createLog('silent');

/** How long after its last promise of life a hotline must be at rest, ms. */
const limitMs = 60 * 60_000;

/** A caller who hears nothing for longer believes that the line is dead, ms. */
const longestSilenceMs = 25_000;

export async function runHotline(options: HotlineOptions): Promise<HotlineRun> {
  const random = createRandom(options.seed);
  const site = options.hotline?.site ?? recording(ownSite, options.seed);
  const routing = routingOf(options.seed % 3 === 0 ? 2 : 1);
  const answer = options.hotline?.answer ?? testAnswer;
  const time = createVirtualTime();
  const disk = createSimulatedDisk();
  const simulator = createSimulator({
    scheduler: time,
    mediaMs: () => 700,
    phones: ['agent-1', 'agent-2'],
    seed: options.seed,
    ...(options.faults === undefined ? {} : { faults: options.faults }),
  });
  const trace: string[] = [];
  const say = (line: string): number => trace.push(`${time.now()} ${line}`);
  simulator.observe((truth) => say(truthLine(truth)));
  const halts: string[] = [];
  const excuses: Excuse[] = [];
  const excuse = (): Excuse => {
    const begun = { from: time.now(), to: Number.POSITIVE_INFINITY };
    excuses.push(begun);
    return begun;
  };
  let points = 0;
  let kills = 0;
  const written: string[] = [];
  const killAt = new Set(options.killAt ?? randomKills(random, options.killsUntil));
  let life: Life | null = null;
  let standsUntil = 0;
  let away = excuse();

  /** A moment at which the engine may die: everything after it belongs to a later life. */
  function point(mine: Life, what: string): boolean {
    if (mine.dead) return false;
    if (!killAt.has(points++)) return true;
    say(`KILL at ${points - 1}: ${what}`);
    kills += 1;
    readDisk(`when it died ${what}`);
    mine.dead = true;
    away = excuse();
    mine.time.end();
    simulator.detach();
    time.at(time.now() + random.between(0, 4_000), () => void start());
    return false;
  }

  /** All bytes, those of deleted rows among them. */
  function readDisk(when: string): void {
    const { unwritten = [] } = options;
    if (unwritten.length === 0) return;
    const bytes = Buffer.concat([disk.database.serialize(), disk.reserve]);
    for (const text of unwritten) if (bytes.includes(text)) written.push(`${text} is on the disk ${when}.`);
  }

  async function start(): Promise<void> {
    const mine: Life = { time: createLifetime(time), dead: false };
    life = mine;
    say('engine starts');
    const journal = await openSimulatedJournal({
      disk,
      log: silent,
      schedule: (step, run) => {
        const quick = time.now() + (step === 'write' ? random.between(0, 4) : 0);
        mine.time.at(step === 'write' ? Math.max(quick, standsUntil) : quick, () => {
          if (!point(mine, `before ${step}`)) return;
          run();
          point(mine, `after ${step}`);
        });
      },
      timers: timersOf(mine.time),
    });
    const switchboard = createSwitchboard({
      hash: testHash,
      exchanges: [mortal(simulator.connect(), mine, point)],
      journal,
      channels: {
        send: ({ id }) => {
          if (!point(mine, 'before send-message')) return new Promise(() => undefined);
          say(`message ${id}`);
          const outcome = (['sent', 'failed', 'unknown'] as const)[random.between(0, 2)] ?? 'sent';
          return later(mine, random.between(1, 4_000), () =>
            outcome === 'sent' ? { result: outcome, by: 'test' } : { result: outcome, why: 'chance' },
          );
        },
      },
      lookups: { lookUp: (request) => later(mine, random.between(1, 900), () => answer(request)) },
      sites: oneSite(site, () => routing),
      scheduler: mine.time,
      log: silent,
      onHalt: (why, cause) => {
        if (!mine.dead) halts.push(`${why}: ${String(cause)}`);
      },
    });
    await switchboard.start();
    if (mine.dead) return;
    away.to = time.now();
    say('engine in control');
  }

  const talkers = createRandom(options.seed + 2_000_000);
  for (const phone of ['agent-1', 'agent-2'])
    simulator
      .phone(phone)
      .will(() => (options.isStaffed === true ? talker(random) : behaviour(random, talkers)));
  for (const number of calledNumbers) simulator.number(number).will(() => calledBehaviour(random));
  void start();
  await time.runFor(50);
  const { numbers = ['+96891001234'] } = options;
  const callers: Caller[] = [];
  const count = options.callers ?? random.between(1, 5);
  for (let n = 0; n < count; n++) {
    time.at(time.now() + random.between(0, 20_000), () => {
      const own = random.chance(0.05) ? '666' : random.chance(0.05) ? '12345' : '100';
      const number = options.hotline?.number ?? own;
      callers.push(
        simulator.dial({
          called: options.wish?.called ?? number,
          caller: {
            number: numbers[n % numbers.length] ?? null,
            name: 'Zainab binti Yusof',
            withheld: false,
          },
          script: options.wish?.script ?? options.hotline?.script(random) ?? randomScript(random),
        }),
      );
    });
  }
  if (options.isStaffed === true) simulator.dial({ called: '*11', phone: 'agent-1', trunk: 'phones' });
  const agents = createRandom(options.seed + 1_000_000);
  for (const phone of ['agent-1', 'agent-2'])
    for (let n = agents.between(0, 4); n > 0; n--) {
      // What an agent dials while no engine is there is lost, as for anybody.
      const code =
        n === 1 || agents.chance(0.5) ? '*11' : agents.pick(['*12', '*13', '*141', '*15', '*481', '*4812']);
      time.at(time.now() + agents.between(0, 30_000), () => {
        say(`${phone} dials ${code}`);
        simulator.dial({ called: code, phone, trunk: 'phones' });
      });
    }
  let connected = 0;
  const askers = createRandom(options.seed + 3_000_000);
  for (const phone of ['agent-1', 'agent-2'])
    for (let n = 1; n < 40; n++)
      time.at(time.now() + n * 2_000 + askers.between(0, 1_500), () => {
        if (askers.chance(0.3))
          asks(phone, (done) => {
            connected += done ? 1 : 0;
          });
      });
  const { readyTimes = 0 } = options;
  for (let n = 0; n < readyTimes; n++)
    time.at(time.now() + n * 10_000 + 100, () => {
      simulator.dial({ called: n % 3 === 0 ? '*11' : '*13', phone: 'agent-1', trunk: 'phones' });
    });
  /** Whoever talks at a phone dials somebody by a second call, and connects the two, or lets it be. */
  function asks(phone: string, told: (connected: boolean) => void): void {
    const { calls: rung } = simulator.phone(phone);
    const first = rung.find(({ state }) => state === 'talking');
    if (first === undefined) return;
    const code = askers.pick(['21', '31', '32', '41', '61', '51', '99']);
    say(`${phone} dials ${code} while it talks`);
    first.hold();
    const second = simulator.dial({ called: code, phone, trunk: 'phones' });
    const way = askers.pick(['connects', 'connects', 'connects-back', 'swaps', 'lets-be']);
    time.at(time.now() + askers.between(100, 9_000), () => {
      if (way === 'swaps') second.hold();
      if (way === 'swaps' || way === 'lets-be') first.unhold();
      else if (first.leg !== null && second.leg !== null)
        if (way === 'connects') first.transfer('', second.leg);
        else second.transfer('', first.leg);
    });
    time.at(time.now() + askers.between(10_000, 20_000), () => {
      told(first.transferTold === 'answered' || second.transferTold === 'answered');
      second.hangUp();
      first.unhold();
    });
  }
  const lonely = watchBridges(simulator, time, excuses);
  if (options.exchangeDies === true) {
    time.at(time.now() + random.between(1_000, 30_000), () => {
      say('EXCHANGE DIES');
      simulator.restart(random.between(500, 3_000));
    });
  }
  for (let n = 0; n < (options.linkLosses ?? 0); n++) {
    time.at(time.now() + random.between(100, 40_000), () => {
      say('LINK LOST');
      const cut = excuse();
      simulator.loseLink();
      const back = time.now() + random.between(10, random.chance(0.3) ? 12_000 : 2_000);
      time.at(back, () => {
        say('LINK BACK');
        simulator.restoreLink();
        cut.to = back;
      });
    });
  }
  if (options.storeFails === true) {
    time.at(time.now() + random.between(100, 20_000), () => {
      say('STORE FAILS');
      disk.failure = 'the disk is full';
      time.at(time.now() + random.between(500, 30_000), () => {
        say('STORE WORKS');
        disk.failure = null;
      });
    });
  }
  if (options.diskStalls === true) {
    time.at(time.now() + random.between(100, 20_000), () => {
      say('DISK STANDS STILL');
      const still = excuse();
      standsUntil = time.now() + random.between(3_000, 40_000);
      time.at(standsUntil, () => {
        say('DISK MOVES');
        still.to = standsUntil;
      });
    });
  }
  if (random.chance(0.2)) {
    time.at(time.now() + random.between(0, 10_000), () => simulator.phone('agent-1').unregister());
    time.at(time.now() + random.between(10_000, 40_000), () => simulator.phone('agent-1').register());
  }
  const until = time.now() + limitMs;
  await time.runUntilTrue(
    () => callers.length === count && callers.every(({ state }) => state === 'over'),
    until,
  );
  // A killed engine comes back within seconds; whatever is still to be done is done by then.
  await time.runFor(120_000);
  // Who keeps a place may be called again and again, but not for ever.
  const latest = time.now() + 900_000;
  for (let quiet = 0; quiet < 6 && time.now() < latest; ) {
    await time.runFor(5_000);
    quiet = simulator.inventory().legs.length === 0 ? quiet + 1 : 0;
  }

  const broken = [
    ...halts.map((halt) => `The engine halted: ${halt}`),
    ...atRest(simulator, callers),
    // A caller whom a refused command left in a bridge hears the flow there.
    ...(options.faults?.refused === undefined ? lonely() : []),
    ...rangTwice(trace),
    ...sentTwice(trace),
    ...dialledAtOnce(trace),
    ...callers.flatMap((caller) => silences(caller, excuses, trace)),
  ];
  readDisk('at the end');
  broken.push(...written);
  const history = historyOf(disk);
  const personal = personalOf(disk);
  broken.push(...routerAtRest(disk));
  broken.push(...history.live.map((id) => `Call ${id} lives on, though nobody is there.`));
  broken.push(...brokenPromises(history));
  const told = (type: string): number => history.events.filter((event) => event.type === type).length;
  if (broken.length > 0) trace.push(...eventLines(disk));
  (life as Life | null)?.time.end();
  disk.database.close();
  return {
    seed: options.seed,
    broken,
    points,
    kills,
    calls: callers.length,
    talks: told('dial.answered'),
    recordings: told('recording.kept'),
    recorded: told('recording.started'),
    paused: told('recording.paused'),
    lookups: told('lookup.answered'),
    messages: told('message.ended'),
    answers: told('survey.answered'),
    waits: told('ticket.ended'),
    transfers: told('transfer.ended'),
    connected,
    parked: told('ticket.parked'),
    callbacks: told('ticket.dialled'),
    reached: told('ticket.reached'),
    resumed: told('call.resumed'),
    marked: told('call.marked'),
    trace,
    contacts: history.contacts,
    personal,
  };
}

/** Nobody waits where nobody calls, and no agent talks to nobody. */
function routerAtRest({ database }: SimulatedDisk): string[] {
  const rows = database.prepare("SELECT kind, id, body FROM entity WHERE kind IN ('ticket', 'agent')").all();
  return (rows as { kind: string; id: string; body: string }[]).flatMap(({ kind, id, body }) => {
    const { state, kind: what } = JSON.parse(body) as { state: string; kind?: string };
    // Who hung up and keeps the place is owed a call when an agent is there.
    if (kind === 'ticket' && what === 'callback' && state === 'waiting') return [];
    if (kind === 'ticket') return [`Ticket ${id} is still there, though nobody waits.`];
    const busy = ['offered', 'ringing', 'talking', 'hold', 'wrap-up'].includes(state);
    return busy ? [`Agent ${id} is still ${state}.`] : [];
  });
}

/** The journal's pauses in virtual time; an engine that is dead has none. */
export function timersOf(time: Pick<Lifetime, 'now' | 'at'>): Timers {
  return {
    now: () => time.now(),
    after(ms, run) {
      const alarm = time.at(time.now() + ms, run);
      return () => alarm.cancel();
    },
    soon: (run) => void time.at(time.now(), run),
  };
}

function randomKills(random: Random, until = 60): number[] {
  return Array.from({ length: random.between(1, 3) }, () => random.between(0, until));
}

/** The exchange as an engine sees it that may die as a command leaves, or as its outcome comes. */
function mortal(exchange: Exchange, life: Life, point: (life: Life, what: string) => boolean): Exchange {
  const forever = new Promise<never>(() => undefined);
  return {
    ...exchange,
    async execute(command) {
      if (!point(life, `before ${command.type}`)) return forever;
      const outcome = exchange.execute(command);
      if (!point(life, `after ${command.type}`)) return forever;
      return await outcome.then((settled) => (point(life, `answer to ${command.type}`) ? settled : forever));
    },
  };
}

function later<T>(life: Life, ms: number, give: () => T): Promise<T> {
  return new Promise((resolve) => life.time.at(life.time.now() + ms, () => resolve(give())));
}

/** Numbers that callers leave to be called back. */
const calledNumbers = ['+96891001234', '+96891234567'];

/** Whoever is called back: a person who presses keys, a machine that does not, nobody, or a busy line. */
function calledBehaviour(random: Random): PhoneBehaviour {
  const press = (keys: string): Step => ({ type: 'presses', keys });
  const pause = (): Step => ({ type: 'waits', ms: random.between(100, 6_000) });
  const ends: Step[] = [{ type: 'waits', ms: random.between(500, 30_000) }, { type: 'hangs-up' }];
  const answers = (...steps: Step[]): PhoneBehaviour => ({
    type: 'answers',
    afterMs: random.between(200, 12_000),
    script: [...steps, ...ends],
  });
  return random.pick([
    () => answers(pause(), press('1')),
    () => answers(pause(), press('1'), pause()),
    () => answers(pause(), press(random.pick(['9', '5']))),
    () => answers({ type: 'waits', ms: 60_000 }),
    (): PhoneBehaviour => ({ type: 'rejects', afterMs: random.between(100, 3_000) }),
    (): PhoneBehaviour => ({ type: 'rings-out' }),
    (): PhoneBehaviour => ({ type: 'is-busy' }),
  ])();
}

/** Talks with callers, and pauses the recording now and then. */
function talker(random: Random): PhoneBehaviour {
  const talks = (): Step => ({ type: 'waits', ms: random.between(200, 4_000) });
  const presses = (keys: string): Step[] => (random.chance(0.5) ? [{ type: 'presses', keys }] : []);
  return {
    type: 'answers',
    afterMs: random.between(100, 3_000),
    script: [talks(), ...presses('*90'), talks(), ...presses('*91'), talks(), { type: 'hangs-up' }],
  };
}

/** Nobody is left alone in a bridge: it sounds like a dead line. */
const longestAloneMs = 20_000;

function watchBridges(simulator: Simulator, time: VirtualTime, excuses: readonly Excuse[]): () => string[] {
  const since = new Map<string, number>();
  const broken = new Set<string>();
  let on = true;
  const look = (): void => {
    if (!on) return;
    const now = time.now();
    const { bridges } = simulator.inventory();
    const alone = new Set(bridges.filter(({ legs }) => legs.length === 1).map(({ bridge }) => bridge));
    for (const bridge of since.keys()) if (!alone.has(bridge as never)) since.delete(bridge);
    for (const bridge of alone) {
      const from = excuses.reduce(
        (latest, { to }) => Math.max(latest, Math.min(to, now)),
        since.get(bridge) ?? now,
      );
      since.set(bridge, from);
      if (now - from > longestAloneMs) broken.add(`Somebody is alone in bridge ${bridge} since ${from}.`);
    }
    time.at(now + 1_000, look);
  };
  look();
  return () => {
    on = false;
    return [...broken];
  };
}

/** What whoever talks presses meanwhile. */
function moves(random: Random): Step[] {
  const code =
    random.pick(['*1', '*2', '*2', '*3']) + random.pick(['21', '31', '32', '41', '51', '61', '99']);
  const steps: Step[] = [
    { type: 'waits', ms: random.between(200, 5_000) },
    { type: 'presses', keys: `${code}#` },
  ];
  for (let n = random.between(0, 2); n > 0; n--)
    steps.push(
      { type: 'waits', ms: random.between(100, 12_000) },
      { type: 'presses', keys: random.pick(['*4', '*0', '*3#', '*231#']) },
    );
  return steps;
}

function behaviour(random: Random, talkers: Random): PhoneBehaviour {
  const usual = usually(random);
  if (usual.type !== 'answers' || !talkers.chance(0.5)) return usual;
  return { ...usual, script: [...moves(talkers), ...(usual.script ?? [])] };
}

function usually(random: Random): PhoneBehaviour {
  return random.pick<PhoneBehaviour>([
    {
      type: 'answers',
      afterMs: random.between(200, 8_000),
      script: [{ type: 'waits', ms: random.between(500, 20_000) }, { type: 'hangs-up' }],
    },
    { type: 'answers', afterMs: 300, script: [{ type: 'waits', ms: 5_000 }, { type: 'hangs-up' }] },
    { type: 'rejects', afterMs: random.between(100, 3_000) },
    { type: 'rings-out' },
    { type: 'is-busy' },
    { type: 'is-congested' },
  ]);
}

/**
 * What a caller wants, with slips and pauses. Some never hang up: a flow that got stuck would keep them for ever, and
 * that is noticed.
 */
function randomScript(random: Random): Step[] {
  const press = (keys: string): Step => ({ type: 'presses', keys });
  const pause = (): Step => ({ type: 'waits', ms: random.between(50, random.chance(0.2) ? 12_000 : 1_500) });
  const wish = random.pick([
    () => [press('1'), pause(), press(random.pick(['123456#', '4444#', '9999#', '12#', '123'])), pause()],
    () => [press('2'), pause(), { type: 'speaks', ms: random.between(200, 6_000) } as const, pause()],
    () => [press('3')],
    () => [press('4'), pause(), press(String(random.between(0, 9)))],
    () => [press('5'), pause(), press('1')],
    () => [
      press('5'),
      pause(),
      press('1'),
      pause(),
      press(random.pick(['1', '1', '291234567#', '2'])),
      pause(),
      press('1'),
      pause(),
    ],
    () => [press('6'), pause()],
    () => [
      press('7'),
      pause(),
      press(random.pick(['1', '291234567#', '290012345#', '2#'])),
      pause(),
      press('1'),
    ],
    () => [press('8'), pause(), press(String(random.between(0, 9))), pause(), press('5')],
    () => [press(random.pick(['*', '0', '9']))],
    () => [
      press('3'),
      pause(),
      press('12'),
      { type: 'holds' } as const,
      pause(),
      { type: 'unholds' } as const,
    ],
  ]);
  const steps: Step[] = [{ type: 'awaits-answer' }];
  if (random.chance(0.8)) steps.push(pause(), press(String(random.between(1, 2))));
  for (let n = random.between(1, 3); n > 0; n--) steps.push(pause(), ...wish());
  if (random.chance(0.6)) steps.push({ type: 'waits', ms: random.between(0, 30_000) }, { type: 'hangs-up' });
  return steps;
}

function atRest(simulator: Simulator, callers: readonly Caller[]): string[] {
  const broken: string[] = [];
  for (const caller of callers) if (caller.state !== 'over') broken.push('A caller is kept for ever.');
  const { legs, bridges } = simulator.inventory();
  for (const { leg, state } of legs) broken.push(`Leg ${leg} (${state}) was left behind.`);
  for (const { bridge } of bridges) broken.push(`Bridge ${bridge} was left behind.`);
  return broken;
}

/** No phone rings twice for one wish: each leg is originated once. */
function rangTwice(trace: readonly string[]): string[] {
  const broken: string[] = [];
  const rang = new Set<string>();
  for (const line of trace) {
    const leg = / event leg\.ringing (\S+)/.exec(line)?.[1];
    if (leg === undefined) continue;
    if (rang.has(leg)) broken.push(`Leg ${leg} rang twice.`);
    rang.add(leg);
  }
  return broken;
}

/** Whoever is called back has one call of ours at a time, whatever dies in between. */
function dialledAtOnce(trace: readonly string[]): string[] {
  const broken: string[] = [];
  const numbers = new Map<string, string>();
  const live = new Map<string, string>();
  for (const line of trace) {
    const dial = /"type":"originate","leg":"([^"]+)","to":\{"type":"number","number":"([^"]+)"/.exec(line);
    // Two agents may well ring one number outside.
    const [, dialled = '', to = ''] = dial ?? [];
    if (calledNumbers.includes(to)) numbers.set(dialled, to);
    if (line.endsWith('EXCHANGE DIES')) live.clear();
    const told = / event leg\.(ringing|ended) (\S+)/.exec(line);
    const number = numbers.get(told?.[2] ?? '');
    if (told === null || number === undefined) continue;
    const leg = told[2] ?? '';
    if (told[1] === 'ended') {
      if (live.get(number) === leg) live.delete(number);
    } else if (live.has(number)) broken.push(`${number} is rung by ${live.get(number)} and ${leg} at once.`);
    else live.set(number, leg);
  }
  return broken;
}

/** Nobody gets a message twice, whatever dies in between. */
function sentTwice(trace: readonly string[]): string[] {
  const sent = trace.flatMap((line) => / message (\S+)$/.exec(line)?.[1] ?? []);
  return sent.filter((id, place) => sent.indexOf(id) !== place).map((id) => `Message ${id} was sent twice.`);
}

/** A caller who is answered hears something, speaks, or is heard by a recording. */
function silences(caller: Caller, excuses: readonly Excuse[], trace: readonly string[]): string[] {
  const end = caller.ending?.at ?? Number.POSITIVE_INFINITY;
  const filled: Excuse[] = [...excuses];
  for (const { from, to } of caller.heard) filled.push({ from, to: to ?? end });
  for (const line of trace) {
    // Most lines are about something else.
    if (!line.includes('record')) continue;
    const [at, what, ...rest] = line.split(' ');
    const told = rest.join(' ');
    if (caller.leg === null || !told.includes(`"leg":"${caller.leg}"`)) continue;
    if (what === 'command' && told.includes('"type":"record"'))
      filled.push({ from: Number(at), to: Number.POSITIVE_INFINITY });
    if (what === 'event' && /^recording\.(finished|failed)/.test(told))
      for (const entry of filled)
        if (entry.to === Number.POSITIVE_INFINITY && !excuses.includes(entry)) entry.to = Number(at);
  }
  filled.sort((a, b) => a.from - b.from);
  let since = end;
  for (const line of trace)
    if (caller.leg !== null && line.includes(' command {"type":"answer"') && line.includes(`"${caller.leg}"`))
      since = Math.min(since, Number(line.split(' ')[0]));
  for (const { from, to } of [...filled, { from: end, to: end }]) {
    if (to <= since) continue;
    // What comes after the call says nothing of it.
    if (Math.min(from, end) - since > longestSilenceMs)
      return [`The caller of leg ${caller.leg} hears nothing from ${since} to ${from}.`];
    since = Math.max(since, to);
  }
  return [];
}

function eventLines(disk: SimulatedDisk): string[] {
  return historyOf(disk).events.map(
    ({ seq, at, type, subject, body }) => `${at} #${seq} ${subject} ${type} ${JSON.stringify(body)}`,
  );
}

function truthLine(truth: Truth): string {
  if (truth.type === 'command') return `command ${JSON.stringify(truth.command)}`;
  const { event } = truth;
  return `event ${event.type} ${'leg' in event ? event.leg : ''} ${JSON.stringify(event)}`;
}

function personalOf({ database }: SimulatedDisk): Map<string, Record<string, Json>> {
  const personal = new Map<string, Record<string, Json>>();
  const rows = database
    .prepare<[], { contact: string; key: string; body: string }>('SELECT contact, key, body FROM personal')
    .all();
  for (const { contact, key, body } of rows)
    personal.set(contact, { ...personal.get(contact), [key]: JSON.parse(body) as Json });
  return personal;
}
