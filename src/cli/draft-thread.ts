import { Worker } from 'node:worker_threads';
import { OnedoorError } from '../base/index.js';
import type { DraftCheck } from '../switchboard/index.js';
import type { DraftWork } from './draft-worker.js';

/**
 * Checks a draft on a thread of its own, which ends with it.
 *
 * @throws ONEDOOR_SITE_CHECK when the thread ends without an answer.
 */
export function checkDraftAside(work: DraftWork): Promise<DraftCheck> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void =>
      reject(new OnedoorError('ONEDOOR_SITE_CHECK', { why }, cause));
    const worker = new Worker(new URL('./draft-worker.js', import.meta.url), { workerData: work });
    worker.once('message', resolve);
    worker.once('error', (error) => fail(error.message, error));
    worker.once('exit', () => fail('its thread ended early'));
  });
}
