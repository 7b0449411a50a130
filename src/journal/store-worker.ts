/** The store's thread: the only writer. Started by store-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { OnedoorError } from '../base/errors.js';
import { commitError, openDatabase } from './database.js';
import { createFaults } from './faults.js';
import { journalFiles } from './files.js';
import type { Group } from './group.js';
import { type FromThread, type Question, type ThreadData, type ToThread, toFailure } from './messages.js';
import { openStore, type Store } from './store.js';
import { takeOverFolder } from './takeover.js';

const data = workerData as ThreadData;
const faults = createFaults();
let store: Store | null = null;
let epoch = data.epoch ?? 0;

function send(message: FromThread): void {
  parentPort?.postMessage(message);
}

/** After a failure nobody knows what a connection remembers: each failure closes it, the next use opens another. */
function opened(): Store {
  if (store === null) {
    const database = openDatabase(journalFiles(data.folder).database, { mustExist: true });
    try {
      store = openStore(database, epoch);
    } catch (error) {
      database.close();
      throw error;
    }
    faults.limit(database);
  }
  return store;
}

function drop(): void {
  try {
    store?.close();
  } catch (error) {
    warn('The store did not close.', error);
  }
  store = null;
}

function warn(text: string, error: unknown): void {
  send({ type: 'told', told: { level: 'warn', text, fields: { why: String(error) } } });
}

function commit(groups: readonly Group[]): void {
  let mine: Store;
  try {
    mine = opened();
    faults.beforeCommit();
    mine.apply(groups);
  } catch (error) {
    drop();
    send({ type: 'committed', failure: toFailure(commitError(error)) });
    return;
  }
  send({ type: 'committed', failure: null });
  try {
    mine.checkpoint();
  } catch (error) {
    // Nothing is lost: the write-ahead log grows until the next one.
    warn('The write-ahead log was not moved into the journal.', error);
  }
}

function answer(question: Question): unknown {
  switch (question.type) {
    case 'site':
      return opened().site(question.hash);
    case 'publications':
      return opened().publications(question.ask);
    case 'publish':
      return opened().publish(question.files, question.publication);
    case 'overdue':
      return opened().overdue(question.at, question.limit);
    case 'expire':
      return opened().expire(question.at, question.places);
    case 'fault':
      if (!data.faults) throw new OnedoorError('ONEDOOR_BASE_BUG', { what: 'a fault outside a test' });
      faults.set(question.fault);
      if (store !== null) drop();
      return null;
    case 'close':
      store?.close();
      store = null;
      return null;
    default:
      return question satisfies never;
  }
}

function start(): void {
  try {
    if (data.epoch === null) {
      store = takeOverFolder(data.folder, data.backups, data.stamp, (told) => send({ type: 'told', told }));
      epoch = store.epoch;
      send({ type: 'opened', epoch, ...store.newest(), entities: store.entities() });
    }
  } catch (error) {
    send({ type: 'refused', failure: toFailure(error) });
    parentPort?.close();
  }
}

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'commit') return commit(message.groups);
  try {
    send({ type: 'answer', id: message.id, failure: null, answer: answer(message.question) });
  } catch (error) {
    if (!(error instanceof OnedoorError)) drop();
    send({ type: 'answer', id: message.id, failure: toFailure(error), answer: null });
  }
  if (message.question.type === 'close') parentPort?.close();
});
start();
