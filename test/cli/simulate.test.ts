/** `onedoor simulate`: what it prints, and how it ends. */
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { exitCodes, openSimulation, runCli } from '../../src/cli/index.js';
import { replicate } from '../../src/staffing/index.js';
import { oneQueue } from '../kit/scenarios.js';
import { cliWorld } from '../kit/cli-world.js';

const _project = fileURLToPath(new URL('../../../', import.meta.url));

const scenario = `onedoor: 1
scenario: A small centre
replications: 3
arrivals: { half-hours: { "08:00": 20, "08:30": 40 } }
callers: { general: 1 }
patience: { exponential: 120 }
talk: { exponential: 120 }
queues: { general: { label: General } }
agents: [{ count: 12, queues: [general] }]
`;

/** A shell beside a scenario's file. */
function shell(t: Test, text: string) {
  const folder = t.testdir({ 'a.yaml': text });
  const { world, out, err } = cliWorld({ ONEDOOR_SITE: folder }, folder);
  const run = async (...words: readonly string[]): Promise<number> => {
    out.length = 0;
    err.length = 0;
    return runCli(['simulate', `${folder}/a.yaml`, ...words], world);
  };
  return { run, out, err };
}

interface Shown {
  readonly seed: number;
  readonly replications: number;
  readonly reached: boolean | null;
  readonly halfHours: readonly {
    readonly from: string;
    readonly agents: number;
    readonly needed: Readonly<Record<string, number | null>> | null;
  }[];
}

t.test('a staffing that is given is simulated, with theory beside it', async (t) => {
  const { run, out } = shell(t, `${scenario}staff: 5\n`);
  t.equal(await run(), exitCodes.done);
  t.match(out[0], /^A small centre: 3 replications, \d+ calls, seed 1\.$/);
  t.match(out[1], /^from +calls +agents .*Erlang C.*Erlang A/);
  t.match(out[2], /^08:00 +\d/);
  t.match(out[3], /^08:30 +\d/);
  t.match(out[4], /^all +\d/);
  t.notMatch(out.join('\n'), /target/, 'none was asked for');
});

t.test('without a staffing the fewest agents for the target are found', async (t) => {
  const { run, out } = shell(t, `${scenario}target: { service-level: 80, within: 20 }\n`);
  t.equal(await run('--json'), exitCodes.done);
  const shown = JSON.parse(out.join('\n')) as Shown;
  t.equal(shown.reached, true);
  const [first, second] = shown.halfHours;
  t.equal(first?.from, '08:00');
  t.ok((first?.agents ?? 0) > 0 && (second?.agents ?? 0) > (first?.agents ?? 0));
  t.ok((first?.needed?.['erlang-c'] ?? 0) > 0);
});

t.test('a staffing that misses the target ends as failed, and --find mends it', async (t) => {
  const { run, out } = shell(t, `${scenario}staff: 2\ntarget: { service-level: 80, within: 20 }\n`);
  t.equal(await run(), exitCodes.failed);
  t.match(out.at(-1), /MISSED/);
  t.equal(await run('--find'), exitCodes.done);
  t.match(out.at(-1), /is reached/);
});

t.test('seed and replications can be others, and the same ones give the same lines', async (t) => {
  const { run, out } = shell(t, `${scenario}staff: 5\n`);
  await run('--seed', '7', '--replications', '4');
  const first = [...out];
  t.match(first[0], /4 replications, .* seed 7/);
  await run('--seed', '7', '--replications', '4');
  t.strictSame(out, first);
});

t.test('replications are the same on several threads', async (t) => {
  const large = oneQueue(300, 20, 4, { replications: 5 });
  const agents = large.halfHours.map(() => 18);
  const simulation = openSimulation(large);
  t.teardown(() => simulation.close());
  const found = await simulation.run(agents);
  t.strictSame(
    found,
    [0, 1, 2, 3, 4].map((nth) => replicate(large, agents, nth)),
  );
});

t.test('what cannot be used is refused with a sentence', async (t) => {
  const { run, err } = shell(t, `${scenario}staff: 50\n`);
  t.equal(await run(), exitCodes.findings);
  t.match(err[0], /a\.yaml:10:8 50 agents are to be signed in, and there are 12\./);
  t.equal(await run('--seed', 'x'), exitCodes.findings);
  const fine = shell(t, `${scenario}staff: 5\n`);
  t.equal(await fine.run('--seed', 'x'), exitCodes.usage);
  t.match(fine.err[0], /--seed is "x"; write a whole number/);
  t.equal(await fine.run('--find'), exitCodes.usage);
  t.match(fine.err[0], /no `target`/);
});

t.test('a file that is not there is said so', async (t) => {
  const { run } = shell(t, scenario);
  const { world, err } = cliWorld();
  const code = await runCli(['simulate', 'nowhere.yaml'], world);
  t.equal(code, exitCodes.usage);
  t.match(err[0], /nowhere\.yaml cannot be read/);
  t.equal(await run(), exitCodes.findings, 'neither staff nor target');
});
