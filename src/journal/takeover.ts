import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { OnedoorError } from '../base/errors.js';
import { type Database, migrate, openDatabase, openReadOnly } from './database.js';
import { type JournalFiles, journalFiles, readOwner, syncFolder, writeOwner } from './files.js';
import { readReserve } from './reserve.js';
import { format } from './schema.js';
import { type Store, takeOver } from './store.js';

/** A line for the log, told by a thread that has none. */
export interface Told {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/**
 * Takes the journal of a folder over: sets a damaged file aside and restores the newest good backup, brings the
 * format up to date, takes the next epoch, and replays the reserve. Blocks.
 *
 * @param backups folder of backups (`*.db`).
 * @param stamp put into the names of files that are set aside.
 * @throws OnedoorError ONEDOOR_JOURNAL_NEWER, ONEDOOR_JOURNAL_SQLITE, ONEDOOR_JOURNAL_UNWRITABLE.
 */
export function takeOverFolder(
  folder: string,
  backups: string,
  stamp: string,
  tell: (told: Told) => void,
): Store {
  const files = journalFiles(folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const database = openSound(files, backups, stamp, tell);
    try {
      const store = takeOver(database, readOwner(files.owner));
      writeOwner(files.owner, store.epoch);
      syncFolder(folder);
      if (existsSync(files.reserve)) replayReserve(readFileSync(files.reserve), store, tell);
      return store;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw refusal(folder, error);
  }
}

function refusal(folder: string, error: unknown): OnedoorError {
  if (error instanceof OnedoorError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new OnedoorError('ONEDOOR_JOURNAL_UNWRITABLE', { folder, why }, error);
}

/** Writes into the store what only the reserve has. */
export function replayReserve(reserve: Uint8Array, store: Store, tell: (told: Told) => void): void {
  const { groups } = readReserve(reserve);
  const missing = groups.filter((group) => group.to > store.newest().seq);
  const [first] = missing;
  if (first === undefined) return;
  const { seq } = store.newest();
  store.apply(missing);
  if (first.from > seq + 1)
    tell({
      level: 'error',
      text: 'Turns are missing between the store and its reserve.',
      fields: { from: seq + 1, to: first.from - 1 },
    });
  tell({ level: 'warn', text: 'Turns were replayed from the reserve.', fields: { to: store.newest().seq } });
}

function openSound(
  files: JournalFiles,
  backups: string,
  stamp: string,
  tell: (told: Told) => void,
): Database {
  if (existsSync(files.database)) {
    const found = tryOpen(files, tell);
    if (found !== null) return found;
    setAside(files, stamp, tell);
    restore(files, backups, tell);
  }
  const database = openDatabase(files.database);
  migrate(database, files.folder);
  return database;
}

/** The open database, or null when its file is damaged. */
function tryOpen(files: JournalFiles, tell: (told: Told) => void): Database | null {
  if (existsSync(files.damaged)) return null;
  let database: Database | null = null;
  try {
    database = openDatabase(files.database);
    migrate(database, files.folder);
    // The rows that an engine cannot start without; the rest is checked in the background.
    for (const body of database.prepare<[], string>('SELECT body FROM entity').pluck().iterate())
      JSON.parse(body);
    database.prepare('SELECT epoch, seq, at FROM meta').get();
    return database;
  } catch (error) {
    database?.close();
    if (!isDamage(error)) throw error;
    tell({ level: 'error', text: 'The journal is damaged.', fields: { why: (error as Error).message } });
    return null;
  }
}

/** Whether the error says that the file's content is wrong, rather than its place or its permissions. */
function isDamage(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  const code = error instanceof Sqlite.SqliteError ? error.code : '';
  // SQLITE_ERROR: tables that every journal has are not there.
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR';
}

function setAside(files: JournalFiles, stamp: string, tell: (told: Told) => void): void {
  const aside = `${files.database}.damaged-${stamp}`;
  for (const suffix of ['', '-wal'])
    if (existsSync(files.database + suffix)) renameSync(files.database + suffix, aside + suffix);
  rmSync(`${files.database}-shm`, { force: true });
  rmSync(files.damaged, { force: true });
  syncFolder(files.folder);
  tell({ level: 'error', text: 'The damaged journal was set aside.', fields: { file: aside } });
}

/** Copies the newest good backup into place, if there is one. */
function restore(files: JournalFiles, backups: string, tell: (told: Told) => void): void {
  for (const backup of newestFirst(backups)) {
    const why = fault(backup);
    if (why !== null) {
      tell({ level: 'error', text: 'A backup is no good.', fields: { backup, why } });
      continue;
    }
    const fresh = `${files.database}.tmp`;
    copyFileSync(backup, fresh);
    renameSync(fresh, files.database);
    syncFolder(files.folder);
    tell({ level: 'error', text: 'A backup was restored: what came after it is gone.', fields: { backup } });
    return;
  }
  tell({ level: 'error', text: 'There is no good backup: a new journal begins.', fields: { backups } });
}

/** Backups carry their time in their name, so that names sort by it. */
function newestFirst(backups: string): string[] {
  if (!existsSync(backups)) return [];
  return readdirSync(backups)
    .filter((name) => name.endsWith('.db'))
    .sort((a, b) => (basename(a) < basename(b) ? 1 : -1))
    .map((name) => join(backups, name));
}

/** What is wrong with a database file; null when it is sound and of a format that we know. */
export function fault(file: string): string | null {
  let database: Database | null = null;
  try {
    database = openReadOnly(file);
    const found = Number(database.pragma('user_version', { simple: true }));
    if (found < 1 || found > format) return `format ${found}`;
    const answer = String(database.pragma('quick_check(1)', { simple: true }));
    return answer === 'ok' ? null : answer;
  } catch (error) {
    return (error as Error).message;
  } finally {
    database?.close();
  }
}
