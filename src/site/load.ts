/** From a folder to a checked site, and which version an engine starts with. */
import type { Finding, UtcMs } from '../base/index.js';
import { checkSettings, checkSite, type SiteCheck } from './check.js';
import { readSiteFile, readSiteFolder, type SiteFiles } from './files.js';
import { tablePaths } from './tables.js';

/**
 * Reads and checks the site of a folder. Throws only where the folder itself cannot be listed.
 *
 * @param now for warnings of what is over or comes soon (UTC milliseconds); null: none
 */
export async function loadSite(folder: string, now: UtcMs | null = null): Promise<SiteCheck> {
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
  return checkSite({ ...files, ...tables }, found, now);
}

/** Pure. A version that was stored becomes a site again. */
export function siteFromFiles(files: SiteFiles): SiteCheck {
  return checkSite(files);
}

export type SiteChoice =
  | { readonly result: 'folder'; readonly check: Extract<SiteCheck, { result: 'checked' }> }
  /** The folder is broken: the last good version stays in force. */
  | {
      readonly result: 'last-good';
      readonly check: Extract<SiteCheck, { result: 'checked' }>;
      readonly findings: readonly Finding[];
    }
  /** The folder is broken and there is no version to fall back on, or this engine cannot read it any more. */
  | { readonly result: 'none'; readonly findings: readonly Finding[] };

/** Pure. The site that an engine starts with: the folder's, or the last good one where that is broken. */
export function chooseSite(folder: SiteCheck, lastGood: SiteFiles | null): SiteChoice {
  if (folder.result === 'checked') return { result: 'folder', check: folder };
  const check = lastGood === null ? null : siteFromFiles(lastGood);
  if (check?.result === 'checked') return { result: 'last-good', check, findings: folder.findings };
  return { result: 'none', findings: folder.findings };
}
