/**
 * The first process of the container. Runs the engine and hands signals on to it. An engine that dies is started anew,
 * so that it takes its calls on from the exchange beside it; with this process the exchange would end too.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));

/** An engine that lived shorter could not start: doing the same again at once would change nothing. */
const LIVED_MS = 10_000;

const SIGNALS = /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']);

let asked = false;
let engine = start();
for (const signal of SIGNALS)
  process.on(signal, () => {
    asked = true;
    engine.kill(signal);
  });

function start() {
  const began = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'start'], { stdio: 'inherit' });
  child.once('exit', (code, signal) => {
    const lived = performance.now() - began >= LIVED_MS;
    if (code === 0 || asked || !lived)
      return process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    process.stderr.write(`onedoor: the engine ended (${signal ?? `exit code ${code}`}); starting it again\n`);
    engine = start();
  });
  return child;
}
