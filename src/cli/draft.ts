/**
 * The draft is the site's folder as it lies there. Before it is published it is checked, its scripted callers go
 * through it, and its prompts are made.
 */
import type { Log } from '../base/index.js';
import { runScript } from '../rehearsal/index.js';
import { loadSite } from '../site/index.js';
import type { DraftCheck, FailedCaller } from '../switchboard/index.js';
import { readCallers, testFiles } from './scripted-callers.js';
import type { Settings } from './settings.js';
import { type MediaFolder, siteMedia } from './site-media.js';

/** Checks and tests the folder's draft, and makes its prompts. */
export async function checkDraft(settings: Settings, state: MediaFolder, log: Log): Promise<DraftCheck> {
  const { siteFolder } = settings;
  const loaded = await loadSite(siteFolder, Date.now());
  if (loaded.result === 'broken') return loaded;
  const { site, files, warnings } = loaded;
  const reading = await readCallers(await testFiles(siteFolder), siteFolder);
  if (reading.result === 'broken') return reading;
  const media = await siteMedia(site, settings, state, log, (what) => log.info(what));
  const failed = reading.callers.flatMap((caller): FailedCaller[] => {
    const { passed, file, line, failures } = runScript(caller, { ...site, ...media });
    return passed ? [] : [{ file, line, caller: caller.caller, failures }];
  });
  if (failed.length > 0) return { result: 'untested', failed };
  return { result: 'sound', hash: site.hash, files, warnings, callers: reading.callers.length };
}
