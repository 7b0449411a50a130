import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One hash over the content and names of files, and over words that matter as much (versions).
 * @param {string} folder
 * @param {readonly string[]} paths files or folders in it; what is missing counts as such
 * @param {readonly string[]} [words]
 */
export function hashOf(folder, paths, words = []) {
  const hash = createHash('sha256');
  for (const word of words) hash.update(`word ${word}\n`);
  for (const file of paths.flatMap((path) => filesIn(folder, path))) {
    hash.update(`file ${file}\n`);
    hash.update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(folder, path) {
  const entry = statSync(join(folder, path), { throwIfNoEntry: false });
  if (entry === undefined) return [];
  if (entry.isFile()) return [path];
  const names = /** @type {string[]} */ (readdirSync(join(folder, path), { recursive: true })).sort();
  return names.map((name) => join(path, name)).filter((name) => statSync(join(folder, name)).isFile());
}

/**
 * A stamp says that a step was done, and from what. It is written last and in one piece.
 * @param {string} file
 * @param {string} hash
 */
export function writeStamp(file, hash) {
  writeFileSync(`${file}.${process.pid}`, `${hash}\n`);
  renameSync(`${file}.${process.pid}`, file);
}

/**
 * @param {string} file
 * @param {string} hash
 */
export function hasStamp(file, hash) {
  try {
    return readFileSync(file, 'utf8').trim() === hash;
  } catch {
    // No stamp: the step was never done to its end.
    return false;
  }
}
