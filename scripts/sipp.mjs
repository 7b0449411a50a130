import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { arch } from 'node:os';
import { delimiter, join } from 'node:path';
import { download, findArchive } from './archive.mjs';
import { cacheFolder } from './folders.mjs';
import { withLock } from './lock.mjs';
import { unpack } from './package-files.mjs';
import { withScratchFolder } from './scratch.mjs';
import { ownSuite, suitesToTry } from './suites.mjs';

/** Changes when another package or version is wanted. */
const RECIPE = 1;

/**
 * SIPp, the load generator of the benchmarks: the machine's own, else unpacked from Debian's packages, without root.
 * @param {{ cache?: string, log?: (line: string) => void }} [options]
 * @returns {Promise<readonly string[]>} the program and the arguments before all others
 */
export async function ensureSipp({ cache = cacheFolder(), log = () => {} } = {}) {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    if (existsSync(join(folder, 'sipp'))) return [join(folder, 'sipp')];
  const folder = join(cache, `sipp-${RECIPE}-${arch()}`);
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    await withLock(`${folder}.lock`, () => fetchSipp(cache, folder, log), {
      waiting: ({ pid }) => log(`sipp: process ${pid} is fetching it; waiting`),
    });
  }
  return sippIn(folder);
}

/**
 * @param {string} cache
 * @param {string} folder
 * @param {(line: string) => void} log
 */
async function fetchSipp(cache, folder, log) {
  if (existsSync(folder)) return;
  const scratch = join(cache, `.sipp.${process.pid}`);
  await withScratchFolder(scratch, async () => {
    const wanted = {
      label: 'sipp',
      packages: ['sip-tester'],
      suites: suitesToTry(ownSuite(), { asterisk: false }),
      otherwise: 'Install sip-tester yourself.',
    };
    const { apt } = await findArchive(scratch, wanted, log);
    await download(apt, wanted, log);
    const root = join(scratch, 'root');
    await mkdir(root);
    await unpack(apt.archives, root);
    await rename(root, folder);
  });
}

/** @param {string} folder */
async function sippIn(folder) {
  const libraries = [];
  for (const top of ['usr/lib', 'lib'])
    for (const name of existsSync(join(folder, top)) ? await readdir(join(folder, top)) : [])
      if (name.endsWith('-linux-gnu')) libraries.push(join(folder, top, name));
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
