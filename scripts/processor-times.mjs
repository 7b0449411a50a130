/**
 * Who used the processor while tests ran, and when nobody did: `npm test -- --times`. Read from /proc, so on Linux only.
 * A process counts for the test file that began it, even where it outlived its parent, as an exchange does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { processorLedger, readStat } from './processor-ledger.mjs';

/** So often is looked; what a process did after the last look, unless its parent waited for it, is not seen. */
const EVERY_MS = 500;
/** A line of the course of a run stands for so much. */
const STRETCH_MS = 10_000;

/** @typedef {{ beganMs: number, wallMs: number, usedMs: number }} FileTimes */

/** Begins to look. */
export function processorMeter() {
  const began = performance.now();
  /** @type {Map<string, FileTimes>} */
  const files = new Map();
  /** @type {Map<number, string>} */
  const owners = new Map([[process.pid, 'the runner']]);
  /** @type {{ idleMs: number, ourMs: number, atMs: number }[]} */
  const looks = [];
  let ourMs = 0;

  const timesOf = (/** @type {string} */ file) => {
    const times = files.get(file) ?? { beganMs: performance.now() - began, wallMs: 0, usedMs: 0 };
    files.set(file, times);
    return times;
  };
  const ledger = processorLedger((owner, usedMs) => {
    ourMs += usedMs;
    timesOf(owner).usedMs += usedMs;
  });
  const look = () => {
    ledger.look(processes(), owners);
    const idleMs = cpus().reduce((sum, { times }) => sum + times.idle, 0);
    looks.push({ idleMs, ourMs, atMs: performance.now() - began });
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();

  return {
    /**
     * @param {string} file
     * @param {number} pid the process that it runs in
     */
    runs(file, pid) {
      look();
      owners.set(pid, file);
      timesOf(file);
    },
    /**
     * @param {string} file
     */
    ended(file) {
      look();
      for (const [pid, owner] of owners) if (owner === file) owners.delete(pid);
      const times = timesOf(file);
      times.wallMs = performance.now() - began - times.beganMs;
    },
    /** @returns {readonly string[]} lines for a person */
    tell() {
      clearInterval(timer);
      look();
      return [...byFile(files), ...course(looks)];
    },
  };
}

/** @param {ReadonlyMap<string, FileTimes>} files */
function byFile(files) {
  const rows = [...files].sort(([, a], [, b]) => b.usedMs - a.usedMs);
  const total = rows.reduce((sum, [, { usedMs }]) => sum + usedMs, 0);
  return [
    '# processor s, from s, to s, file',
    ...rows.map(
      ([file, { usedMs, beganMs, wallMs }]) =>
        `# ${seconds(usedMs)} ${seconds(beganMs)} ${seconds(beganMs + wallMs)}  ${file}`,
    ),
    `# ${seconds(total)} in all`,
  ];
}

/** @param {readonly { idleMs: number, ourMs: number, atMs: number }[]} looks */
function course(looks) {
  const cores = cpus().length;
  const lines = [`# of ${cores} cores: used by the tests, by others, by nobody`];
  let from = looks[0];
  for (const [nth, to] of looks.entries()) {
    if (from === undefined || (to.atMs - from.atMs < STRETCH_MS && nth < looks.length - 1)) continue;
    const spanMs = to.atMs - from.atMs;
    if (spanMs <= 0) continue;
    const [ours, idle] = [(to.ourMs - from.ourMs) / spanMs, (to.idleMs - from.idleMs) / spanMs];
    const others = Math.max(0, cores - ours - idle);
    lines.push(
      `# from ${seconds(from.atMs)}: ${[ours, others, idle].map((share) => share.toFixed(2)).join('  ')}`,
    );
    from = to;
  }
  return lines;
}

const seconds = (/** @type {number} */ ms) => (ms / 1000).toFixed(1).padStart(6);

function processes() {
  const now = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      now.set(Number(name), readStat(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch (error) {
      // It has ended while we looked.
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
    }
  }
  return now;
}
