import { mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { endRunning } from './command.mjs';

/** Folders and files that must not survive this process. */
const scratch = new Set();
let armed = false;

function sweep() {
  endRunning();
  for (const path of scratch) rmSync(path, { recursive: true, force: true });
}

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @param {NodeJS.Signals} signal */
const endBy = (signal) => process.exit(128 + constants.signals[signal]);

/** Removes what is left, also when a signal ends the process: Node runs no exit handlers on a signal by itself. */
function arm() {
  if (armed) return;
  armed = true;
  process.on('exit', sweep);
  for (const signal of SIGNALS) process.on(signal, endBy);
}

/** Gives the signals back to whatever this process does next. */
export function disarm() {
  process.off('exit', sweep);
  for (const signal of SIGNALS) process.off(signal, endBy);
  armed = false;
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
 * As withScratch, with an empty folder that only we can read; what a killed run left there goes first.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 */
export function withScratchFolder(path, work) {
  return withScratch(path, () => {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return work();
  });
}
