import { spawn } from 'node:child_process';

/** Children that still run; they end with us. */
const running = new Set();

/**
 * @typedef {object} Outcome
 * @property {number} code   exit code; 127 when the program does not exist, 128 when a signal ended it
 * @property {string} stdout
 * @property {string} stderr
 * @property {string} output both, in the order of arrival
 */

/**
 * Runs a program to its end and keeps what it says. Never throws for a program that fails or is missing.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, show?: boolean }} [options] show: pass its output on to stderr
 * @returns {Promise<Outcome>}
 */
export function run(program, args, { env = process.env, cwd, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let stdout = '';
    let stderr = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
      output += text;
      if (show) process.stderr.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stderr += text;
      output += text;
      if (show) process.stderr.write(text);
    });
    child.once('error', (error) => {
      running.delete(child);
      resolve({ code: 127, stdout, stderr: stderr + error.message, output: output + error.message });
    });
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 128, stdout, stderr, output });
    });
  });
}

/** Ends what still runs. Called when the process ends early. */
export function endRunning() {
  for (const child of running) child.kill('SIGTERM');
}
