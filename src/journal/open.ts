import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Log, OnedoorError, type SiteHash } from '../base/index.js';
import { type CommitLimits, defaultLimits } from './commit-limits.js';
import { createCommits } from './commits.js';
import { journalFiles, readOwner } from './files.js';
import { defaultRetention, type Retention } from './group.js';
import type { Fault, Question } from './messages.js';
import { expireBySteps } from './expiry.js';
import type { Journal, JournalState, JournalUpkeep, PersonalPlace, Publication, StoredSite } from './port.js';
import { createReserve, type ReserveMedium } from './reserve.js';
import { openReserveFile } from './reserve-file.js';
import { openStoreThread } from './store-thread.js';
import { machineTimers } from './timers.js';
import { runUpkeep } from './upkeep.js';

export interface JournalOptions {
  /** The journal's own folder; made when it is not there. */
  readonly folder: string;
  /** Folder of backups to restore from; `<folder>/backups` by default. */
  readonly backups?: string;
  readonly log: Log;
  readonly onState?: (state: JournalState, why: string) => void;
  /** Days that each class of personal data is kept. */
  readonly retention?: Partial<Retention>;
  readonly limits?: Partial<CommitLimits>;
  /** Bytes of the reserve; 16 MB by default. */
  readonly reserveSize?: number;
  /** Instead of the reserve's file, in tests. */
  readonly reserve?: ReserveMedium;
  /** Lets {@link OwnedJournal.inject} make things go wrong, in tests. */
  readonly faults?: boolean;
}

/** The journal of an engine that owns it. */
export interface OwnedJournal extends Journal, JournalUpkeep {
  /** Makes the store's thread fail on purpose; only with `faults: true`. */
  inject(fault: Fault): Promise<void>;
}

const reserveBytes = 16 * 1024 * 1024;
/** Rows deleted in one transaction, so that no turn waits long. */
const expireStep = 500;

/**
 * Takes a journal over: whoever owned it is refused from now on. Its store is written on a thread of its own.
 *
 * @throws OnedoorError ONEDOOR_JOURNAL_NEWER, ONEDOOR_JOURNAL_SQLITE, ONEDOOR_JOURNAL_UNWRITABLE.
 */
export async function openJournal(options: JournalOptions): Promise<OwnedJournal> {
  const { folder, log } = options;
  const files = journalFiles(folder);
  const { line, recovered } = await openStoreThread(
    {
      folder,
      backups: options.backups ?? join(folder, 'backups'),
      stamp: new Date().toISOString().replaceAll(':', '-'),
      faults: options.faults === true,
    },
    log,
  );
  const { epoch } = recovered;
  const reserve = createReserve(
    options.reserve ?? openReserveFile(files.reserve, options.reserveSize ?? reserveBytes, log),
    1,
  );
  const commits = createCommits({
    epoch,
    seq: recovered.seq,
    store: line,
    reserve,
    owner: () => ownerOf(files.owner, epoch, log),
    retention: { ...defaultRetention, ...options.retention },
    limits: { ...defaultLimits, ...options.limits },
    timers: machineTimers,
    log,
  });
  if (options.onState !== undefined) commits.onState(options.onState);
  let closed: Promise<void> | null = null;

  function ask(question: Question): Promise<unknown> {
    if (closed !== null) return Promise.reject(new OnedoorError('ONEDOOR_JOURNAL_CLOSED'));
    return line.ask(question);
  }

  async function close(): Promise<void> {
    await commits.close();
    await line.close();
    await reserve.close();
  }

  return {
    recovered,
    append: (turn, urgent) => commits.append(turn, urgent),
    get state() {
      return commits.state;
    },
    onState: (listener) => commits.onState(listener),
    publish: async (files, publication) =>
      (await ask({ type: 'publish', files, publication })) as Publication,
    site: async (hash: SiteHash) => (await ask({ type: 'site', hash })) as StoredSite | null,
    publications: async (query) => (await ask({ type: 'publications', ask: query })) as Publication[],
    close: () => (closed ??= close()),
    expire: (at, forget) =>
      expireBySteps(
        async () => (await ask({ type: 'overdue', at, limit: expireStep })) as PersonalPlace[],
        forget,
        async (places) => (await ask({ type: 'expire', at, places })) as number,
      ),
    async backup(path) {
      mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
      await runUpkeep({ type: 'backup', database: files.database, path });
    },
    async check() {
      const why = await runUpkeep({ type: 'check', database: files.database, mark: files.damaged });
      if (why !== null) log.error({ why }, 'The journal is damaged: the next start restores a backup.');
      return why;
    },
    inject: async (fault) => void (await ask({ type: 'fault', fault })),
  };
}

function ownerOf(path: string, epoch: number, log: Log): 'us' | 'another' | 'unknown' {
  try {
    return readOwner(path) === epoch ? 'us' : 'another';
  } catch (error) {
    log.error({ err: error }, 'The owner of the journal cannot be read.');
    return 'unknown';
  }
}
