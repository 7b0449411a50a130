/**
 * A whole hotline in virtual time: the real switchboard, the real store (in memory), a simulated exchange, random
 * callers and phones; and an engine that is killed at chosen moments and started again. One seed, one run.
 */
import { createRandom, type Json } from '../../src/base/index.js';
import type { Contact } from '../../src/cases/index.js';
import type { SimulatedDisk } from '../../src/journal/index.js';
import { brokenPromises, type History } from './history-checker.js';
import { historyOf } from './history-of.js';
import { agentsAsk, agentsDial, behaviour, saysReady, talker } from './simulated/agents.js';
import { calledBehaviour, calledNumbers, type Callers, callersDial } from './simulated/callers.js';
import { startEngines } from './simulated/engines.js';
import { agentPhones, ownSite, recording } from './simulated/hotline.js';
import type { HotlineOptions } from './simulated/options.js';
import {
  atRest,
  dialledAtOnce,
  rangTwice,
  routerAtRest,
  sentTwice,
  silences,
  watchBridges,
} from './simulated/promises.js';
import { makeTrouble } from './simulated/trouble.js';
import { createWorld, type World } from './simulated/world.js';
import { twoAgents } from './test-routing.js';
import { testAnswer } from './test-site.js';

export type { HotlineOptions } from './simulated/options.js';

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

/** How long after its last promise of life a hotline must be at rest, ms. */
const limitMs = 60 * 60_000;

export async function runHotline(options: HotlineOptions): Promise<HotlineRun> {
  const { seed } = options;
  const random = createRandom(seed);
  const world = createWorld(options);
  const { time, disk, simulator, trace } = world;
  const talkers = createRandom(seed + 2_000_000);
  for (const phone of agentPhones)
    simulator
      .phone(phone)
      .will(() => (options.isStaffed === true ? talker(random) : behaviour(random, talkers)));
  for (const number of calledNumbers) simulator.number(number).will(() => calledBehaviour(random));
  const plan = {
    site: options.hotline?.site ?? recording(ownSite, seed),
    routing: twoAgents({ ringAtOnce: seed % 3 === 0 ? 2 : 1 }),
    answer: options.hotline?.answer ?? testAnswer,
  };
  const engines = startEngines(world, random, plan, options);
  await time.runFor(50);
  const callers = callersDial(world, random, options);
  if (options.isStaffed === true) simulator.dial({ called: '*11', phone: 'agent-1', trunk: 'phones' });
  agentsDial(world, seed);
  const connected = agentsAsk(world, seed);
  saysReady(world, options.readyTimes ?? 0);
  const lonely = watchBridges(world);
  makeTrouble(world, random, options);
  await runToRest(world, callers);

  engines.readDisk('at the end');
  const history = historyOf(disk);
  const broken = [
    ...engines.broken,
    ...atRest(simulator, callers.dialled),
    // A caller whom a refused command left in a bridge hears the flow there.
    ...(options.faults?.refused === undefined ? lonely() : []),
    ...rangTwice(trace),
    ...sentTwice(trace),
    ...dialledAtOnce(trace),
    ...callers.dialled.flatMap((caller) => silences(caller, world)),
    ...routerAtRest(disk),
    ...history.live.map((id) => `Call ${id} lives on, though nobody is there.`),
    ...brokenPromises(history),
  ];
  const told = (type: string): number => history.events.filter((event) => event.type === type).length;
  const personal = personalOf(disk);
  engines.end();
  disk.database.close();
  return {
    seed,
    broken,
    points: engines.points,
    kills: engines.kills,
    calls: callers.dialled.length,
    talks: told('dial.answered'),
    recordings: told('recording.kept'),
    recorded: told('recording.started'),
    paused: told('recording.paused'),
    lookups: told('lookup.answered'),
    messages: told('message.ended'),
    answers: told('survey.answered'),
    waits: told('ticket.ended'),
    transfers: told('transfer.ended'),
    connected: connected(),
    parked: told('ticket.parked'),
    callbacks: told('ticket.dialled'),
    reached: told('ticket.reached'),
    resumed: told('call.resumed'),
    marked: told('call.marked'),
    trace: broken.length === 0 ? trace : [...trace, ...eventLines(history)],
    contacts: history.contacts,
    personal,
  };
}

async function runToRest({ time, simulator }: World, { count, dialled }: Callers): Promise<void> {
  const until = time.now() + limitMs;
  await time.runUntilTrue(
    () => dialled.length === count && dialled.every(({ state }) => state === 'over'),
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
}

function eventLines({ events }: History): string[] {
  return events.map(
    ({ seq, at, type, subject, body }) => `${at} #${seq} ${subject} ${type} ${JSON.stringify(body)}`,
  );
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
