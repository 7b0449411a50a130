/** The files of a site's folder: what belongs to a version, and the hash over them. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asSiteHash, type Finding, type SiteHash } from '../base/index.js';

/**
 * Contents of a version's text files by path relative to the folder, with `/`. A recording stands there as
 * `sha256:<hex>`, so that another recording makes another version.
 */
export type SiteFiles = Readonly<Record<string, string>>;

export interface FolderReading {
  readonly files: SiteFiles;
  /** Files that could not be read. */
  readonly findings: readonly Finding[];
}

export const siteFile = 'onedoor.yaml';

/** Flows, texts, grammars and holidays of a site; scripted callers (`*.test.yaml`) are no part of a version. */
const yamlFolders = ['flows', 'prompts', 'prompts/say', 'calendars'];
const recordingName = /^prompts\/[A-Za-z0-9-]+\/.+\.wav$/;

/**
 * Reads what every site has: onedoor.yaml, flows, prompts, recordings and holidays. Tables are named in onedoor.yaml and are
 * read by {@link readSiteFile}. What is not there is left out; what cannot be read is a finding.
 */
export async function readSiteFolder(folder: string): Promise<FolderReading> {
  const paths: string[] = [];
  if ((await namesIn(folder)).includes(siteFile)) paths.push(siteFile);
  for (const inner of yamlFolders) {
    for (const name of await namesIn(join(folder, inner))) {
      if (name.endsWith('.yaml') && !name.endsWith('.test.yaml')) paths.push(`${inner}/${name}`);
    }
  }
  const recordings = (await namesIn(join(folder, 'prompts'), true))
    .map((name) => `prompts/${name.replaceAll('\\', '/')}`)
    .filter((path) => recordingName.test(path));

  const files: Record<string, string> = {};
  const findings: Finding[] = [];
  for (const path of [...paths, ...recordings]) {
    const reading = await readSiteFile(folder, path);
    if (typeof reading === 'string') files[path] = reading;
    else findings.push(reading);
  }
  return { files, findings };
}

/**
 * @param path relative to the folder
 * @returns the file's text (of a recording, its hash), or why it cannot be read.
 */
export async function readSiteFile(folder: string, path: string): Promise<string | Finding> {
  const finding = (code: string, what: string, why: string, mend: string): Finding => ({
    file: path,
    line: 1,
    col: 1,
    code: `site/${code}`,
    what,
    why,
    mend,
  });
  let bytes: Buffer;
  try {
    bytes = await readFile(join(folder, path));
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT'
      ? finding(
          'missing-file',
          'The file does not exist.',
          'The site names it.',
          'Add it, or correct its name.',
        )
      : finding(
          'unreadable-file',
          `The file cannot be read (${code}).`,
          'The site needs it.',
          'Give the engine the right to read it.',
        );
  }
  if (path.endsWith('.wav')) return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder says no more than that it failed.
    return finding(
      'encoding',
      'The file is not UTF-8.',
      'Its letters would be read wrongly.',
      'Save it as UTF-8.',
    );
  }
}

/** Hash of a version: SHA-256 over its paths and contents in order. The same files give the same hash everywhere. */
export function hashSite(files: SiteFiles): SiteHash {
  const hash = createHash('sha256');
  for (const path of Object.keys(files).sort()) {
    const content = files[path] ?? '';
    // Lengths keep the end of one apart from the beginning of the next.
    hash.update(`${path.length}:${path}${content.length}:${content}`);
  }
  return asSiteHash(hash.digest('hex'));
}

async function namesIn(folder: string, recursive = false): Promise<string[]> {
  try {
    return (await readdir(folder, { recursive })).sort();
  } catch (error) {
    // A folder that is not there has no files; what is missed will be named by whoever needs it.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
