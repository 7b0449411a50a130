import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { download, findArchive } from './archive.mjs';
import { run } from './command.mjs';
import { unpack } from './package-files.mjs';
import { withScratchFolder } from './scratch.mjs';
import { ownSuite } from './suites.mjs';

const COMPILERS = ['g++', 'make', 'python3'];

/** glibc's own libraries fit only the loader that came with them, and what we lend runs under the machine's. */
const GLIBC =
  /^(ld-linux.*|lib(c|m|mvec|pthread|dl|rt|resolv|util|nsl|anl|thread_db|nss_\w+|BrokenLocale|c_malloc_debug|memusage|pcprofile))\.so(\.\d+)?$/;

/**
 * @returns {Promise<string[]>} the compilers that the machine does not have, by the names of their Debian packages
 */
export async function missingCompilers() {
  const tried = await Promise.all(
    COMPILERS.map(async (name) => ((await run(name, ['--version'])).code === 0 ? '' : name)),
  );
  return tried.filter((name) => name !== '');
}

/**
 * Lends g++, make and python3 for one piece of work: unpacked without root from the packages of the machine's own
 * Debian suite (so that what they make fits the machine's libc), and gone afterwards.
 * @template T
 * @param {string} folder a path of our own
 * @param {(line: string) => void} log
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work env: the environment in which they are found
 * @returns {Promise<T>}
 */
export function withCompilers(folder, log, work) {
  return withScratchFolder(folder, async () => {
    const wanted = {
      label: 'compilers',
      packages: COMPILERS,
      suites: [ownSuite() ?? 'sid'],
      otherwise: `Install ${COMPILERS.join(', ')} yourself and run the same command again.`,
    };
    const { apt } = await findArchive(folder, wanted, log);
    await download(apt, wanted, log);
    log('compilers: unpacking; they are removed after use');
    const root = join(folder, 'root');
    mkdirSync(root);
    await unpack(apt.archives, root);
    return work(compilerEnv(root, join(folder, 'libraries')));
  });
}

/**
 * gcc and python find their own parts beside themselves, wherever that is; libraries and headers must be shown.
 * @param {string} root      the unpacked packages
 * @param {string} libraries a folder to make: links to all of their libraries but glibc
 * @returns {NodeJS.ProcessEnv}
 */
function compilerEnv(root, libraries) {
  mkdirSync(libraries);
  for (const folder of libraryFolders(root))
    for (const name of readdirSync(folder))
      if (/\.so(\.|$)/.test(name) && !GLIBC.test(name) && !existsSync(join(libraries, name)))
        symlinkSync(join(folder, name), join(libraries, name));
  // The linker's scripts name /lib and /lib64, which Debian's packages leave to the system to be links.
  for (const name of ['lib', 'lib64'])
    if (!existsSync(join(root, name)) && existsSync(join(root, 'usr', name)))
      symlinkSync(join('usr', name), join(root, name));
  return {
    ...process.env,
    PATH: `${join(root, 'usr/bin')}:${process.env.PATH ?? ''}`,
    LD_LIBRARY_PATH: libraries,
    PYTHONHOME: join(root, 'usr'),
    CC: `${join(root, 'usr/bin/gcc')} --sysroot=${root}`,
    CXX: `${join(root, 'usr/bin/g++')} --sysroot=${root}`,
  };
}

/** @param {string} root */
function libraryFolders(root) {
  return ['usr/lib', 'lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('-linux-gnu'))
        .map((name) => join(folder, name)),
    );
}
