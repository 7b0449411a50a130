import { mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { endRunning } from './command.mjs';

/** Folders and files that must not survive this process. */
const scratch = new Set();
let armed = false;

/** Removes what is left, also when a signal ends the process: Node runs no exit handlers on a signal by itself. */
function arm() {
  if (armed) return;
  armed = true;
  process.once('exit', () => {
    endRunning();
    for (const path of scratch) rmSync(path, { recursive: true, force: true });
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

/**
 * Does some work with an entry of the file system that is gone afterwards, however the work ends.
 * A kill -9 leaves it; whoever holds the lock next sweeps it away.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withScratch(path, work) {
  arm();
  scratch.add(path);
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    scratch.delete(path);
  }
}

/**
 * As withScratch, with an empty folder that only we can read.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 */
export function withScratchFolder(path, work) {
  return withScratch(path, () => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return work();
  });
}
