import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWith } from './failure.mjs';
import { PROJECT } from './folders.mjs';
import { npmProgram } from './npm.mjs';
import { disarm } from './scratch.mjs';
import { setUp } from './set-up.mjs';
import { tapCounter, tapFilter } from './tap-count.mjs';

try {
  const { toolbox } = await setUp();
  process.env.ONEDOOR_TOOLBOX = toolbox;
} catch (error) {
  process.stdout.write('0 passed, 1 failed\n');
  endWith(error);
}
disarm();

const [program = '', ...before] = npmProgram();
// Arguments are the tests to run: npm test -- dist/test/acd/queue.test.js
const args = [...before, 'run', '--silent', 'test:built', '--', '--reporter=tap', ...process.argv.slice(2)];
const tests = spawn(program, args, { cwd: PROJECT, stdio: ['inherit', 'pipe', 'inherit'] });

const counter = tapCounter();
const isWanted = tapFilter();
const code = new Promise((resolve) => tests.once('close', resolve));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => tests.kill(signal));
for await (const line of createInterface({ input: tests.stdout })) {
  counter.line(line);
  if (isWanted(line)) process.stdout.write(`${line}\n`);
}

const { passed, failed } = counter.counts();
// A runner that says no to what it reported as passed has a reason; nothing at all is no success either.
const hidden = failed === 0 && ((await code) !== 0 || passed === 0) ? 1 : 0;
if (hidden > 0)
  process.stdout.write(`the test runner ended with ${await code} after ${passed} passed tests\n`);
process.stdout.write(`${passed} passed, ${failed + hidden} failed\n`);
process.exitCode = failed + hidden > 0 ? 1 : 0;
