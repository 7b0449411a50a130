import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './folders.mjs';
import { ownSuite, suitesToTry } from './suites.mjs';
import { ensureUnpacked, librariesIn } from './unpacked.mjs';

/**
 * SIPp, the load generator of the benchmarks: the machine's own, else unpacked from Debian's packages, without root.
 * @param {{ cache?: string, log?: (line: string) => void }} [options]
 * @returns {Promise<readonly string[]>} the program and the arguments before all others
 */
export async function ensureSipp({ cache = cacheFolder(), log = () => {} } = {}) {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    if (existsSync(join(folder, 'sipp'))) return [join(folder, 'sipp')];
  const wanted = {
    label: 'sipp',
    recipe: 1,
    packages: ['sip-tester'],
    suites: suitesToTry(ownSuite(), { asterisk: false }),
    otherwise: 'Install sip-tester yourself.',
  };
  return sippIn(await ensureUnpacked(wanted, { cache, log }));
}

/** @param {string} folder */
async function sippIn(folder) {
  const libraries = await librariesIn(folder);
  for (const library of libraries)
    for (const name of await readdir(library))
      if (/^ld-linux.*\.so\.\d+$/.test(name))
        return [
          join(library, name),
          '--inhibit-cache',
          '--library-path',
          libraries.join(':'),
          join(folder, 'usr/bin/sipp'),
        ];
  throw new Error(`${folder} holds no ld-linux.so; remove it and run the same command again`);
}
