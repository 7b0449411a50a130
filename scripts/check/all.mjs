/** `npm run check`: every quick `check:*` script of package.json, two at a time, each under a heading of its own. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
/** Takes minutes; asked for by its own name. */
const slow = ['check:container'];
const waiting = Object.keys(scripts).filter((name) => name.startsWith('check:') && !slow.includes(name));
const failed = [];
const began = performance.now();

/** One script, to its end; its output is kept together and printed when it is over. */
function run(name) {
  const start = performance.now();
  const path = [join(process.cwd(), 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(scripts[name], {
    shell: true,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const passed = code === 0;
      const outcome = passed ? 'passed' : `FAILED (${signal ?? `exit code ${code}`})`;
      console.log(`== ${name} ${outcome}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
      if (!passed) {
        failed.push(name);
        process.stdout.write(Buffer.concat(output));
        console.log();
      }
      resolve();
    });
  });
}

async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
}

await Promise.all(Array.from({ length: Math.max(1, Math.min(2, availableParallelism())) }, work));
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(
  failed.length === 0 ? `all checks passed in ${seconds} s` : `failed in ${seconds} s: ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
