/**
 * How true the announced wait is, by queue, with the calls of the example scenarios: Onedoor's estimate beside what
 * app_queue's formula says of the same callers in the same run, and what could be reached at best by somebody who knows how
 * long people talk, wait and take to pick up, though not what comes: at a sample of the announcements the day is played on
 * many times. Then the same of days on which none of the estimate's constants were chosen.
 * `npm run bench -- estimate`; `--quick` makes it short.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../src/base/index.js';
import { callsIn, type Measures } from '../src/measures/index.js';
import { readScenario, readSite } from '../src/site/index.js';
import { type Distribution, playOn, runCentre, type Scenario, type Telling } from '../src/staffing/index.js';
import { bestError } from './best-announcement.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const quick = process.argv.includes('--quick');
const most = 0.3;
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
/** As often as the example flows say it. */
const everyMs = 60_000;
/** app_queue announces |average wait + 30 s - what was waited|. */
const other = (averageMs: number, waitedMs: number): number => Math.abs(averageMs + 30_000 - waitedMs);

/** Announcements that are looked at closely, and how often each is played on. */
const [samples, plays] = quick ? [60, 30] : [300, 60];

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`.padStart(9);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const { files } = await readSite(project);
const read = (file: string): Scenario => {
  const reading = readScenario(file, readFileSync(join(project, file), 'utf8'), files);
  if (reading.result === 'broken') throw new Error(JSON.stringify(reading.findings));
  return reading.scenario;
};
const scenarios = ['scenarios/one-call-centre.yaml', 'scenarios/municipality.yaml'].map(read);
for (const scenario of scenarios) {
  // Of few agents a share may be as many as the one before.
  const staffs = new Map([0.7, 0.85, 1].map((share) => [staffOf(scenario, share).join(), share]));
  for (const share of [...staffs.values()].reverse()) compare(scenario, share, true);
}
say('\nHeld out: other callers, and people who talk and pick up otherwise.');
for (const scenario of scenarios)
  for (const { name, talk, pickUp } of others(scenario.talk.meanMs)) {
    const { replications, seed } = scenario;
    const other = { replications: Math.ceil(replications / 2), seed: seed + 1_000, talk, pickUp };
    compare({ ...scenario, ...other, name: `${scenario.name}, ${name}` }, 1, false);
  }

interface Other extends Pick<Scenario, 'talk' | 'pickUp'> {
  readonly name: string;
}

function others(meanMs: number): readonly Other[] {
  const three: Distribution = { type: 'lognormal', meanMs: 3_000, deviationMs: 1_500 };
  const eight: Distribution = { type: 'lognormal', meanMs: 8_000, deviationMs: 4_000 };
  const wide: Distribution = { type: 'lognormal', meanMs, deviationMs: 1.3 * meanMs };
  const narrow: Distribution = { type: 'lognormal', meanMs, deviationMs: 0.4 * meanMs };
  return [
    { name: 'talks exponential', talk: { type: 'exponential', meanMs }, pickUp: three },
    { name: 'talks all of one length', talk: { type: 'fixed', meanMs }, pickUp: three },
    { name: 'talks of very different lengths', talk: wide, pickUp: three },
    { name: 'talks much alike, picked up after 8 s', talk: narrow, pickUp: eight },
  ];
}

function staffOf({ halfHours }: Scenario, share: number): readonly number[] {
  return halfHours.map(({ agents }) => Math.max(1, Math.round((agents ?? 0) * share)));
}

/**
 * @param share of the agents who are there on a good day: the fewer, the more an announcement matters.
 * @param isDetailed each queue by itself, too
 */
function compare(scenario: Scenario, share: number, isDetailed: boolean): void {
  const agents = staffOf(scenario, share);
  const run = (nth: number, heard: Telling['heard']) =>
    runCentre(scenario, agents, createRandom(scenario.seed + nth), { everyMs, other, heard });
  const days = [...Array(quick ? 2 : scenario.replications).keys()];
  let told = 0;
  const runs = days.map((nth) => run(nth, () => told++));
  const random = createRandom(scenario.seed);
  const played: number[][] = [];
  for (const nth of days)
    run(nth, ({ ticket, at }, centre) => {
      if (!random.chance(samples / told)) return;
      const came = Array.from({ length: plays }, () => playOn(centre, ticket, at, random.fork()));
      played.push(came.filter((ms) => ms !== null));
    });
  const { reached, bound } = bestError(played);
  const ours = runs.map(({ measures }) => measures);
  const theirs = runs.flatMap(({ otherwise }) => otherwise ?? []);
  const waits = callsIn(ours[0] as Measures, { name: null, ...always }).answeredWaits;
  say(
    `\n${scenario.name}, ${agents.reduce((sum, on) => sum + on, 0) / 2} agent hours (${Math.round(share * 100)} %), ${runs.length} days; answered after ${(waits.sumMs / waits.count / 1000).toFixed(1)} s on average`,
  );
  say('  queue          announcements   Onedoor app_queue   at best: median error');
  const queues = isDetailed ? new Set(scenario.callers.map((kind) => kind.queue)) : [];
  for (const queue of [...queues, null]) {
    const [own, peer] = [errors(ours, queue), errors(theirs, queue)];
    if (queue === null && !(own.median < peer.median)) process.exitCode = 1;
    const isReached = own.median <= most && own.median < peer.median;
    const verdict =
      queue === null ? ` ${percent(bound)} to${percent(reached)}  ${isReached ? 'reached' : 'MISSED'}` : '';
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
