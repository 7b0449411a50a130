/**
 * What flows cost, in process and without an exchange: compiling and checking a flow of 500 steps (beside it, XState's
 * own `createMachine` of as many states), one step of a real flow, the whole state of a call: `npm run bench -- flows`.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMachine } from 'xstate';
import { asCallId, asExchangeId, asLegId, type Key } from '../src/base/index.js';
import { type Call, type CallEvent, decideCall, startCall } from '../src/calls/index.js';
import {
  checkFlow,
  compileFlow,
  type FlowStep,
  type FlowTexts,
  parseFlow,
  type SiteFacts,
} from '../src/flows/index.js';
import { type CheckedSite, loadSite } from '../src/site/index.js';
import { median, percentile } from './processes.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const manySteps = 500;
const warmRounds = 5;
const manyCalls = 10_000;
const leg = asLegId('caller');

const texts: FlowTexts = { has: () => true, slots: () => [] };
const facts: SiteFacts = {
  texts,
  phones: new Set(['agent-1']),
  lookups: new Set(['requests']),
  calendars: new Set(),
  queues: new Map(),
  skills: new Set(),
  callbacks: false,
  callbackTrunk: false,
  messages: false,
  flows: new Map(),
};

/** As in a real flow: a menu, an entry with a lookup, a decision, a case and texts, again and again. */
function longFlow(): string {
  const block = (n: number, next: string): string => `  menu-${n}:
    menu: { say: menu, keys: { 1: ask-${n}, 2: tell-${n}, 9: back }, no-match: { tries: 3, say: [one, two], go: agent } }
  ask-${n}:
    collect: { say: enter, into: reference, digits: { min: 6, max: 10 } }
    go: find-${n}
  find-${n}:
    lookup: { source: requests, with: { reference: reference }, into: request, found: which-${n}, not-found: tell-${n}, failed: agent }
  which-${n}:
    decide: [{ when: 'has(request.status) && request.status == "approved"', go: tell-${n} }, { else: ${next} }]
  tell-${n}:
    say: told
    go: ${next}
`;
  const blocks = Math.floor(manySteps / 5);
  const steps = Array.from({ length: blocks }, (_, n) =>
    block(n, n + 1 < blocks ? `menu-${n + 1}` : 'agent'),
  ).join('');
  return `onedoor: 1
flow: long
numbers: ["800"]
languages: [ar, en]
start: menu-0
keys-anywhere: { "0": agent, "*": repeat }
defaults: { no-input: { tries: 3, go: agent }, no-match: { tries: 3, go: agent } }
steps:
${steps}  agent:
    dial: { phone: agent-1, answered: hang-up, failed: hang-up }
`;
}

