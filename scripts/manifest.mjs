import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a toolbox consists of.
 * @typedef {object} Manifest
 * @property {1} format
 * @property {string} suite      the Debian suite that it came from
 * @property {string} unpacked   time, ISO 8601
 * @property {readonly import('./package-files.mjs').PackageFile[]} packages
 * @property {Readonly<Record<string, readonly [size: number, sha256: string]>>} files by path below the root;
 *   of a symbolic link the size and hash are its target's text
 */

const NAME = 'manifest.json';

/** The programs and what they load: looked at on each start. The rest (texts, notices) only when asked. */
const LOADED = /^(usr\/)?(sbin\/asterisk|bin\/(espeak-ng|sox)|lib\/[^/]+\/([^/]+|asterisk\/modules\/[^/]+))$/;

/** @param {string} path */
function hashOf(path) {
  const content = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Records every file below a root.
 * @param {string} root
 * @param {Pick<Manifest, 'suite' | 'packages'>} origin
 */
export function writeManifest(root, { suite, packages }) {
  /** @type {Record<string, [number, string]>} */
  const files = {};
  const paths = /** @type {string[]} */ (readdirSync(root, { recursive: true })).sort();
  for (const path of paths) {
    const entry = lstatSync(join(root, path));
    if (!entry.isDirectory()) files[path] = [entry.size, hashOf(join(root, path))];
  }
  const manifest = { format: 1, suite, unpacked: new Date().toISOString(), packages, files };
  writeFileSync(join(root, NAME), `${JSON.stringify(manifest)}\n`);
}

/**
 * The first file that is missing or not what was unpacked.
 * @param {string} root
 * @param {{ hashes: boolean }} how hashes: read every file (a second or two); else compare the sizes of what
 *   programs load (some milliseconds)
 * @returns {string | undefined} undefined: all is well
 */
export function firstDamage(root, { hashes }) {
  /** @type {Manifest} */
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(join(root, NAME), 'utf8'));
  } catch {
    // Without a readable manifest nothing can be vouched for.
    return NAME;
  }
  return Object.keys(manifest.files).find((path) => {
    if (!hashes && !LOADED.test(path)) return false;
    const [size, sha256] = manifest.files[path] ?? [-1, ''];
    const entry = lstatSync(join(root, path), { throwIfNoEntry: false });
    return entry?.size !== size || (hashes && hashOf(join(root, path)) !== sha256);
  });
}
