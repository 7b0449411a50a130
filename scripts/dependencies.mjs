import { cpSync, existsSync, readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.mjs';
import { lastWords, SetUpFailure, saysDiskFull } from './failure.mjs';
import { npm } from './npm.mjs';
import { withScratchFolder } from './scratch.mjs';
import { hashOf, hasStamp, writeStamp } from './source-hash.mjs';

/** @typedef {(line: string) => void} Log */

/** What npm reads to decide what goes into node_modules. */
const SOURCES = ['package.json', 'package-lock.json', '.npmrc'];

/** The only dependency with a part that is compiled when no prebuilt one can be had. */
const NATIVE = 'better-sqlite3';

/** @param {string} project */
const stampOf = (project) => join(project, 'node_modules', '.onedoor-installed');

/**
 * Of package.json only what npm installs by: a changed script is no reason to install again.
 * @param {string} project
 */
function wantedHash(project) {
  const { dependencies, devDependencies, overrides, allowScripts } = JSON.parse(
    readFileSync(join(project, 'package.json'), 'utf8'),
  );
  const asked = JSON.stringify({ dependencies, devDependencies, overrides, allowScripts });
  // The compiled part fits one Node's binary interface only.
  return hashOf(project, SOURCES.slice(1), [asked, process.versions.modules, process.platform, process.arch]);
}

/** @param {string} project */
export const dependenciesReady = (project) => hasStamp(stampOf(project), wantedHash(project));

/**
 * Installs the npm packages beside the present ones and swaps them, so that a run that fails or is killed leaves
 * what was there. A few milliseconds when nothing changed.
 * @param {string} project
 * @param {{ scratch: string, log: Log }} options scratch: a path on the same disk that nobody else uses
 * @throws {SetUpFailure}
 */
export async function ensureDependencies(project, { scratch, log }) {
  if (dependenciesReady(project)) return;
  if (await installedByHand(project)) {
    writeStamp(stampOf(project), wantedHash(project));
    return;
  }
  const started = performance.now();
  const wanted = wantedHash(project);
  await withScratchFolder(scratch, async () => {
    log('dependencies: installing the npm packages');
    for (const file of SOURCES)
      if (existsSync(join(project, file))) cpSync(join(project, file), join(scratch, file));
    // The build and the tests need the development packages, also where NODE_ENV says production.
    const install = await npm(['ci', '--ignore-scripts', '--include=dev', '--no-progress'], { cwd: scratch });
    if (install.code !== 0) throw installFailed(install.output);
    await makeNative(scratch, log);
    writeStamp(stampOf(scratch), wanted);
    const present = join(project, 'node_modules');
    if (existsSync(present)) await rename(present, join(scratch, 'node_modules.old'));
    await rename(join(scratch, 'node_modules'), present);
  });
  log(`dependencies: ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/**
 * Whether somebody has run `npm ci` or `npm install` here. npm writes its hidden lock file last.
 * @param {string} project
 */
async function installedByHand(project) {
  /** @type {Record<string, { version?: string, integrity?: string }>} */
  let has;
  /** @type {Record<string, { version?: string, integrity?: string, optional?: boolean, peer?: boolean }>} */
  let wants;
  try {
    has = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')).packages;
    wants = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')).packages;
  } catch {
    // One of them is missing or half-written: install.
    return false;
  }
  const paths = Object.keys(wants).filter((path) => path !== '');
  const fits = paths.every((path) =>
    has[path] === undefined ? wants[path]?.optional === true : has[path]?.version === wants[path]?.version,
  );
  return fits && (await nativeLoads(project)) === '';
}

/**
 * @param {string} folder
 * @returns {Promise<string>} what is wrong; empty: the compiled part fits this Node
 */
async function nativeLoads(folder) {
  const trial = `new (require('${NATIVE}'))(':memory:').exec('select 1')`;
  const { code, output } = await run(process.execPath, ['-e', trial], { cwd: folder });
  return code === 0 ? '' : output;
}

/**
 * Fetches or compiles the native part.
 * @param {string} folder
 * @param {Log} log
 */
async function makeNative(folder, log) {
  log(`dependencies: fetching or compiling ${NATIVE} (about a minute when it must be compiled)`);
  const rebuild = await npm(['rebuild', NATIVE], { cwd: folder, env: nativeEnv() });
  const wrong = rebuild.code === 0 ? await nativeLoads(folder) : rebuild.output;
  if (wrong === '') return;
  if (saysDiskFull(wrong)) throw new Error(lastWords(wrong));
  const missing = await missingCompilers();
  if (missing.length > 0)
    throw new SetUpFailure(
      `No prebuilt ${NATIVE} could be downloaded, and compiling it needs ${missing.join(', ')}. ` +
        `Install them (as root: apt-get install ${missing.join(' ')}) and run the same command again.`,
    );
  throw new SetUpFailure(`${NATIVE} could be neither downloaded nor compiled: ${lastWords(wrong)}`);
}

/** node-gyp downloads Node's headers unless it is told where they are; most installations have them. */
function nativeEnv() {
  const prefix = join(process.execPath, '..', '..');
  const headers = join(prefix, 'include/node/node_version.h');
  return existsSync(headers) ? { ...process.env, npm_config_nodedir: prefix } : process.env;
}

/** @returns {Promise<string[]>} names of Debian packages */
async function missingCompilers() {
  const programs = { python3: 'python3', make: 'make', 'g++': 'g++' };
  const tried = await Promise.all(
    Object.entries(programs).map(async ([name, program]) =>
      (await run(program, ['--version'])).code === 0 ? '' : name,
    ),
  );
  return tried.filter((name) => name !== '');
}

/** @param {string} output */
function installFailed(output) {
  if (saysDiskFull(output)) return new Error(lastWords(output));
  const words = lastWords(output);
  if (/EUSAGE/.test(output))
    return new SetUpFailure(
      'package.json and package-lock.json do not fit together. Get the newest commit, or run "npm install" if you have changed package.json.',
    );
  if (/EBADENGINE/.test(output))
    return new SetUpFailure(
      `A package does not run on Node ${process.version}. Install Node 20.20, 22 or 24 and run the same command again.`,
    );
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network/i.test(
      output,
    )
  )
    return new SetUpFailure(
      `npm cannot reach its registry (${words}). Connect to the network and run the same command again.`,
    );
  return new SetUpFailure(
    `npm could not install the packages (${words}). Run "npm ci" to see all that it says.`,
  );
}
