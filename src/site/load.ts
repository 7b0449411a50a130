/** From a folder to a checked site, and which version an engine starts with. */
import { type Finding, pieceByPiece, type UtcMs } from '../base/index.js';
import { checkSettings, checkSite, type SiteCheck } from './check.js';
import { type FolderReading, readSiteFile, readSiteFolder, type SiteFiles } from './files.js';
import { tablePaths } from './tables.js';

/**
 * Reads and checks the site of a folder. Throws only where the folder itself cannot be listed.
 *
 * @param now for warnings of what is over or comes soon (UTC milliseconds); null: none
 */
export async function loadSite(folder: string, now: UtcMs | null = null): Promise<SiteCheck> {
  const { files, findings } = await readSite(folder);
  return pieceByPiece(checkSite(files, findings, now));
}

/** Reads all files that belong to the version that a folder would be, unchecked. */
export async function readSite(folder: string): Promise<FolderReading> {
  const { files, findings } = await readSiteFolder(folder);
  const settings = checkSettings(files);
  const found: Finding[] = [...findings];
  const tables: Record<string, string> = {};
  for (const path of settings.result === 'read' ? tablePaths(settings.settings) : []) {
    const reading = await readSiteFile(folder, path);
    if (typeof reading === 'string') tables[path] = reading;
    // That one is missing is told where onedoor.yaml names it.
    else if (reading.code !== 'site/missing-file') found.push(reading);
  }
  return { files: { ...files, ...tables }, findings: found };
}

/** A version that was stored becomes a site again. Calls have their turns meanwhile. */
export function siteFromFiles(files: SiteFiles): Promise<SiteCheck> {
  return pieceByPiece(checkSite(files));
}

/**
 * The site that an engine starts with. What a person edits takes effect by being published, so the published version
 * counts; the folder does at the very first start, and where this engine cannot read the published version any more.
 */
export type SiteChoice =
  | { readonly result: 'published'; readonly check: Extract<SiteCheck, { result: 'checked' }> }
  | {
      readonly result: 'folder';
      readonly check: Extract<SiteCheck, { result: 'checked' }>;
      /** What this engine finds wrong with the published version; empty where there is none. */
      readonly findings: readonly Finding[];
    }
  | { readonly result: 'none'; readonly findings: readonly Finding[] };

/** @param folder asked only where the published version does not serve */
export async function chooseSite(
  published: SiteFiles | null,
  folder: () => Promise<SiteCheck>,
): Promise<SiteChoice> {
  const own = published === null ? null : await siteFromFiles(published);
  if (own?.result === 'checked') return { result: 'published', check: own };
  const check = await folder();
  const findings = own?.findings ?? [];
  if (check.result === 'checked') return { result: 'folder', check, findings };
  return { result: 'none', findings: [...findings, ...check.findings] };
}
