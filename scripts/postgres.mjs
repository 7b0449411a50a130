import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { download, findArchive } from './archive.mjs';
import { cacheFolder } from './folders.mjs';
import { withLock } from './lock.mjs';
import { unpack } from './package-files.mjs';
import { withScratchFolder } from './scratch.mjs';
import { ownSuite, suitesToTry } from './suites.mjs';

/** Changes when another package or version is wanted. */
const RECIPE = 1;

/**
 * @typedef {object} Postgres
 * @property {string} bin folder of initdb, postgres and psql
 * @property {string | null} root top of what was unpacked; null: they belong to the machine
 * @property {readonly string[]} libraries folders of the libraries that were unpacked with them
 */

/**
 * A PostgreSQL server for the tests: the machine's own, else unpacked from Debian's packages, without root. No hotline
 * needs it.
 * @param {{ cache?: string, own?: string, log?: (line: string) => void }} [options] own: where Debian's packages
 *   install it
 * @returns {Promise<Postgres>}
 */
export async function ensurePostgres({
  cache = cacheFolder(),
  own = '/usr/lib/postgresql',
  log = () => {},
} = {}) {
  const bin = binIn(own);
  if (bin !== undefined) return { bin, root: null, libraries: [] };
  const folder = join(cache, `postgres-${RECIPE}-${arch()}`);
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    await withLock(`${folder}.lock`, () => fetchPostgres(cache, folder, log), {
      waiting: ({ pid }) => log(`postgres: process ${pid} is fetching it; waiting`),
    });
  }
  const unpacked = binIn(join(folder, 'usr/lib/postgresql'));
  if (unpacked === undefined)
    throw new Error(`${folder} holds no PostgreSQL; remove it and run the same command again`);
  return { bin: unpacked, root: folder, libraries: await librariesIn(folder) };
}

/**
 * @param {string} folder with a folder for each version
 * @returns {string | undefined}
 */
function binIn(folder) {
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(folder, version, 'bin'))
    .find((bin) => ['initdb', 'postgres', 'psql'].every((program) => existsSync(join(bin, program))));
}

/**
 * @param {string} cache
 * @param {string} folder
 * @param {(line: string) => void} log
 */
async function fetchPostgres(cache, folder, log) {
  if (existsSync(folder)) return;
  const scratch = join(cache, `.postgres.${process.pid}`);
  await withScratchFolder(scratch, async () => {
    const wanted = {
      label: 'postgres',
      packages: ['postgresql', 'postgresql-client'],
      // Its programs call one another, with the libc of this machine: no other suite's serve.
      suites: suitesToTry(ownSuite(), { asterisk: false }).slice(0, 1),
      otherwise: 'Install postgresql yourself.',
    };
    const { apt } = await findArchive(scratch, wanted, log);
    await download(apt, wanted, log);
    const root = join(scratch, 'root');
    await mkdir(root);
    await unpack(apt.archives, root);
    await rename(root, folder);
  });
}

/**
 * Without libc and what belongs to it: the machine's own loads them.
 * @param {string} folder
 */
async function librariesIn(folder) {
  const libraries = [];
  for (const top of ['usr/lib', 'lib'])
    for (const name of existsSync(join(folder, top)) ? await readdir(join(folder, top)) : [])
      if (name.endsWith('-linux-gnu')) libraries.push(join(folder, top, name));
  return libraries;
}
