/** A site's texts as sound, in the state folder from which the exchange plays. */
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { findingLine, type Log, type SiteHash } from '../base/index.js';
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
  state: MediaFolder,
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

/** The place of the media, in a state folder. */
export type MediaFolder = Pick<StateFolder, 'media'>;

/**
 * The media of a site version. What a build found is kept as an index beside the media, so that nothing has to work out
 * again what a version consists of: a caller waits for it. Where something could not be made, it is tried again.
 */
export async function siteMedia(
  site: CheckedSite,
  settings: Settings,
  state: MediaFolder,
  log: Log,
  progress: (what: string) => void,
): Promise<SiteMedia> {
  const kept = await keptMedia(site.hash, state, 'whole');
  if (kept !== null) return kept;
  const report = await buildSiteMedia(site, settings, state, log, progress);
  for (const finding of report.findings) progress(findingLine(finding));
  if (report.missing.length > 0)
    progress(`${report.missing.length} sounds could not be made; see \`onedoor prompts missing\``);
  keepIndex(indexPath(state, site.hash), site, report);
  return { media: report.index, mediaMs: (file) => report.durations.get(file) ?? null };
}

const indexPath = ({ media }: MediaFolder, hash: SiteHash): string => join(media, `${hash}.json`);

const indexSchema = z.object({
  made: z.string(),
  /** All sounds could be made, and all recordings be used. */
  whole: z.boolean(),
  paths: z.record(z.string(), z.string()),
  ms: z.record(z.string(), z.number()),
});

const keyOf = (piece: SpokenPiece): string => `${piece.language}\n${piece.name}\n${piece.words}`;

/**
 * What a build left.
 *
 * @returns null: there is none, or none that is whole; the speech room is another than the one that made it, or a file
 *   of it is gone.
 */
export async function keptMedia(
  hash: SiteHash,
  state: MediaFolder,
  wanted: 'whole' | 'any',
): Promise<SiteMedia | null> {
  let index: z.output<typeof indexSchema>;
  try {
    index = indexSchema.parse(JSON.parse(await readFile(indexPath(state, hash), 'utf8')));
  } catch {
    // Not there, or not readable: it is made anew.
    return null;
  }
  if (index.made !== speechBuild() || (wanted === 'whole' && !index.whole)) return null;
  const paths = new Map(Object.entries(index.paths));
  const files = new Set(await readdir(state.media, { recursive: true }));
  for (const one of paths.values()) if (!files.has(`${one}.alaw`) || !files.has(`${one}.ulaw`)) return null;
  const ms = new Map(Object.entries(index.ms));
  return { media: (piece) => paths.get(keyOf(piece)) ?? null, mediaMs: (file) => ms.get(file) ?? null };
}

function keepIndex(path: string, site: CheckedSite, report: BuildReport): void {
  const { index, durations, missing, findings } = report;
  const whole = missing.length === 0 && findings.length === 0;
  const paths: Record<string, string> = {};
  for (const piece of site.languages.flatMap((language) => site.texts.allPieces(language))) {
    const found = index(piece);
    if (found !== null) paths[keyOf(piece)] = found;
  }
  const draft = `${path}.${process.pid}`;
  writeFileSync(
    draft,
    JSON.stringify({ made: speechBuild(), whole, paths, ms: Object.fromEntries(durations) }),
  );
  renameSync(draft, path);
}

/** Changes when the code changes that says what is spoken and how. */
function speechBuild(): string {
  const folder = new URL('../speech/', import.meta.url);
  const times = readdirSync(folder).map((file) => statSync(new URL(file, folder)).mtimeMs);
  return String(Math.max(...times));
}
