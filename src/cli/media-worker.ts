/** The sounds of a version are made on a thread of their own: to work out all that it can say takes seconds. */
import { parentPort, workerData } from 'node:worker_threads';
import { createLog } from '../base/index.js';
import { type SiteFiles, siteFromFiles } from '../site/index.js';
import type { Settings } from './settings.js';
import { type MediaFolder, siteMedia } from './site-media.js';

export interface MediaWork {
  readonly settings: Settings;
  readonly state: MediaFolder;
  /** Of a version that was checked. */
  readonly files: SiteFiles;
}

const { settings, state, files } = workerData as MediaWork;
const log = createLog(settings.logLevel ?? 'info');
const check = await siteFromFiles(files);
if (check.result === 'checked') await siteMedia(check.site, settings, state, log, (what) => log.info(what));
parentPort?.postMessage(check.result);
