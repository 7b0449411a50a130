import { Worker } from 'node:worker_threads';
import { OnedoorError } from '../base/index.js';

/** Long work on the store's file, beside the running journal. */
export type UpkeepTask =
  | { readonly type: 'backup'; readonly database: string; readonly path: string }
  | {
      readonly type: 'check';
      readonly database: string;
      /** Written when the file is damaged. */
      readonly mark: string;
    };

export type UpkeepResult = { readonly why: string | null } | { readonly failure: string };

/**
 * Runs the task on a thread of its own, which ends with it.
 *
 * @returns what a check found wrong; null for nothing, and for a backup.
 * @throws OnedoorError ONEDOOR_JOURNAL_STORE when it could not be done.
 */
export function runUpkeep(task: UpkeepTask): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new OnedoorError('ONEDOOR_JOURNAL_STORE', { why }));
    const worker = new Worker(new URL('./upkeep-worker.js', import.meta.url), { workerData: task });
    worker.once('message', (result: UpkeepResult) => {
      if ('failure' in result) fail(result.failure);
      else resolve(result.why);
    });
    worker.once('error', (error) => fail(error.message));
    worker.once('exit', () => fail('its thread ended early'));
  });
}
