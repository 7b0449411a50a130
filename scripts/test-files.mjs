import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Tests that mostly wait: for callers, for phones, for disks that stand still. They overlap with those that compute,
 * and come before them where both want the processor. The longest first.
 */
const WAITING = [
  'exchange/contract',
  'exchange',
  'outside/outside',
  'journal/takeover',
  'journal/degraded',
  'telephony/asterisk/embedded',
  'telephony/asterisk/exchange',
  'telephony/asterisk/engine-away',
  'telephony/asterisk/phones',
  'telephony/asterisk/trunks',
  'telephony/asterisk/ari-connection',
];

/** Of those that compute the longest begin first, so that no core is left waiting for one of them at the end. */
const LONGEST = [
  'switchboard/simulation',
  'switchboard/callback-simulation',
  'staffing/simulation',
  'switchboard',
  'scripts',
  'rehearsal',
  'cli',
  'docs',
  'acd',
  'speech',
  'outside',
  'journal',
];

/** Of those that compute, the ones that change what their whole process sees: each has a process of its own. */
const ALONE = ['scripts/set-up', 'scripts/toolbox'];

/** Calls that take as long as callers do, and a server that only tests need; `npm run test:calls` runs them. */
const CALLS = [
  'exchange/administrator.test.js',
  'exchange/away.test.js',
  'exchange/callbacks.test.js',
  'exchange/kill.test.js',
  'exchange/one-call-centre.test.js',
  'exchange/postgres.test.js',
  'exchange/recorded-talks.test.js',
  'exchange/desk-pages.test.js',
  'exchange/refers.test.js',
  'exchange/transfers.test.js',
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
 * The files in two queues, each in the order in which it is worked off. Those that wait have a process each: nobody
 * else's work makes them late. Pure.
 * @param {readonly string[]} files
 * @param {string} folder of tests
 */
export function queuesOf(files, folder) {
  const rank = (/** @type {string} */ file) => rankIn(WAITING, relative(folder, file));
  const waits = (/** @type {string} */ file) => rank(file) < WAITING.length;
  return {
    waiting: files.filter(waits).sort((a, b) => rank(a) - rank(b)),
    computing: files.filter((file) => !waits(file)),
    alone: new Set(
      files.filter((file) => waits(file) || rankIn(ALONE, relative(folder, file)) < ALONE.length),
    ),
  };
}
