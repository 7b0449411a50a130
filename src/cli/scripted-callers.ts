/** The scripted callers of a site's folder. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Finding } from '../base/index.js';
import { readScript, type ScriptedCaller } from '../rehearsal/index.js';

export type ScriptedCallers =
  | { readonly result: 'read'; readonly callers: readonly ScriptedCaller[] }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

/** Paths of `flows/*.test.yaml`, sorted. */
export async function testFiles(siteFolder: string): Promise<readonly string[]> {
  const folder = join(siteFolder, 'flows');
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.test.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Reads scripted callers; findings name files relative to `from`.
 *
 * @throws the file system's error for a file that cannot be read.
 */
export async function readCallers(paths: readonly string[], from: string): Promise<ScriptedCallers> {
  const callers: ScriptedCaller[] = [];
  const findings: Finding[] = [];
  for (const path of paths) {
    const script = readScript(relative(from, resolve(path)), await readFile(path, 'utf8'));
    if (script.result === 'read') callers.push(...script.callers);
    else findings.push(...script.findings);
  }
  return findings.length > 0 ? { result: 'broken', findings } : { result: 'read', callers };
}
