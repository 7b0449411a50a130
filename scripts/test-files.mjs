import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The longest begin first, so that no core is left waiting for one of them at the end. */
const LONGEST = ['exchange', 'switchboard', 'scripts', 'outside', 'cli', 'journal'];

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
  const rank = (/** @type {string} */ file) => {
    const place = LONGEST.indexOf(relative(folder, file).split('/')[0] ?? '');
    return place === -1 ? LONGEST.length : place;
  };
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js') && !CALLS.includes(name))
    .map((name) => join(folder, name))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * Runs test files, each a program of its own that prints TAP, and gives one TAP 14 stream of all: what a file says is
 * indented below its verdict, whole when the file has ended. Plain Node: tap's own runner loads a compiler into each
 * file and each of its threads, which costs a second a file and makes threads late.
 * @param {readonly string[]} files
 * @param {{ jobs: number, limitMs: number, cwd: string, say: (line: string) => void }} options
 */
export async function runTestFiles(files, { jobs, limitMs, cwd, say }) {
  const waiting = [...files];
  let n = 0;
  say('TAP version 14');
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { lines, why, ms } = await runFile(file, limitMs, cwd);
      n += 1;
      for (const line of lines) if (!/^TAP version/.test(line)) say(`    ${line}`);
      say(
        `${why === null ? 'ok' : 'not ok'} ${n} - ${relative(cwd, file)} # time=${Math.round(ms)}ms${why === null ? '' : ` ${why}`}`,
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  say(`1..${n}`);
}

/**
 * @param {string} file
 * @param {number} limitMs
 * @param {string} cwd
 * @returns {Promise<{ lines: readonly string[], why: string | null, ms: number }>} why: null when it passed
 */
async function runFile(file, limitMs, cwd) {
  const began = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    cwd,
    env: { ...process.env, TAP_TIMEOUT: String(limitMs / 1000) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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
