import { Worker } from 'node:worker_threads';
import { type ErrorCode, type ErrorFields, OnedoorError } from '../base/index.js';
import type { SimulatedDisk } from '../journal/index.js';
import { answerQuery, asRecords, type Query } from './queries.js';
import type { Records } from './records.js';

/** What the records' thread is started with. */
export interface RecordsThread {
  readonly folder: string;
}

export interface RecordsQuestion {
  readonly id: number;
  readonly query: Query;
}

export type RecordsAnswer =
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly code: ErrorCode; readonly fields: ErrorFields };

interface Asked {
  readonly resolve: (text: string) => void;
  readonly reject: (error: OnedoorError) => void;
}

/**
 * The records of a journal's folder, read on a thread of its own. The thread starts with the first question, and a
 * dead one is replaced with the next.
 */
export function openRecords(folder: string): Records {
  const waiting = new Map<number, Asked>();
  let thread: Worker | null = null;
  let asked = 0;
  let closed = false;

  function start(): Worker {
    const mine = new Worker(new URL('./records-worker.js', import.meta.url), {
      workerData: { folder } satisfies RecordsThread,
    });
    let why = 'their thread ended';
    mine.on('message', (answer: RecordsAnswer) => {
      const its = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('text' in answer) its?.resolve(answer.text);
      else its?.reject(new OnedoorError(answer.code, answer.fields));
    });
    mine.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    mine.on('exit', () => {
      if (thread === mine) thread = null;
      for (const its of waiting.values()) its.reject(new OnedoorError('ONEDOOR_RECORDS_READ', { why }));
      waiting.clear();
    });
    return mine;
  }

  function ask(query: Query): Promise<string> {
    return new Promise((resolve, reject) => {
      if (closed) {
        reject(new OnedoorError('ONEDOOR_RECORDS_READ', { why: 'they are closed' }));
        return;
      }
      thread ??= start();
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      thread.postMessage({ id, query } satisfies RecordsQuestion);
    });
  }

  async function close(): Promise<void> {
    closed = true;
    const mine = thread;
    if (mine === null) return;
    const ended = new Promise((resolve) => mine.once('exit', resolve));
    mine.postMessage('close');
    await ended;
  }

  return asRecords(ask, close);
}

/** The records of a simulated disk, read in this thread. */
export function readSimulated(disk: SimulatedDisk): Records {
  return asRecords(
    async (query) => answerQuery(disk.database, query),
    () => Promise.resolve(),
  );
}
