import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { findingLine } from '../../src/base/index.js';
import { readScript, runScript } from '../../src/rehearsal/index.js';
import { loadSite } from '../../src/site/index.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const check = await loadSite(project);
if (check.result !== 'checked') throw new Error(check.findings.map(findingLine).join('\n'));
const { site } = check;
const reading = readScript(
  'flows/municipality.test.yaml',
  readFileSync(`${project}/flows/municipality.test.yaml`, 'utf8'),
);
if (reading.result !== 'read') throw new Error(reading.findings.map(findingLine).join('\n'));

const unspoken = { ...site, media: () => null };
const results = reading.callers.map((caller) => runScript(caller, unspoken));

for (const { caller, failures, transcript } of results) {
  t.same(failures, [], `a caller ${caller}`, { transcript });
}

t.test('every step of the hotline is reached by a scripted caller', async (t) => {
  const walked = new Set(results.flatMap(({ path }) => path));
  const steps = ['municipality', 'services', 'complaint'].flatMap((flow) => {
    const text = readFileSync(`${project}/flows/${flow}.yaml`, 'utf8');
    const list = text.slice(text.indexOf('\nsteps:'));
    return [...list.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, step]) => `${flow}/${step}`);
  });
  t.ok(steps.length > 40);
  t.same(
    steps.filter((step) => !walked.has(step)),
    [],
  );
});