/** CPU time of the whole process, milliseconds: what neighbours on the machine take does not count. */
function timed(rounds: number, run: () => void): number {
  for (let n = 0; n < warmRounds; n++) run();
  const took: number[] = [];
  for (let n = 0; n < rounds; n++) {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    took.push((user + system) / 1_000);
  }
  return median(took);
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const reach = (what: string, value: number, most: number, unit: string): void => {
  const met = value <= most;
  if (!met) process.exitCode = 1;
  say(`  ${met ? 'reached' : 'MISSED '}  ${what}: ${value.toFixed(2)} ${unit} (at most ${most} ${unit})`);
};
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const reading = await loadSite(project);
if (reading.result === 'broken') throw new Error('The example site is broken.');
measureLongFlow();
measureSteps(reading.site);
measureState(reading.site);

function measureLongFlow(): void {
  say(
    `A flow of ${manySteps} steps; medians of CPU time, in process and warm (load ${loadavg()[0]?.toFixed(1) ?? '?'}).`,
  );
  const text = longFlow();
  const parsed = parseFlow(text, 'long.yaml');
  const { flow } = parsed;
  if (flow === null) throw new Error(JSON.stringify(parsed.findings));
  const compiling = timed(15, () => compileFlow(flow, texts));
  const plain = timed(15, () => plainMachine());
  say(`  XState alone, ${manySteps} states with one event each: ${plain.toFixed(1)} ms`);
  reach('compiling', compiling, 100, 'ms');
  say(`  reading the file: ${timed(15, () => parseFlow(text, 'long.yaml')).toFixed(1)} ms`);
  reach(
    'checking',
    timed(15, () => checkFlow(parsed, facts)),
    200,
    'ms',
  );
}

/** What a program that uses XState by itself would build. */
function plainMachine(): void {
  const states = Object.fromEntries(
    Array.from({ length: manySteps }, (_, n) => [`s${n}`, { on: { NEXT: `s${(n + 1) % manySteps}` } }]),
  );
  // A machine is built when it is first looked into.
  void createMachine({ id: 'plain', initial: 's0', states }).root.states;
}

function begin(site: CheckedSite, n: number): Call {
  const caller = { number: '+96891234567', name: 'Salim', withheld: false };
  return startCall(
    {
      id: asCallId(`call-${n}`),
      exchange: asExchangeId('x'),
      admitted: true,
      event: { type: 'leg.arrived', leg, called: '80077222', caller, trunk: 'loopback', phone: null },
    },
    { ...site, media: ({ name }) => name, mediaMs: () => null },
    0,
  ).call;
}

/** A caller of the municipality who learns the status of a request, through the flow alone: no rendering. */
function measureSteps(site: CheckedSite): void {
  const source = parseFlow(readFileSync(join(project, 'flows/municipality.yaml'), 'utf8'), 'm.yaml').flow;
  if (source === null) throw new Error('The example flow is broken.');
  const flow = compileFlow(source, site.texts);
  const keys = '21123456#'.split('').map((key) => ({ type: 'key', key: key as Key }) as const);
  const row = { reference: '123456', service: 'building-permit', status: 'approved', updated: '2026-03-01' };
  const events = [
    ...keys,
    { type: 'looked-up', result: 'found', row } as const,
    { type: 'case-opened', reference: '00000018' } as const,
    { type: 'spoken' } as const,
    { type: 'spoken' } as const,
  ];
  const took: number[] = [];
  for (let round = 0; round < 3_000; round++) {
    const first = flow.start({
      vars: {},
      caller: { language: 'ar', languageChosen: false, number: null },
      keys: '',
    });
    if (first.result === 'failed') throw new Error(first.why);
    let { snapshot } = first;
    for (const event of events) {
      let best = Number.POSITIVE_INFINITY;
      let step: FlowStep = first;
      // A step is pure. The fastest of three counts: the others tell what else ran on the machine.
      for (let again = 0; again < 3; again++) {
        const from = performance.now();
        step = flow.step(snapshot, event);
        best = Math.min(best, performance.now() - from);
      }
      // The first rounds are what is compiled from.
      if (round >= 500) took.push(best * 1_000);
      if (step.result === 'failed') throw new Error(step.why);
      snapshot = step.snapshot;
    }
  }
  reach('a step of the municipality, p50', percentile(took, 0.5), 25, 'µs');
  reach('a step of the municipality, p99', percentile(took, 0.99), 150, 'µs');
}

/** Calls in the middle of an entry, as they stand in memory and in the journal. */
function measureState(site: CheckedSite): void {
  const callSite = { ...site, media: ({ name }: { readonly name: string }) => name, mediaMs: () => null };
  const events: readonly CallEvent[] = '21123'.split('').map((key) => ({
    type: 'key.pressed',
    leg,
    key: key as Key,
    durationMs: 100,
  }));
  const one = (n: number): Call => {
    let call = begin(site, n);
    for (const event of events) call = decideCall(call, event, callSite, 0).call;
    // What was sent is settled.
    return { ...call, commands: [] };
  };
  const before = heap();
  const calls = Array.from({ length: manyCalls }, (_, n) => one(n));
  const each = (heap() - before) / manyCalls;
  const stored = JSON.stringify(calls[0]).length;
  say(`\n${manyCalls} calls in the middle of an entry.`);
  reach('state of a call in memory', each / 1024, 3, 'KB');
  reach('state of a call as it is stored', stored / 1024, 3, 'KB');
}

function heap(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
