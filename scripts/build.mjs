import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { diskFull, saysDiskFull, SetUpFailure } from './failure.mjs';
import { npm } from './npm.mjs';
import { hashOf, hasStamp, writeStamp } from './source-hash.mjs';

const SOURCES = ['src', 'test', 'bench', 'tsconfig.json', 'package-lock.json'];

/** @param {string} project */
const stampOf = (project) => join(project, 'dist', '.built');

/** @param {string} project */
export const buildReady = (project) => hasStamp(stampOf(project), hashOf(project, SOURCES));

/**
 * Compiles the sources into dist/. Some milliseconds when nothing changed.
 * @param {string} project
 * @param {{ log: (line: string) => void }} options
 * @throws {SetUpFailure} with what the compiler says
 */
export async function ensureBuild(project, { log }) {
  const wanted = hashOf(project, SOURCES);
  if (hasStamp(stampOf(project), wanted)) return;
  log('build: compiling');
  const started = performance.now();
  rmSync(stampOf(project), { force: true });
  removeOrphans(project);
  const { code, output } = await npm(['run', '--silent', 'build'], { cwd: project });
  if (code !== 0 && saysDiskFull(output)) throw diskFull(project);
  if (code !== 0) throw new SetUpFailure(`The sources do not compile:\n${output.trim()}`);
  writeStamp(stampOf(project), wanted);
  log(`build: ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/**
 * Removes what was compiled from sources that are gone: a test that was deleted would run on.
 * @param {string} project
 */
function removeOrphans(project) {
  const dist = join(project, 'dist');
  if (!existsSync(dist)) return;
  for (const path of /** @type {string[]} */ (readdirSync(dist, { recursive: true }))) {
    const source = /^(.+)\.js(\.map)?$/.exec(path)?.[1];
    if (source !== undefined && !existsSync(join(project, `${source}.ts`)))
      rmSync(join(dist, path), { force: true });
  }
}
