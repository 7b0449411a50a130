import { cpSync, existsSync, readFileSync } from 'node:fs';
import { rename, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFull, lastWords, saysDiskFull, SetUpFailure } from './failure.mjs';
import { makeNative, nativeFault } from './native.mjs';
import { npm, registryFault } from './npm.mjs';
import { withScratchFolder } from './scratch.mjs';
import { hashOf, hasStamp, writeStamp } from './source-hash.mjs';

/** @typedef {(line: string) => void} Log */

/** What npm reads to decide what goes into node_modules. */
const SOURCES = ['package.json', 'package-lock.json', '.npmrc'];

/** The packages and what is compiled from them. Measured: 370 MB. */
const NEEDED_MB = 500;

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
 * @param {{ scratch: string, cache: string, log: Log }} options scratch: a path on the same disk that nobody else
 *   uses; cache: where clones share what was compiled
 * @throws {SetUpFailure}
 */
export async function ensureDependencies(project, { scratch, cache, log }) {
  if (dependenciesReady(project)) return;
  if (await installedByHand(project)) {
    writeStamp(stampOf(project), wantedHash(project));
    return;
  }
  const started = performance.now();
  const wanted = wantedHash(project);
  await withScratchFolder(scratch, async () => {
    await checkSpace(project);
    log('dependencies: installing the npm packages');
    for (const file of SOURCES)
      if (existsSync(join(project, file))) cpSync(join(project, file), join(scratch, file));
    // The build and the tests need the development packages, also where NODE_ENV says production.
    const unreachable = await registryFault(scratch);
    const mode = unreachable === '' ? '--prefer-offline' : '--offline';
    const install = await npm(['ci', '--ignore-scripts', '--include=dev', '--no-progress', mode], {
      cwd: scratch,
    });
    // npm ends with 0 although files could not be written whole, and only warns of it.
    if (install.code !== 0 || saysDiskFull(install.output)) throw installFailed(install.output, unreachable);
    await makeNative(scratch, { cache, log });
    writeStamp(stampOf(scratch), wanted);
    const present = join(project, 'node_modules');
    if (existsSync(present)) await rename(present, join(scratch, 'node_modules.old'));
    await rename(join(scratch, 'node_modules'), present);
  });
  log(`dependencies: ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** @param {string} project */
async function checkSpace(project) {
  const { bavail, bsize } = await statfs(project);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb >= NEEDED_MB) return;
  throw new SetUpFailure(
    `The disk of ${project} has ${freeMb} MB left, and the npm packages need ${NEEDED_MB} MB. Free some space and run the same command again.`,
  );
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
  return fits && (await nativeFault(project)) === '';
}

/**
 * @param {string} output
 * @param {string} unreachable what is wrong with the way to the registry; empty: nothing that we know of
 */
function installFailed(output, unreachable) {
  if (saysDiskFull(output)) return diskFull();
  const words = unreachable === '' ? lastWords(output) : unreachable;
  if (/EUSAGE/.test(output))
    return new SetUpFailure(
      'package.json and package-lock.json do not fit together. Get the newest commit, or run "npm install" if you have changed package.json.',
    );
  if (/EBADENGINE/.test(output))
    return new SetUpFailure(
      `A package does not run on Node ${process.version}. Install Node 20.20, 22 or 24 and run the same command again.`,
    );
  if (
    unreachable !== '' ||
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
