/** A site's texts as sound, in the state folder from which the exchange plays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findingLine, type Log } from '../base/index.js';
import type { CheckedSite } from '../site/index.js';
import { buildPrompts, type BuildReport, type MediaIndex, type VoiceToolbox } from '../speech/index.js';
import type { Settings } from './settings.js';
import type { StateFolder } from './state-folder.js';

const programSchema = z.object({
  command: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()),
});
const toolboxSchema = z.object({ espeak: programSchema, sox: programSchema });

/** The programs that speak, as the toolbox names them; null where there is no toolbox. */
export function voiceToolbox(path: string | null): VoiceToolbox | null {
  if (path === null) return null;
  return toolboxSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Makes what is missing; a second start makes nothing. */
export function buildSiteMedia(
  site: CheckedSite,
  settings: Settings,
  state: Pick<StateFolder, 'media'>,
  log: Log,
  progress: (what: string) => void,
): Promise<BuildReport> {
  return buildPrompts({
    catalog: site.texts,
    prompts: join(settings.siteFolder, 'prompts'),
    media: state.media,
    cache: settings.cacheFolder,
    voice: voiceToolbox(settings.toolbox),
    log,
    progress: (made, toMake) => {
      if (made % 25 === 0 || made === toMake) progress(`prompts: ${made} of ${toMake} made`);
    },
  });
}

export async function siteMedia(
  site: CheckedSite,
  settings: Settings,
  state: Pick<StateFolder, 'media'>,
  log: Log,
  progress: (what: string) => void,
): Promise<MediaIndex> {
  const report = await buildSiteMedia(site, settings, state, log, progress);
  for (const finding of report.findings) progress(findingLine(finding));
  if (report.missing.length > 0)
    progress(`${report.missing.length} sounds could not be made; see \`onedoor prompts missing\``);
  return report.index;
}
