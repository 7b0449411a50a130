import { type Log, OnedoorError } from '../base/index.js';
import { defaultLimits } from './commit-limits.js';
import { createCommits } from './commits.js';
import { commitError, type Database, migrate, openDatabase } from './database.js';
import { expireBySteps } from './expiry.js';
import { defaultRetention, type Retention } from './group.js';
import type { Journal, JournalUpkeep } from './port.js';
import { createReserve, type ReserveMedium, readReserve } from './reserve.js';
import { type Store, takeOver } from './store.js';
import { type StoreLine, tell, toRecovered } from './store-thread.js';
import { replayReserve } from './takeover.js';
import type { Timers } from './timers.js';

/** What outlives a simulated engine: the store and its reserve, in memory. */
export interface SimulatedDisk {
  readonly database: Database;
  readonly reserve: Uint8Array;
  /** Why commits fail, while they shall. */
  failure: string | null;
}

export interface SimulatedOptions {
  readonly disk: SimulatedDisk;
  readonly log: Log;
  /**
   * Decides when a step of a commit happens. `write` makes the groups durable; `acknowledge`, asked for in the
   * course of `write`, resolves the promises of their turns. A killed engine's steps are never run: killed between
   * the two, the turns are in the store and nobody knows.
   */
  readonly schedule: (step: 'write' | 'acknowledge', run: () => void) => void;
  /** Virtual time, for the pauses of degraded mode; without it a failed store is never tried again. */
  readonly timers?: Timers;
  readonly retention?: Partial<Retention>;
}

export type SimulatedJournal = Journal & Pick<JournalUpkeep, 'expire'>;

const reserveBytes = 256 * 1024;
const expireStep = 500;

export function createSimulatedDisk(): SimulatedDisk {
  const database = openDatabase(':memory:');
  migrate(database, 'memory');
  return { database, reserve: new Uint8Array(reserveBytes), failure: null };
}

/**
 * The journal over a disk in memory, in this thread: the same store, the same order of commits, without a window,
 * and every step when the simulation says so.
 */
export async function openSimulatedJournal(options: SimulatedOptions): Promise<SimulatedJournal> {
  const { disk, log } = options;
  const store = takeOver(disk.database, 0);
  replayReserve(disk.reserve, store, (told) => tell(log, told));
  const recovered = toRecovered({ epoch: store.epoch, ...store.newest(), entities: store.entities() });
  const commits = createCommits({
    epoch: store.epoch,
    seq: recovered.seq,
    store: simulateLine(options, store),
    reserve: createReserve(simulateMedium(options), readReserve(disk.reserve).round + 1),
    owner: () => (epochOf(disk) === store.epoch ? 'us' : 'another'),
    retention: { ...defaultRetention, ...options.retention },
    limits: { ...defaultLimits, windowMs: 0, paceMs: 0 },
    timers: options.timers ?? noTimers,
    log,
  });
  return {
    recovered,
    append: (turn, urgent) => commits.append(turn, urgent),
    get state() {
      return commits.state;
    },
    onState: (listener) => commits.onState(listener),
    publish: async (files, publication) => store.publish(files, publication),
    site: async (hash) => store.site(hash),
    publications: async (ask) => store.publications(ask),
    close: () => commits.close(),
    expire: (at, forget) =>
      expireBySteps(
        async () => store.overdue(at, expireStep),
        forget,
        async (places) => store.expire(at, places),
      ),
  };
}

function simulateLine({ disk, schedule }: SimulatedOptions, store: Store): StoreLine {
  return {
    commit(groups, done) {
      schedule('write', () => {
        const failure = write();
        schedule('acknowledge', () => done(failure));
      });

      function write(): OnedoorError | null {
        if (disk.failure !== null) return new OnedoorError('ONEDOOR_JOURNAL_STORE', { why: disk.failure });
        try {
          store.apply(groups);
          return null;
        } catch (error) {
          return commitError(error);
        }
      }
    },
    ask: () =>
      Promise.reject(new OnedoorError('ONEDOOR_BASE_BUG', { what: 'a question to a simulated store' })),
    close: () => Promise.resolve(),
  };
}

function simulateMedium({ disk, schedule }: SimulatedOptions): ReserveMedium {
  return {
    size: disk.reserve.length,
    write(offset, bytes, done) {
      schedule('write', () => {
        disk.reserve.set(bytes, offset);
        schedule('acknowledge', () => done(null));
      });
    },
    close: () => Promise.resolve(),
  };
}

function epochOf(disk: SimulatedDisk): number {
  return disk.database.prepare<[], number>('SELECT epoch FROM meta').pluck().get() ?? 0;
}

const noTimers: Timers = { now: () => 0, after: () => () => undefined, soon: (run) => run() };
