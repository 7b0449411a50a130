import { Worker } from 'node:worker_threads';
import { OnedoorError } from '../base/index.js';
import type { DraftCheck } from '../switchboard/index.js';
import type { DraftWork } from './draft-worker.js';
import type { MediaWork } from './media-worker.js';

/**
 * Checks a draft on a thread of its own, which ends with it.
 *
 * @throws ONEDOOR_SITE_CHECK when the thread ends without an answer.
 */
export function checkDraftAside(work: DraftWork): Promise<DraftCheck> {
  return answerOf(new URL('./draft-worker.js', import.meta.url), work);
}

/**
 * Makes a version's sounds on a thread of its own; what it made lies in the state folder.
 *
 * @throws ONEDOOR_SITE_CHECK when the thread ends early.
 */
export function makeMediaAside(work: MediaWork): Promise<void> {
  return answerOf(new URL('./media-worker.js', import.meta.url), work);
}

/** What a thread answers that is started with some work. */
function answerOf<Answer>(program: URL, work: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void =>
      reject(new OnedoorError('ONEDOOR_SITE_CHECK', { why }, cause));
    const worker = new Worker(program, { workerData: work });
    worker.once('message', resolve);
    worker.once('error', (error) => fail(error.message, error));
    worker.once('exit', () => fail('its thread ended early'));
  });
}
