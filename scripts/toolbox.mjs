import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { download, findArchive } from './archive.mjs';
import { endWith, SetUpFailure, saysDiskFull } from './failure.mjs';
import { cacheFolder } from './folders.mjs';
import { withLock } from './lock.mjs';
import { firstDamage, writeManifest } from './manifest.mjs';
import { unpack } from './package-files.mjs';
import { withScratchFolder } from './scratch.mjs';
import { ownSuite, suitesToTry } from './suites.mjs';
import { describeTools, LEAST_ASTERISK, toolsOnPath, tryTools } from './tools.mjs';

/** @typedef {import('./tools.mjs').Toolbox} Toolbox */
/** @typedef {'embedded' | 'system' | 'external'} Exchange whose Asterisk answers the calls */
/** @typedef {(line: string) => void} Log */

/** Changes whenever what is unpacked here would no longer serve: then another folder is made, beside the old one. */
const RECIPE = 1;

const VOICE = ['espeak-ng', 'sox'];
const EXCHANGE = ['asterisk', 'asterisk-core-sounds-en-gsm'];

/** Lists, packages and what is unpacked from them, at the worst moment. Measured: 450 and 140 MB. */
const NEEDED_MB = { toolbox: 700, voice: 250 };

/**
 * The toolbox's folder. One for each recipe and processor, so that clones of different ages can share a cache.
 * @param {string} cache
 * @param {'toolbox' | 'voice'} kind voice: without an exchange
 */
const toolboxFolder = (cache, kind) => join(cache, `${kind}-${RECIPE}-${arch()}`);

/**
 * Makes sure that the programs which are not npm packages are there: Asterisk (for an embedded exchange), espeak-ng
 * and sox. A few milliseconds when they are; else they are unpacked from Debian's packages, without root.
 * @param {{ cache?: string, exchange?: Exchange, log?: Log, aptFolder?: string }} [options] aptFolder: where the
 *   machine's apt has its settings
 * @returns {Promise<Toolbox & { file: string }>} the description and the toolbox.json that holds it
 * @throws {SetUpFailure} offline, no disk space, not a Debian
 */
export async function ensureToolbox({
  cache = cacheFolder(),
  exchange = 'embedded',
  log = () => {},
  aptFolder = '/etc/apt',
} = {}) {
  const whole = await readToolbox(toolboxFolder(cache, 'toolbox'), log);
  if (whole) return whole;
  if (exchange === 'embedded') return fetchToolbox(cache, 'toolbox', aptFolder, log);
  const voice = await readToolbox(toolboxFolder(cache, 'voice'), log);
  if (voice) return voice;
  const own = toolsOnPath();
  if (own === undefined) return fetchToolbox(cache, 'voice', aptFolder, log);
  return writeToolbox(toolboxFolder(cache, 'voice'), own);
}

/**
 * @param {string} folder
 * @param {Log} log
 * @returns {Promise<(Toolbox & { file: string }) | undefined>} undefined: not there, or damaged
 */
async function readToolbox(folder, log) {
  const file = join(folder, 'toolbox.json');
  /** @type {Toolbox} */
  let toolbox;
  try {
    toolbox = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The description is the last file of a toolbox: without it there is none.
    return undefined;
  }
  if (toolbox.root === null) {
    const gone = [toolbox.espeak, toolbox.sox].some(({ command: [program = ''] }) => !existsSync(program));
    return gone ? undefined : { ...toolbox, file };
  }
  const damage = firstDamage(folder, { hashes: false });
  if (damage !== undefined) {
    log(`toolbox: ${join(folder, damage)} is not what was unpacked; fetching the toolbox again`);
    return undefined;
  }
  if (toolbox.root === folder) return { ...toolbox, file };
  // The cache has moved since (another mount point, another home): the paths follow it.
  const { asterisk, ...moved } = describeTools(folder);
  const version = toolbox.asterisk?.version ?? '';
  return writeToolbox(folder, { ...moved, asterisk: asterisk && { ...asterisk, version } });
}

/**
 * @param {string} folder
 * @param {Toolbox} toolbox
 */
async function writeToolbox(folder, toolbox) {
  const file = join(folder, 'toolbox.json');
  const draft = `${file}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  await writeFile(draft, `${JSON.stringify(toolbox, undefined, 2)}\n`);
  await rename(draft, file);
  return { ...toolbox, file };
}

/**
 * @param {string} cache
 * @param {'toolbox' | 'voice'} kind
 * @param {string} aptFolder
 * @param {Log} log
 */
async function fetchToolbox(cache, kind, aptFolder, log) {
  const folder = toolboxFolder(cache, kind);
  await makeCache(cache);
  return withLock(
    `${folder}.lock`,
    async () => {
      // Whoever held the lock may have done our work.
      const theirs = await readToolbox(folder, () => {});
      if (theirs) return theirs;
      await sweep(cache, kind);
      await checkSpace(cache, NEEDED_MB[kind]);
      const started = performance.now();
      const scratch = `${join(cache, `.${kind}`)}.${process.pid}`;
      const toolbox = await withScratchFolder(scratch, () =>
        build(scratch, folder, { ...wantedOf(kind), aptFolder }, log),
      ).catch((error) => {
        throw saysDiskFull(error) ? cacheFull(cache, NEEDED_MB[kind]) : error;
      });
      const what = toolbox.asterisk
        ? `Asterisk ${toolbox.asterisk.version}, espeak-ng and sox`
        : 'espeak-ng and sox';
      log(`${kind}: ${what} are ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
      return toolbox;
    },
    { waiting: ({ pid }) => log(`${kind}: process ${pid} is fetching it; waiting`) },
  );
}

