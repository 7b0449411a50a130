import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { join, relative } from 'node:path';
import { PROJECT } from './folders.mjs';

/** Whoever computes leaves the processor to whoever has an appointment. */
const COMPUTING_NICENESS = 5;

/**
 * What became of a file: all that it said, and why it failed, or null.
 * @typedef {{ lines: readonly string[], why: string | null }} Told
 * @typedef {{ cwd: string, limitMs: number, niceness: number, meter: Meter | null }} How
 */

/**
 * Who wants to know which process is at which file (scripts/processor-times.mjs).
 * @typedef {{ runs: (file: string, pid: number) => void, ended: (file: string) => void }} Meter
 */

/**
 * Runs test files and gives one TAP 14 stream of all: what a file says is indented below its verdict, whole when the
 * file has ended. Plain Node: tap's own runner loads a compiler into each file and each of its threads, which costs a
 * second a file and makes threads late. Files that are not alone share processes, one file at a time; one whose process
 * dies has failed, and the next has a new process.
 * @param {{ waiting: readonly string[], computing: readonly string[], alone: ReadonlySet<string> }} queues see queuesOf
 * @param {{ jobs: number, limitMs: number, cwd: string, say: (line: string) => void, meter?: Meter | null }} options
 *   jobs: of each queue at once
 */
export async function runTestFiles({ waiting, computing, alone }, { jobs, limitMs, cwd, say, meter = null }) {
  let n = 0;
  say('TAP version 14');
  const tell = (/** @type {string} */ name, /** @type {Told} */ { lines, why }, /** @type {number} */ ms) => {
    n += 1;
    for (const line of lines) if (!/^TAP version/.test(line)) say(`    ${line}`);
    const verdict = why === null ? 'ok' : 'not ok';
    say(`${verdict} ${n} - ${name} # time=${Math.round(ms)}ms${why === null ? '' : ` ${why}`}`);
  };
  const work = async (/** @type {string[]} */ queue, /** @type {number} */ niceness) => {
    const how = { cwd, limitMs, niceness, meter };
    const shared = sharedProcess(how);
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const began = performance.now();
      const told = await (alone.has(file) ? runAlone(file, how) : shared.run(file));
      meter?.ended(relative(cwd, file));
      tell(relative(cwd, file), told, performance.now() - began);
    }
    const why = await shared.end();
    if (why !== null) tell('a process of several files', { lines: [], why }, 0);
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
 * @param {How} how
 * @returns {Promise<Told>}
 */
async function runAlone(file, how) {
  let output = '';
  const { ended, kill, pid } = begin([file], { ...how, say: (text) => (output += text) });
  how.meter?.runs(relative(how.cwd, file), pid);
  const limit = limited(how.limitMs, kill);
  const code = await ended;
  const why = limit.clear() ?? (code === 0 ? null : `ended with ${code}`);
  return judged(output, why);
}

/**
 * A process that runs one file after another (scripts/test-process.mjs), begun anew when it died.
 * @param {How} how
 */
function sharedProcess(how) {
  /** @type {(ReturnType<typeof begin> & { output: string, heard: () => void }) | null} */
  let current = null;

  function start() {
    const begun = begin([join(PROJECT, 'scripts/test-process.mjs')], {
      ...how,
      env: { TAP_TIMEOUT: '0' },
      ipc: true,
      say(text) {
        started.output += text;
        started.heard();
      },
    });
    const started = { ...begun, output: '', heard: () => {} };
    void started.ended.then(() => {
      if (current === started) current = null;
    });
    return started;
  }

  return {
    /**
     * @param {string} file
     * @returns {Promise<Told>}
     */
    async run(file) {
      const name = relative(how.cwd, file);
      current ??= start();
      const one = current;
      how.meter?.runs(name, one.pid);
      one.output = '';
      const end = `# end of ${name}\n`;
      const told = new Promise((resolve) => {
        one.heard = () => one.output.includes(end) && resolve(null);
      });
      one.send({ file, limitMs: how.limitMs });
      const limit = limited(how.limitMs, one.kill);
      const code = await Promise.race([told, one.ended]);
      const why = limit.clear() ?? (code === null ? null : `its process ended with ${code}`);
      const what = judgedOfShared(one.output, why);
      if (what.why === null) return what;
      // Whatever the fault has left in it is no other file's.
      one.kill();
      await one.ended;
      return what;
    },
    /** @returns {Promise<string | null>} why it did not end well */
    async end() {
      if (current === null) return null;
      const one = current;
      one.send('end');
      const limit = limited(10_000, one.kill);
      const code = await one.ended;
      return limit.clear() ?? (code === 0 ? null : `ended with ${code}`);
    },
  };
}

/**
 * A program of Node's that prints TAP.
 * @param {readonly string[]} words
 * @param {How & { say: (text: string) => void, ipc?: boolean, env?: NodeJS.ProcessEnv }} options
 */
function begin(words, { cwd, limitMs, niceness, say, ipc = false, env = {} }) {
  const child = spawn(process.execPath, ['--enable-source-maps', ...words], {
    cwd,
    env: { ...process.env, TAP_TIMEOUT: String(limitMs / 1000), ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? /** @type {const} */ (['ipc']) : [])],
  });
  // Before it has threads, which inherit it.
  if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness);
  child.stdout?.setEncoding('utf8').on('data', say);
  const stop = () => child.kill('SIGTERM');
  process.once('SIGINT', stop).once('SIGTERM', stop);
  /** @type {Promise<number | string>} */
  const ended = new Promise((resolve) => {
    child.once('close', (status, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve(status ?? signal ?? 'nothing');
    });
  });
  return {
    ended,
    // Who could not be begun is no process.
    pid: child.pid ?? 0,
    kill: () => void child.kill('SIGKILL'),
    // Whoever died meanwhile has ended, and that is told.
    send: (/** @type {object | string} */ order) => void child.send(order, () => {}),
  };
}

/**
 * @param {number} limitMs
 * @param {() => void} kill
 */
function limited(limitMs, kill) {
  /** @type {string | null} */
  let late = null;
  const timer = setTimeout(() => {
    late = `ran longer than ${limitMs / 1000} s`;
    kill();
  }, limitMs + 5_000);
  return {
    clear() {
      clearTimeout(timer);
      return late;
    },
  };
}

/**
 * What a process says that runs nothing else.
 * @param {string} output
 * @param {string | null} why
 * @returns {Told}
 */
function judged(output, why) {
  const lines = spoken(output);
  return { lines, why: why ?? (lines.some((line) => /^ok /.test(line)) ? null : 'holds no test') };
}

/**
 * What a shared process says of one file: its tests, one level deeper, and beside them a verdict, what was left open,
 * and faults that nobody was there for any more.
 * @param {string} output
 * @param {string | null} why
 * @returns {Told}
 */
function judgedOfShared(output, why) {
  const lines = spoken(output);
  const verdicts = lines.flatMap((line, nth) => (/^(not )?ok \d/.test(line) ? [nth] : []));
  if (verdicts.length > 1)
    return { lines, why: 'a fault outside its tests, or of a file that ran before in its process' };
  const own = lines.slice(0, verdicts[0]).flatMap((line) => (/^ {4}/.test(line) ? [line.slice(4)] : []));
  const left = lines.find((line) => line.startsWith('# left open'));
  const hasFailed = verdicts.some((nth) => lines[nth]?.startsWith('not'));
  return judged(own.join('\n'), why ?? left?.slice(2) ?? (hasFailed ? 'has failed' : null));
}

/** @param {string} output */
const spoken = (output) => output.split('\n').filter((line) => line.trim() !== '');
