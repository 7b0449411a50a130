import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './folders.mjs';
import { ownSuite, suitesToTry } from './suites.mjs';
import { ensureUnpacked, librariesIn } from './unpacked.mjs';

/**
 * @typedef {object} Postgres
 * @property {string} bin folder of initdb, postgres and psql
 * @property {string | null} root top of what was unpacked; null: they belong to the machine
 * @property {readonly string[]} libraries folders of the libraries that were unpacked with them; not libc's, which the
 *   machine's own programs load
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
  const wanted = {
    label: 'postgres',
    recipe: 1,
    packages: ['postgresql', 'postgresql-client'],
    // Its programs call one another, with the libc of this machine: no other suite's serve.
    suites: suitesToTry(ownSuite(), { asterisk: false }).slice(0, 1),
    otherwise: 'Install postgresql yourself.',
  };
  const folder = await ensureUnpacked(wanted, { cache, log });
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
