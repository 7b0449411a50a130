/** The process that reads a SQLite file for one source. Started by sql-source.ts, and ended by it in mid-query. */
import { statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { wholeRow } from './row.js';
import type { ReaderAnswer, ReaderQuestion } from './sql-messages.js';

/** How long a question waits for a writer's lock, ms. */
const busyMs = 500;

type Statement = Sqlite.Statement<[Readonly<Record<string, string | number>>], Record<string, unknown>>;

interface Opened {
  readonly database: Sqlite.Database;
  readonly statement: Statement;
  readonly inode: number;
}

let opened: Opened | null = null;

/** The file as it is now: one that was put in its place since is opened anew. */
function open({ file, query }: ReaderQuestion): Opened {
  const { ino: inode } = statSync(file);
  if (opened?.inode === inode) return opened;
  opened?.database.close();
  opened = null;
  const database = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: busyMs });
  try {
    const statement: Statement = database.prepare(query);
    if (!statement.reader || !statement.readonly) throw new Error('the query does not only read');
    // Whole numbers beyond 2^53 would lose digits.
    statement.safeIntegers(true);
    opened = { database, statement, inode };
    return opened;
  } catch (error) {
    database.close();
    throw error;
  }
}

function answer(question: ReaderQuestion): ReaderAnswer {
  try {
    const { statement } = open(question);
    if (question.values === null) return { result: 'not-found' };
    const row = statement.get(question.values);
    if (row === undefined) return { result: 'not-found' };
    const reading = wholeRow(Object.entries(row));
    return reading.result === 'row'
      ? { result: 'found', row: reading.row }
      : { result: 'failed', why: reading.why, passing: false };
  } catch (error) {
    // SQLite's messages name tables and columns, never values.
    return { result: 'failed', why: error instanceof Error ? error.message : String(error), passing: false };
  }
}

// Ctrl-C goes to the whole group: callers who are still in the line are still to be answered.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (question: ReaderQuestion) => process.send?.(answer(question)));
