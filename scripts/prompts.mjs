import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { lastWords, SetUpFailure, saysDiskFull } from './failure.mjs';
import { hashOf, hasStamp, writeStamp } from './source-hash.mjs';

/** What the spoken texts are made from, and the program that makes them. */
const SOURCES = ['prompts', 'flows', 'onedoor.yaml', 'dist/.built'];

/** @param {string} project */
const stampOf = (project) => join(project, 'generated', '.spoken');

/** @param {string} project */
const programOf = (project) => join(project, 'dist/src/main.js');

/** @param {string} project */
export const promptsReady = (project) =>
  !existsSync(join(project, 'prompts')) || hasStamp(stampOf(project), hashOf(project, SOURCES));

/**
 * Speaks the texts that have not been spoken yet.
 * @param {string} project
 * @param {{ toolbox: string, log: (line: string) => void }} options
 * @throws {SetUpFailure}
 */
export async function ensurePrompts(project, { toolbox, log }) {
  if (promptsReady(project) || !existsSync(programOf(project))) return;
  const wanted = hashOf(project, SOURCES);
  log('prompts: speaking the texts');
  const started = performance.now();
  const { code, output } = await run(process.execPath, [programOf(project), 'prompts', 'build'], {
    cwd: project,
    env: { ...process.env, ONEDOOR_TOOLBOX: toolbox },
  });
  if (saysDiskFull(output)) throw new Error(lastWords(output));
  if (code !== 0) throw new SetUpFailure(`The prompts could not be spoken:\n${output.trim()}`);
  if (existsSync(join(project, 'generated'))) writeStamp(stampOf(project), wanted);
  log(`prompts: ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
