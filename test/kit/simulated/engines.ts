/** The engine, killed at chosen moments and started again: one life after another, on one disk. */
import { createLog, type Log, type Random } from '../../../src/base/index.js';
import type { Routing } from '../../../src/acd/index.js';
import type { CallSite } from '../../../src/calls/index.js';
import { openSimulatedJournal } from '../../../src/journal/index.js';
import type { LookupAnswer, LookupRequest } from '../../../src/lookups/port.js';
import { createSwitchboard } from '../../../src/switchboard/index.js';
import type { Exchange } from '../../../src/telephony/port.js';
import { createLifetime, type Lifetime } from '../../../src/telephony/simulator/index.js';
import { oneSite } from '../test-routing.js';
import { testHash } from '../test-site.js';
import { timersOf } from '../virtual-timers.js';
import type { HotlineOptions } from './options.js';
import type { World } from './world.js';

interface Life {
  readonly time: Lifetime;
  dead: boolean;
}

export interface Engines {
  /** Moments at which the engine could have been killed, so far. */
  readonly points: number;
  readonly kills: number;
  /** What went wrong with the engine itself: why it halted, what it wrote that it must not. */
  readonly broken: readonly string[];
  /** Looks for what must not be on the disk; `broken` has what it finds. */
  readDisk(when: string): void;
  /** The last life is over, too. */
  end(): void;
}

export interface EnginePlan {
  readonly site: CallSite;
  readonly routing: Routing;
  readonly answer: (request: LookupRequest) => LookupAnswer;
}

const silent: Log = createLog('silent');

/** Its first life begins at once. */
export function startEngines(
  world: World,
  random: Random,
  { site, routing, answer }: EnginePlan,
  options: Pick<HotlineOptions, 'killAt' | 'killsUntil' | 'unwritten'>,
): Engines {
  const { time, disk, simulator, say, excuse } = world;
  const killAt = new Set(options.killAt ?? randomKills(random, options.killsUntil));
  const broken: string[] = [];
  let points = 0;
  let kills = 0;
  let last: Life | null = null;
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
    for (const text of unwritten) if (bytes.includes(text)) broken.push(`${text} is on the disk ${when}.`);
  }

  async function start(): Promise<void> {
    const mine: Life = { time: createLifetime(time), dead: false };
    last = mine;
    say('engine starts');
    const journal = await openSimulatedJournal({
      disk,
      log: silent,
      schedule: (step, run) => {
        const quick = time.now() + (step === 'write' ? random.between(0, 4) : 0);
        mine.time.at(step === 'write' ? Math.max(quick, world.stillUntil) : quick, () => {
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
        if (!mine.dead) broken.push(`The engine halted: ${why}: ${String(cause)}`);
      },
    });
    await switchboard.start();
    if (mine.dead) return;
    away.to = time.now();
    say('engine in control');
  }

  void start();
  return {
    get points() {
      return points;
    },
    get kills() {
      return kills;
    },
    broken,
    readDisk,
    end: () => last?.time.end(),
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
