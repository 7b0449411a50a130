import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join, relative } from 'node:path';

/**
 * Tests that mostly wait: for callers, for phones, for disks that stand still. They overlap with those that compute,
 * and come before them where both want the processor. The longest first.
 */
const WAITING = [
  'exchange/administrator',
  'exchange/contract',
  'exchange',
  'outside/outside',
  'journal/takeover',
  'journal/degraded',
  'telephony/asterisk',
];

/** Of those that compute the longest begin first, so that no core is left waiting for one of them at the end. */
const LONGEST = ['switchboard', 'rehearsal', 'scripts', 'outside', 'cli', 'docs', 'speech', 'journal'];

/** Whoever computes leaves the processor to whoever has an appointment. */
const COMPUTING_NICENESS = 5;

/** Calls that take as long as callers do, and a server that only tests need; `npm run test:calls` runs them. */
const CALLS = [
  'exchange/away.test.js',
  'exchange/kill.test.js',
  'exchange/one-call-centre.test.js',
  'exchange/postgres.test.js',
];

/**
 * All built tests below a folder that `npm test` runs.
 * @param {string} folder
 * @returns {readonly string[]}
 */
export function testFiles(folder) {
  const rank = (/** @type {string} */ file) => rankIn(LONGEST, relative(folder, file));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js') && !CALLS.includes(name))
    .map((name) => join(folder, name))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * Where a file stands in a list of beginnings of paths; behind all of them where it is in none.
 * @param {readonly string[]} list
 * @param {string} file below the folder of tests
 */
function rankIn(list, file) {
  const place = list.findIndex((start) => file.startsWith(`${start}/`) || file.startsWith(`${start}.`));
  return place === -1 ? list.length : place;
}

/**
 * The files in two queues, each in the order in which it is worked off. Pure.
 * @param {readonly string[]} files
 * @param {string} folder of tests
 */
export function queuesOf(files, folder) {
  const rank = (/** @type {string} */ file) => rankIn(WAITING, relative(folder, file));
  const waits = (/** @type {string} */ file) => rank(file) < WAITING.length;
  return {
    waiting: files.filter(waits).sort((a, b) => rank(a) - rank(b)),
    computing: files.filter((file) => !waits(file)),
  };
}

/**
 * Runs test files, each a program of its own that prints TAP, and gives one TAP 14 stream of all: what a file says is
 * indented below its verdict, whole when the file has ended. Plain Node: tap's own runner loads a compiler into each
 * file and each of its threads, which costs a second a file and makes threads late.
 * @param {{ waiting: readonly string[], computing: readonly string[] }} queues see queuesOf
 * @param {{ jobs: number, limitMs: number, cwd: string, say: (line: string) => void }} options jobs: of each queue at
 *   once
 */
export async function runTestFiles({ waiting, computing }, { jobs, limitMs, cwd, say }) {
  let n = 0;
  say('TAP version 14');
  const work = async (/** @type {string[]} */ queue, /** @type {number} */ niceness) => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const { lines, why, ms } = await runFile(file, { limitMs, cwd, niceness });
      n += 1;
      for (const line of lines) if (!/^TAP version/.test(line)) say(`    ${line}`);
      say(
        `${why === null ? 'ok' : 'not ok'} ${n} - ${relative(cwd, file)} # time=${Math.round(ms)}ms${why === null ? '' : ` ${why}`}`,
      );
    }
  };
  const workers = (/** @type {readonly string[]} */ files, /** @type {number} */ niceness) => {
    const queue = [...files];
    return Array.from({ length: jobs }, () => work(queue, niceness));
  };
  await Promise.all([...workers(waiting, 0), ...workers(computing, COMPUTING_NICENESS)]);
  say(`1..${n}`);
}

/**
 * @param {string} file
 * @param {{ limitMs: number, cwd: string, niceness: number }} options
 * @returns {Promise<{ lines: readonly string[], why: string | null, ms: number }>} why: null when it passed
 */
async function runFile(file, { limitMs, cwd, niceness }) {
  const began = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    cwd,
    env: { ...process.env, TAP_TIMEOUT: String(limitMs / 1000) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Before it has threads, which inherit it.
  if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk;
  });
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, limitMs + 5_000);
  const stop = () => child.kill('SIGTERM');
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const code = await new Promise((resolve) =>
    child.once('close', (status, signal) => resolve(status ?? signal)),
  );
  process.off('SIGINT', stop).off('SIGTERM', stop);
  clearTimeout(limit);
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const why = late
    ? `ran longer than ${limitMs / 1000} s`
    : code !== 0
      ? `ended with ${code}`
      : lines.some((line) => /^ok /.test(line))
        ? null
        : 'holds no test';
  return { lines, why, ms: performance.now() - began };
}
