import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { findingLine } from '../../src/base/index.js';
import { readScript, runScript, scriptOfCall } from '../../src/rehearsal/index.js';
import { loadSite } from '../../src/site/index.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const check = await loadSite(project);
if (check.result !== 'checked') throw new Error(check.findings.map(findingLine).join('\n'));
const { site } = check;
const unspoken = { ...site, media: () => null };
const reading = readScript(
  'flows/municipality.test.yaml',
  readFileSync(`${project}/flows/municipality.test.yaml`, 'utf8'),
);
if (reading.result !== 'read') throw new Error(reading.findings.map(findingLine).join('\n'));
const settings = { site: unspoken, rows: (source: string) => site.tables.get(source)?.rows ?? [] };

for (const caller of reading.callers) {
  t.test(`the call of a caller who ${caller.caller} becomes a scripted caller`, async (t) => {
    const made = runScript(caller, unspoken);
    const { contact } = made;
    if (contact === null) throw new Error('the call left no record');
    const script = scriptOfCall({ contact, personal: null }, settings);
    if (script.result === 'differs') return void t.fail(script.why);
    const again = readScript('recorded.test.yaml', script.text);
    const [recorded] = again.result === 'read' ? again.callers : [];
    if (recorded === undefined) return void t.fail(script.text);
    const result = runScript(recorded, unspoken);
    t.same(result.failures, [], 'it passes', { script: script.text });
    t.same(result.path, made.path, 'it goes the same way');
    t.equal(result.contact?.outcome, contact.outcome);
  });
}
