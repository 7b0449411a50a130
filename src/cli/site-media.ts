/** A site's texts as sound, in the state folder from which the exchange plays. */
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findingLine, type Log } from '../base/index.js';
import type { CheckedSite, Site } from '../site/index.js';
import { buildPrompts, type BuildReport, type SpokenPiece, type VoiceToolbox } from '../speech/index.js';
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

/** Where a site's sounds lie, and how long they last. */
export type SiteMedia = Pick<Site, 'media' | 'mediaMs'>;

/**
 * The media of a site version. A whole build is kept as an index beside the media, so that a restart need not work out
 * again what a version consists of: a caller waits for it.
 */
export async function siteMedia(
  site: CheckedSite,
  settings: Settings,
  state: Pick<StateFolder, 'media'>,
  log: Log,
  progress: (what: string) => void,
): Promise<SiteMedia> {
  const path = join(state.media, `${site.hash}.json`);
  const kept = keptIndex(path, state.media);
  if (kept !== null) return kept;
  const report = await buildSiteMedia(site, settings, state, log, progress);
  for (const finding of report.findings) progress(findingLine(finding));
  if (report.missing.length > 0)
    progress(`${report.missing.length} sounds could not be made; see \`onedoor prompts missing\``);
  else if (report.findings.length === 0) keepIndex(path, site, report);
  return { media: report.index, mediaMs: (file) => report.durations.get(file) ?? null };
}

const indexSchema = z.object({
  made: z.string(),
  paths: z.record(z.string(), z.string()),
  ms: z.record(z.string(), z.number()),
});

const keyOf = (piece: SpokenPiece): string => `${piece.language}\n${piece.name}\n${piece.words}`;

/** null: there is none, the speech room is another than the one that made it, or a file of it is gone. */
function keptIndex(path: string, media: string): SiteMedia | null {
  let index: z.output<typeof indexSchema>;
  try {
    index = indexSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not there, or not whole: it is made anew.
    return null;
  }
  if (index.made !== speechBuild()) return null;
  const paths = new Map(Object.entries(index.paths));
  const files = new Set(readdirSync(media, { recursive: true }) as string[]);
  for (const one of paths.values()) if (!files.has(`${one}.alaw`) || !files.has(`${one}.ulaw`)) return null;
  const ms = new Map(Object.entries(index.ms));
  return { media: (piece) => paths.get(keyOf(piece)) ?? null, mediaMs: (file) => ms.get(file) ?? null };
}

function keepIndex(path: string, site: CheckedSite, { index, durations }: BuildReport): void {
  const paths: Record<string, string> = {};
  for (const piece of site.languages.flatMap((language) => site.texts.allPieces(language))) {
    const found = index(piece);
    if (found !== null) paths[keyOf(piece)] = found;
  }
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ made: speechBuild(), paths, ms: Object.fromEntries(durations) }));
  renameSync(draft, path);
}

/** Changes when the code changes that says what is spoken and how. */
function speechBuild(): string {
  const folder = new URL('../speech/', import.meta.url);
  const times = readdirSync(folder).map((file) => statSync(new URL(file, folder)).mtimeMs);
  return String(Math.max(...times));
}
