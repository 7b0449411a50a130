import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { download, findArchive } from './archive.mjs';
import { withLock } from './lock.mjs';
import { unpack } from './package-files.mjs';
import { withScratchFolder } from './scratch.mjs';

/**
 * A program that only tests or benchmarks need, unpacked once from Debian's packages into a folder of the cache, without
 * root.
 * @param {{ label: string, recipe: number, packages: readonly string[], suites: readonly string[], otherwise: string }} wanted
 *   recipe: changes when another package or version is wanted; otherwise: what to do where there is none
 * @param {{ cache: string, log: (line: string) => void }} options
 * @returns {Promise<string>} the folder: usr/, and what else the packages hold
 */
export async function ensureUnpacked({ recipe, ...wanted }, { cache, log }) {
  const { label } = wanted;
  const folder = join(cache, `${label}-${recipe}-${arch()}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fetch = async () => {
    if (existsSync(folder)) return;
    const scratch = join(cache, `.${label}.${process.pid}`);
    await withScratchFolder(scratch, async () => {
      const { apt } = await findArchive(scratch, wanted, log);
      await download(apt, wanted, log);
      const root = join(scratch, 'root');
      await mkdir(root);
      await unpack(apt.archives, root);
      await rename(root, folder);
    });
  };
  await withLock(`${folder}.lock`, fetch, {
    waiting: ({ pid }) => log(`${label}: process ${pid} is fetching it; waiting`),
  });
  return folder;
}

/**
 * Folders of the libraries that were unpacked.
 * @param {string} folder
 * @returns {Promise<readonly string[]>}
 */
export async function librariesIn(folder) {
  const libraries = [];
  for (const top of ['usr/lib', 'lib'])
    for (const name of existsSync(join(folder, top)) ? await readdir(join(folder, top)) : [])
      if (name.endsWith('-linux-gnu')) libraries.push(join(folder, top, name));
  return libraries;
}
