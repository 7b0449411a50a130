/** A draft is checked on a thread of its own: reading and testing a site takes longer than a caller may wait. */
import { parentPort, workerData } from 'node:worker_threads';
import { createLog } from '../base/index.js';
import { checkDraft } from './draft.js';
import type { Settings } from './settings.js';
import type { MediaFolder } from './site-media.js';

export interface DraftWork {
  readonly settings: Settings;
  readonly state: MediaFolder;
}

const { settings, state } = workerData as DraftWork;
parentPort?.postMessage(await checkDraft(settings, state, createLog(settings.logLevel ?? 'info')));
