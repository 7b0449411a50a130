import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';

/** dpkg-deb spends half its time waiting for its own pipe, so two at once are worth having on any machine. */
const AT_ONCE = 2;

/**
 * What none of our programs reads at run time; perl comes with other packages' installation scripts.
 * The copyright notices under doc/ stay: the licences ask for them.
 */
const UNREAD = ['man', 'info', 'locale', 'lintian', 'bug', 'perl', 'perl5'].map((name) =>
  join('usr/share', name),
);

/**
 * @typedef {object} PackageFile
 * @property {string} name
 * @property {string} version
 * @property {string} sha256 of the package's file, which apt had checked against the signed index
 */

/**
 * Unpacks every Debian package of a folder into one root, without being root.
 * @param {string} archives
 * @param {string} root
 * @returns {Promise<PackageFile[]>} what was unpacked, by name
 */
export async function unpack(archives, root) {
  const waiting = readdirSync(archives).filter((name) => name.endsWith('.deb'));
  /** @type {PackageFile[]} */
  const done = [];
  const work = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const file = join(archives, name);
      const { code, output } = await run('dpkg-deb', ['--extract', file, root]);
      if (code !== 0) throw new Error(`dpkg-deb could not unpack ${name}: ${output.trim()}`);
      done.push({
        ...packageNamed(name),
        sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
      });
      rmSync(file);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const folder of UNREAD) rmSync(join(root, folder), { recursive: true, force: true });
  return done.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * apt names a package's file `name_version_architecture.deb`, with the version's colon as %3a.
 * @param {string} file
 */
function packageNamed(file) {
  const [name = file, version = ''] = file.replace(/\.deb$/, '').split('_');
  return { name, version: decodeURIComponent(version) };
}
