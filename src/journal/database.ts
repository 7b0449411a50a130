import Sqlite from 'better-sqlite3';
import { OnedoorError } from '../base/errors.js';
import { journalFiles } from './files.js';
import { applicationId, format, schemaSteps } from './schema.js';

export type Database = Sqlite.Database;

/** Since 3.51.3 a checkpoint that races a writer no longer damages the file. */
const neededVersion = '3.51.3';

/** Log lines a checkpoint leaves in place; a longer write-ahead log is cut to this (bytes). */
const walLimit = 64 * 1024 * 1024;

/** How long a statement waits for another connection's lock, ms. */
const busyMs = 2_000;

/**
 * Opens the store for writing: write-ahead log, synced at every commit.
 *
 * @param file path, or `:memory:`.
 * @param options.mustExist never make a new file.
 * @throws OnedoorError ONEDOOR_JOURNAL_SQLITE; SQLite's errors.
 */
export function openDatabase(file: string, options: { readonly mustExist?: boolean } = {}): Database {
  const database = new Sqlite(file, { timeout: busyMs, fileMustExist: options.mustExist === true });
  try {
    const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '0';
    if (older(version, neededVersion))
      throw new OnedoorError('ONEDOOR_JOURNAL_SQLITE', { version, needed: neededVersion });
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma(`journal_size_limit = ${walLimit}`);
    // The live rows and the ends of the tables, 4 MB: all that a writer touches.
    database.pragma('cache_size = -4000');
    // What is deleted is overwritten: live calls hold personal data too, in rows that go when they are over.
    database.pragma('secure_delete = ON');
    // Checkpoints are run between commits, after the acknowledgement, not inside a commit.
    database.pragma('wal_autocheckpoint = 0');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens a journal's file to read what is committed; never waits for the writer.
 *
 * @throws SQLite's errors, e.g. when there is no such file.
 */
export function openReadOnly(file: string): Database {
  return new Sqlite(file, { readonly: true, fileMustExist: true, timeout: busyMs });
}

/** Opens the journal of a folder to read it; see {@link openReadOnly}. */
export function openForReading(folder: string): Database {
  return openReadOnly(journalFiles(folder).database);
}

/**
 * Brings the file to this engine's format.
 *
 * @throws OnedoorError ONEDOOR_JOURNAL_NEWER when a newer engine wrote it.
 */
export function migrate(database: Database, folder: string): void {
  const found = Number(database.pragma('user_version', { simple: true }));
  if (found > format) throw new OnedoorError('ONEDOOR_JOURNAL_NEWER', { folder, found, known: format });
  if (found === format) return;
  database
    .transaction(() => {
      for (const step of schemaSteps) if (step.number > found) database.exec(step.sql);
      database.pragma(`application_id = ${applicationId}`);
      database.pragma(`user_version = ${format}`);
    })
    .immediate();
}

/** What a disk may get over: it was full, did not read or write, was busy, away or for reading only. */
const passing = /^SQLITE_(?:FULL|IOERR|BUSY|LOCKED|CANTOPEN|READONLY|NOMEM|PERM|PROTOCOL|INTERRUPT)/;

/** Why a commit failed, as an error that says whether waiting helps: ONEDOOR_JOURNAL_STORE, _BROKEN or _FENCED. */
export function commitError(error: unknown): OnedoorError {
  if (error instanceof OnedoorError && error.code === 'ONEDOOR_JOURNAL_FENCED') return error;
  const why = error instanceof Error ? error.message : String(error);
  const passes = error instanceof Sqlite.SqliteError && passing.test(error.code);
  return new OnedoorError(passes ? 'ONEDOOR_JOURNAL_STORE' : 'ONEDOOR_JOURNAL_BROKEN', { why }, error);
}

/** Whether dotted version `a` is older than `b`. */
function older(a: string, b: string): boolean {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < right.length; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
