import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone that these scripts belong to. */
export const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Where things lie that clones share: ONEDOOR_CACHE, else the user's cache folder.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function cacheFolder(env = process.env) {
  if (env.ONEDOOR_CACHE) return resolve(env.ONEDOOR_CACHE);
  // The XDG base directory specification: a path that is not absolute is to be ignored.
  const xdg = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : undefined;
  return join(xdg ?? join(homedir(), '.cache'), 'onedoor');
}
