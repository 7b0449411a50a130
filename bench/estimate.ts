/**
 * How true the announced wait is, by queue, with the calls of the example scenarios: Onedoor's estimate beside what
 * app_queue's formula says of the same callers in the same run. `npm run bench -- estimate`; `--quick` makes it short.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../src/base/index.js';
import { callsIn, type Measures } from '../src/measures/index.js';
import { readScenario, readSite } from '../src/site/index.js';
import { runCentre, type Scenario } from '../src/staffing/index.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const quick = process.argv.includes('--quick');
const most = 0.3;
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
/** As often as the example flows say it. */
const everyMs = 60_000;
/** app_queue announces |average wait + 30 s - what was waited|. */
const other = (averageMs: number, waitedMs: number): number => Math.abs(averageMs + 30_000 - waitedMs);

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`.padStart(9);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const { files } = await readSite(project);
for (const file of ['scenarios/one-call-centre.yaml', 'scenarios/municipality.yaml']) {
  const reading = readScenario(file, readFileSync(join(project, file), 'utf8'), files);
  if (reading.result === 'broken') throw new Error(JSON.stringify(reading.findings));
  const { scenario } = reading;
  // Of few agents a share may be as many as the one before.
  const staffs = new Map([0.7, 0.85, 1].map((share) => [staffOf(scenario, share).join(), share]));
  for (const share of [...staffs.values()].reverse()) compare(scenario, share);
}

function staffOf({ halfHours }: Scenario, share: number): readonly number[] {
  return halfHours.map(({ agents }) => Math.max(1, Math.round((agents ?? 0) * share)));
}

/** @param share of the agents who are there on a good day: the fewer, the more an announcement matters. */
function compare(scenario: Scenario, share: number): void {
  const agents = staffOf(scenario, share);
  const runs = Array.from({ length: quick ? 2 : scenario.replications }, (_, nth) =>
    runCentre(scenario, agents, createRandom(scenario.seed + nth), { everyMs, other }),
  );
  const ours = runs.map(({ measures }) => measures);
  const theirs = runs.flatMap(({ otherwise }) => otherwise ?? []);
  const waits = callsIn(ours[0] as Measures, { name: null, ...always }).answeredWaits;
  say(
    `\n${scenario.name}, ${agents.reduce((sum, on) => sum + on, 0) / 2} agent hours (${Math.round(share * 100)} %), ${runs.length} days; answered after ${(waits.sumMs / waits.count / 1000).toFixed(1)} s on average`,
  );
  say('  queue          announcements   Onedoor   app_queue: median error');
  for (const queue of [...new Set(scenario.callers.map((kind) => kind.queue)), null]) {
    const [own, peer] = [errors(ours, queue), errors(theirs, queue)];
    if (queue === null && !(own.median < peer.median)) process.exitCode = 1;
    const verdict =
      queue === null ? `  ${own.median <= most && own.median < peer.median ? 'reached' : 'MISSED'}` : '';
    say(
      `  ${(queue ?? 'all').padEnd(14)} ${String(own.count).padStart(13)} ${percent(own.median)} ${percent(peer.median)}${verdict}`,
    );
  }
}

/** Of all announcements to callers who were answered, as the figure `estimate-error` has it. */
function errors(all: readonly Measures[], queue: string | null): { count: number; median: number } {
  const counts = new Map<number, number>();
  for (const measures of all)
    for (const [error, times] of callsIn(measures, { name: queue, ...always }).errors)
      counts.set(error, (counts.get(error) ?? 0) + times);
  const count = [...counts.values()].reduce((sum, times) => sum + times, 0);
  let left = count / 2;
  for (const [error, times] of [...counts].sort(([a], [b]) => a - b)) {
    left -= times;
    if (left <= 0) return { count, median: error / 100 };
  }
  return { count, median: Number.NaN };
}
