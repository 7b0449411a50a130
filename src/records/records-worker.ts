/** The records' thread: reads on a connection of its own. Started by open.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { OnedoorError } from '../base/index.js';
import { openForReading } from '../journal/index.js';
import type { RecordsAnswer, RecordsQuestion, RecordsThread } from './open.js';
import { answerQuery } from './queries.js';

const database = openForReading((workerData as RecordsThread).folder);

function answer({ id, query }: RecordsQuestion): RecordsAnswer {
  try {
    return { id, text: answerQuery(database, query) };
  } catch (error) {
    if (error instanceof OnedoorError) return { id, code: error.code, fields: error.fields };
    const why = error instanceof Error ? error.message : String(error);
    return { id, code: 'ONEDOOR_RECORDS_READ', fields: { why } };
  }
}

parentPort?.on('message', (question: RecordsQuestion | 'close') => {
  if (question === 'close') {
    database.close();
    parentPort?.close();
  } else parentPort?.postMessage(answer(question));
});
