/**
 * How many scripted callers a second one thread serves: the municipality's own, of at least ten turns each, through
 * speech and conditions. The peer, in the same run: XState alone, a machine that takes as many steps and does nothing.
 * Needs no exchange: `npm run bench -- scripted`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMachine, initialTransition, transition } from 'xstate';
import { makeObjectsYoung } from '../src/base/index.js';
import { readScript, runScript } from '../src/rehearsal/index.js';
import { loadSite } from '../src/site/index.js';
import { median } from './processes.js';

// As the program does.
makeObjectsYoung();
const quick = process.argv.includes('--quick');
const project = fileURLToPath(new URL('../..', import.meta.url));
const leastTurns = 10;
const target = 2_000;
const rounds = quick ? 40 : 100;
/** What runs all day is compiled code: so often each is run before it is measured. */
const warmUps = quick ? 150 : 400;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const check = await loadSite(project);
if (check.result !== 'checked') throw new Error('The site is broken.');
const site = { ...check.site, media: () => null };
const file = 'flows/municipality.test.yaml';
const reading = readScript(file, readFileSync(join(project, file), 'utf8'));
if (reading.result !== 'read') throw new Error('The scripted callers cannot be read.');
const coldStart = performance.now();
const first = reading.callers.map((caller) => ({ caller, result: runScript(caller, site) }));
const coldMs = performance.now() - coldStart;
const failed = first.find(({ result }) => !result.passed);
if (failed !== undefined) throw new Error(failed.result.failures.join('\n'));
const long = first.filter(({ result }) => result.turns >= leastTurns);
const turns = long.reduce((sum, { result }) => sum + result.turns, 0) / long.length;

const toggle = createMachine({
  initial: 'a',
  states: { a: { on: { go: 'b' } }, b: { on: { go: 'a' } } },
});

function callers(): void {
  for (const { caller } of long) {
    const { passed, failures } = runScript(caller, site);
    if (!passed) throw new Error(failures.join('\n'));
  }
}

function peer(): void {
  for (let n = 0; n < long.length; n++) {
    let [snapshot] = initialTransition(toggle);
    for (let step = 0; step < turns; step++) [snapshot] = transition(toggle, snapshot, { type: 'go' });
  }
}

/** Calls a second, by the clock and by the processor's time of this process. */
function measure(run: () => void): { readonly byClock: number; readonly byCpu: number } {
  const cpu = process.cpuUsage();
  const start = performance.now();
  run();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { byClock: long.length / seconds, byCpu: long.length / ((user + system) / 1e6) };
}

for (const run of [callers, peer]) for (let n = 0; n < warmUps; n++) run();
const ours = [];
const theirs = [];
for (let n = 0; n < rounds; n++) {
  ours.push(measure(callers));
  theirs.push(measure(peer));
}
const row = (name: string, of: readonly { readonly byClock: number; readonly byCpu: number }[]): string => {
  const cells = [
    median(of.map(({ byClock }) => byClock)),
    Math.max(...of.map(({ byClock }) => byClock)),
    median(of.map(({ byCpu }) => byCpu)),
  ];
  return `  ${name.padEnd(34)}${cells.map((cell) => cell.toFixed(0).padStart(12)).join('')}`;
};
say(
  `\nScripted callers, ${long.length} of at least ${leastTurns} turns (${turns.toFixed(1)} on average), ${rounds} rounds, one thread`,
);
say(`  the very first ${first.length} calls of a process took ${coldMs.toFixed(0)} ms`);
say('  calls a second                          median        best  by CPU time');
say(row('XState alone, as many steps', theirs));
say(row('Onedoor, flow test', ours));
const usual = median(ours.map(({ byClock }) => byClock));
const reached = usual >= target;
say(`  ${reached ? 'reached' : 'MISSED '}  median: ${usual.toFixed(0)} calls/s (at least ${target})`);
if (!reached) process.exitCode = 1;
