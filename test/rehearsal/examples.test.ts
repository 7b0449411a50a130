/** The example hotlines, walked by their scripted callers: every step, and every way from a step to another. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { findingLine } from '../../src/base/index.js';
import { type Flow, parseFlow } from '../../src/flows/index.js';
import { waysAnywhere, waysOf } from '../../src/flows/way.js';
import { readScript, runScript, type ScriptedResult } from '../../src/rehearsal/index.js';
import { loadSite } from '../../src/site/index.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const check = await loadSite(project);
if (check.result !== 'checked') throw new Error(check.findings.map(findingLine).join('\n'));
const unspoken = { ...check.site, media: () => null };
const files = readdirSync(`${project}/flows`).sort();
const textOf = (file: string): string => readFileSync(`${project}/flows/${file}`, 'utf8');

const results = files
  .filter((file) => file.endsWith('.test.yaml'))
  .flatMap((file): ScriptedResult[] => {
    const reading = readScript(`flows/${file}`, textOf(file));
    if (reading.result !== 'read') throw new Error(reading.findings.map(findingLine).join('\n'));
    return reading.callers.map((caller) => runScript(caller, unspoken));
  });
const flows = files
  .filter((file) => !file.endsWith('.test.yaml'))
  .map((file): Flow => {
    const { flow, findings } = parseFlow(textOf(file), file);
    if (flow === null) throw new Error(findings.map(findingLine).join('\n'));
    return flow;
  });

for (const { caller, file, failures, transcript } of results) {
  t.same(failures, [], `${file}: a caller ${caller}`, { transcript });
}

t.test('every step is reached by a scripted caller', async (t) => {
  const walked = new Set(results.flatMap(({ path }) => path));
  const steps = flows.flatMap(({ flow, steps }) => [...steps.keys()].map((step) => `${flow}/${step}`));
  t.ok(steps.length > 130, `${steps.length} steps`);
  t.same(
    steps.filter((step) => !walked.has(step)),
    [],
  );
});

t.test('every way from a step to another is gone by a scripted caller', async (t) => {
  const gone = new Set(results.flatMap(movesOf));
  for (const flow of flows) {
    const ways = [...flow.steps.values()].flatMap((step) =>
      waysOf(flow, step).map(({ exit, go }) => ({ from: step.name, exit, go })),
    );
    const untried = ways
      .filter(({ go }) => flow.steps.has(go))
      .filter(({ from, go }) => !gone.has(`${flow.flow}/${from} ${go}`))
      .map(({ from, exit, go }) => `${from}, ${exit} -> ${go}`);
    t.same(untried, [], `${flow.flow}: ${ways.length} ways`);
    const anywhere = waysAnywhere(flow).filter(({ go }) => flow.steps.has(go));
    for (const { exit, go } of anywhere)
      t.ok(
        [...gone].some((move) => move.startsWith(`${flow.flow}/`) && move.endsWith(` ${go}`)),
        exit,
      );
  }
});

/** `flow/from to`: a flow that was called in between does not count. What a step asks by itself is part of it. */
function movesOf({ path }: ScriptedResult): string[] {
  const last = new Map<string, string>();
  return path.flatMap((place) => {
    const [flow = '', named = ''] = place.split('/');
    const [step = ''] = named.split('@');
    const from = last.get(flow);
    last.set(flow, step);
    return from === undefined ? [] : [`${flow}/${from} ${step}`];
  });
}
