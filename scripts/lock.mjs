import { randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withScratch } from './scratch.mjs';

/** How often the holder shows that it lives, and after how long a holder of another machine counts as dead. */
const BEAT_MS = 5_000;
const DEAD_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 200;

/**
 * @typedef {object} Holder
 * @property {number} pid
 * @property {string} started start time of the process, so that a reused pid is not taken for the holder
 * @property {string} where   machine, boot and pid namespace: elsewhere a pid says nothing
 */

/** @param {string} path */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not for us to read: both mean that nothing is known.
    return '';
  }
}

function whereWeAre() {
  let space = '';
  try {
    space = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Without /proc the host's name has to do.
  }
  return `${hostname()} ${textOf('/proc/sys/kernel/random/boot_id').trim()} ${space}`;
}

/** @param {number} pid */
function startOf(pid) {
  // proc(5): starttime is the 22nd field; the second, the name in brackets, may hold spaces.
  const stat = textOf(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** @param {number} pid */
function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether the holder of a lock is gone. Exact on the same machine; elsewhere by the age of its last beat.
 * @param {Holder} holder
 * @param {number} beatAgeMs
 */
function isGone(holder, beatAgeMs) {
  if (holder.where !== whereWeAre()) return beatAgeMs > DEAD_AFTER_MS;
  return !exists(holder.pid) || startOf(holder.pid) !== holder.started;
}

/**
 * @param {string} path
 * @returns {{ holder: Holder, beatAgeMs: number } | undefined} undefined: nobody holds it
 */
function read(path) {
  try {
    const beatAgeMs = Date.now() - statSync(path).mtimeMs;
    return { holder: JSON.parse(readFileSync(path, 'utf8')), beatAgeMs };
  } catch {
    // Released between two looks, or unreadable: the next attempt to take it decides.
    return undefined;
  }
}

/**
 * Takes the lock if it is free. The file appears complete (a link of a finished file), so no reader sees half of it.
 * @param {string} path
 */
function take(path) {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(
    draft,
    JSON.stringify({ pid: process.pid, started: startOf(process.pid), where: whereWeAre() }),
  );
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Takes away the lock of a holder that is gone. Only one of several can rename it; whoever then finds that
 * it took away a fresh lock puts it back.
 * @param {string} path
 */
function breakLock(path) {
  const aside = `${path}.gone.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    // Another one was faster.
    return;
  }
  const found = read(aside);
  if (found !== undefined && !isGone(found.holder, found.beatAgeMs)) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one holds it by now; the work under the lock ends in a rename, so both stay whole.
    }
  }
  rmSync(aside, { force: true });
}

/**
 * Does some work while nobody else does work under the same lock, on this machine or another that shares the folder.
 * @template T
 * @param {string} path the lock's file
 * @param {() => Promise<T>} work
 * @param {{ waiting?: (holder: Holder) => void }} [options] waiting: told once when another one holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { waiting } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    const found = read(path);
    if (found !== undefined && isGone(found.holder, found.beatAgeMs)) {
      breakLock(path);
      continue;
    }
    if (!told && found !== undefined) {
      told = true;
      waiting?.(found.holder);
    }
    await pause(LOOK_EVERY_MS);
  }
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // The lock was taken from us; the rename at the end of the work keeps the result whole.
    }
  }, BEAT_MS);
  try {
    return await withScratch(path, work);
  } finally {
    clearInterval(beat);
  }
}
