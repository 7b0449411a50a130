/**
 * The staffing simulator: how far it is from theory where theory applies, and how many calls it simulates a minute with
 * 277 agents and the skills of the national centre: `npm run bench -- simulate`; `--quick` makes it short.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSimulation } from '../src/cli/index.js';
import { readScenario, readSite } from '../src/site/index.js';
import { type Estimate, replicate, type Report, report, type Scenario } from '../src/staffing/index.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const quick = process.argv.includes('--quick');
const mostOff = 2;
const leastCalls = 1_000_000;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function scenarioOf(text: string, file: string, files: Readonly<Record<string, string>>): Scenario {
  const reading = readScenario(file, text, files);
  if (reading.result === 'broken') throw new Error(JSON.stringify(reading.findings));
  return reading.scenario;
}

const { files } = await readSite(project);
await agreement(
  'Erlang C: 200 calls an hour of 180 s, 13 agents, nobody hangs up',
  'none',
  200,
  13,
  quick ? 100 : 150,
);
await agreement(
  'Erlang A: 260 calls an hour of 180 s, 12 agents, patience of 120 s',
  '{ exponential: 120 }',
  260,
  12,
  quick ? 60 : 150,
);
await speed();

async function agreement(
  title: string,
  patience: string,
  anHour: number,
  agents: number,
  hours: number,
): Promise<void> {
  const scenario = scenarioOf(
    `onedoor: 1
scenario: Theory
replications: 40
arrivals: { an-hour: ${anHour}, hours: ${hours} }
callers: { general: 1 }
patience: ${patience}
talk: { exponential: 180 }
queues: { general: { label: General, max-wait: 7200 } }
agents: [{ count: ${agents}, queues: [general] }]
staff: ${agents}
`,
    'theory.yaml',
    files,
  );
  const found = await simulated(scenario);
  const [first] = found.halfHours;
  const theory = first?.theory[patience === 'none' ? 'erlang-c' : 'erlang-a'];
  if (theory == null) throw new Error('Theory says nothing.');
  say(`\n${title}; ${found.calls.toLocaleString('en')} calls`);
  const { all } = found;
  agrees('service level', all.serviceLevel, theory.serviceLevel);
  agrees('share that waits', all.waiting, theory.waiting);
  agrees('occupancy', all.occupancy, theory.occupancy);
  if (patience === 'none') return;
  agrees('abandonment', all.abandonment, theory.abandonment);
  agrees('average answer, ms', all.speedOfAnswerMs, theory.speedOfAnswerMs);
}

/** Both what is between the two, and what chance alone leaves open with 95 % confidence. */
function agrees(what: string, { value, within }: Estimate, theory: number): void {
  const off = (Math.abs((value ?? Number.NaN) - theory) / theory) * 100;
  const open = ((within ?? Number.NaN) / theory) * 100;
  const met = off <= mostOff && open <= mostOff;
  if (!met) process.exitCode = 1;
  say(
    `  ${met ? 'reached' : 'MISSED '}  ${what}: ${value?.toPrecision(5)} against ${theory.toPrecision(5)}: ${off.toFixed(2)} % off, ±${open.toFixed(2)} % (each at most ${mostOff} %)`,
  );
}

async function simulated(scenario: Scenario): Promise<Report> {
  const agents = scenario.halfHours.map((one) => one.agents ?? 0);
  const simulation = openSimulation(scenario);
  try {
    return report(scenario, agents, await simulation.run(agents));
  } finally {
    await simulation.close();
  }
}

async function speed(): Promise<void> {
  const file = 'scenarios/one-call-centre.yaml';
  const national = scenarioOf(readFileSync(join(project, file), 'utf8'), file, files);
  const handlingMs = national.talk.meanMs + national.wrapUpMs + national.pickUp.meanMs;
  const agents = national.agents.length;
  // As busy as a centre that answers well can be.
  const anHalfHour = (0.88 * agents * 1_800_000) / handlingMs;
  const full: Scenario = {
    ...national,
    replications: 4,
    steady: true,
    warmUp: 0,
    halfHours: Array.from({ length: quick ? 20 : 60 }, (_, n) => ({
      start: n * 1_800_000,
      calls: anHalfHour,
      agents,
    })),
  };
  const staff = full.halfHours.map(() => agents);
  replicate({ ...full, halfHours: full.halfHours.slice(0, 8) }, staff, 9);
  const before = process.cpuUsage();
  const alone = replicate(full, staff, 0);
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / 1_000 / alone.calls;
  const began = performance.now();
  const found = await simulated(full);
  const aMinute = (found.calls / (performance.now() - began)) * 60_000;
  say(
    `\n${agents} agents, ${full.callers.length} kinds of callers, all on duty, ${((found.all.occupancy.value ?? 0) * 100).toFixed(0)} % occupied; load of the machine ${loadavg()[0]?.toFixed(1)}`,
  );
  say(`  a call costs ${(cpu * 1_000).toFixed(1)} µs of CPU on one thread`);
  const met = aMinute >= leastCalls;
  if (!met) process.exitCode = 1;
  say(
    `  ${met ? 'reached' : 'MISSED '}  simulated calls a minute, all processors: ${Math.round(aMinute).toLocaleString('en')} (at least ${leastCalls.toLocaleString('en')})`,
  );
}