/** @param {string} cache */
async function makeCache(cache) {
  try {
    await mkdir(cache, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetUpFailure(
      `The cache folder ${cache} cannot be made (${why}). Set ONEDOOR_CACHE to a folder that you may write to.`,
      { cause },
    );
  }
}

/**
 * Removes what a killed run left behind. Only under the lock: whatever is there belongs to nobody alive.
 * @param {string} cache
 * @param {string} kind
 */
async function sweep(cache, kind) {
  for (const name of readdirSync(cache))
    if (name.startsWith(`.${kind}.`)) await rm(join(cache, name), { recursive: true, force: true });
}

/**
 * @param {string} cache
 * @param {number} neededMb
 */
async function checkSpace(cache, neededMb) {
  const { bavail, bsize } = await statfs(cache);
  if (bavail * bsize < neededMb * 1e6) throw cacheFull(cache, neededMb, Math.floor((bavail * bsize) / 1e6));
}

/**
 * @param {string} cache
 * @param {number} neededMb
 * @param {number} [freeMb]
 */
function cacheFull(cache, neededMb, freeMb) {
  const has = freeMb === undefined ? 'is full' : `has ${freeMb} MB left`;
  return new SetUpFailure(
    `The disk of the cache folder ${cache} ${has}, and the toolbox needs ${neededMb} MB. ` +
      'Free some space, or set ONEDOOR_CACHE to a folder on a larger disk, and run the same command again.',
  );
}

/**
 * @param {'toolbox' | 'voice'} kind
 * @returns {import('./archive.mjs').Wanted}
 */
function wantedOf(kind) {
  const asterisk = kind === 'toolbox';
  const suites = suitesToTry(ownSuite(), { asterisk });
  if (!asterisk)
    return {
      label: kind,
      packages: VOICE,
      suites,
      otherwise: `Install ${VOICE.join(' and ')} yourself, or use the container (see the README).`,
    };
  return {
    label: kind,
    packages: [...EXCHANGE, ...VOICE],
    suites,
    least: LEAST_ASTERISK,
    otherwise: `Install Asterisk ${LEAST_ASTERISK} or newer and ${VOICE.join(' and ')} yourself and set ONEDOOR_EXCHANGE=system, or use the container (see the README).`,
  };
}

/**
 * @param {string} scratch
 * @param {string} folder
 * @param {import('./archive.mjs').Wanted} wanted
 * @param {Log} log
 * @returns {Promise<Toolbox & { file: string }>}
 */
async function build(scratch, folder, wanted, log) {
  const { apt, suite } = await findArchive(scratch, wanted, log);
  await download(apt, wanted, log);
  log(`${wanted.label}: unpacking`);
  const root = join(scratch, 'root');
  await mkdir(root);
  const packages = await unpack(apt.archives, root);
  const toolbox = await tryTools(describeTools(root), scratch);
  writeManifest(root, { suite, packages });
  const { asterisk } = describeTools(root, folder);
  const settled = {
    ...describeTools(root, folder),
    asterisk: asterisk && { ...asterisk, version: toolbox.asterisk?.version ?? '' },
  };
  await writeToolbox(root, settled);
  // A folder that is there now is damaged or a mere description, else we would not be here.
  if (existsSync(folder)) await rename(folder, join(scratch, 'damaged'));
  await rename(root, folder);
  return { ...settled, file: join(folder, 'toolbox.json') };
}

/** `node scripts/toolbox.mjs [--verify]`: prints the description; --verify reads and compares every file first. */
async function main() {
  const exchange = /** @type {Exchange} */ (process.env.ONEDOOR_EXCHANGE ?? 'embedded');
  const toolbox = await ensureToolbox({ exchange, log: (line) => process.stderr.write(`${line}\n`) });
  if (process.argv.includes('--verify') && toolbox.root !== null) {
    const damage = firstDamage(toolbox.root, { hashes: true });
    if (damage !== undefined)
      throw new SetUpFailure(
        `${join(toolbox.root, damage)} is not what was unpacked. Remove ${toolbox.root} and run the same command again.`,
      );
  }
  process.stdout.write(`${JSON.stringify(toolbox, undefined, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main().catch(endWith);
