/**
 * Who may import whom, by the table in .dependency-cruiser.mjs. Fails as well when dependency-cruiser saw less
 * than there is: it reports nothing wrong about a file that it cannot read.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { rooms } from '../../.dependency-cruiser.mjs';

const folders = ['src', 'test', 'bench'].filter((folder) => existsSync(folder));
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

// The folders hold no code yet.
if (files.length === 0) process.exit(0);

const options = await extractOptions('./.dependency-cruiser.mjs');
const { output } = await cruise(folders, options, undefined, { tsConfig: extractTsConfig('tsconfig.json') });
const { modules, summary } = output;
const findings = [];

for (const { from, to, rule, cycle } of summary.violations) {
  const comment = summary.ruleSetUsed.forbidden.find(({ name }) => name === rule.name)?.comment ?? '';
  const path = cycle === undefined ? to : cycle.map((step) => step.name ?? step).join(' -> ');
  findings.push(`${from} -> ${path}: ${comment} [${rule.name}]`);
}

const seen = new Map(modules.map((module) => [module.source, module.dependencies.length]));
for (const file of files) {
  const imports = /^(import|export)\b[^;]*?\bfrom '/m.test(readFileSync(file, 'utf8'));
  if (!seen.has(file)) findings.push(`${file}: dependency-cruiser did not see this file. [unseen-file]`);
  else if (imports && seen.get(file) === 0)
    findings.push(`${file}: dependency-cruiser saw none of its imports. [unseen-imports]`);
}

const known = new Set(Object.keys(rooms).map((name) => name.split('/')[0]));
for (const file of files) {
  const room = /^src\/([^/]+)\//.exec(file)?.[1];
  const unknown = room === undefined ? /^src\/(?!main\.ts$)/.test(file) : !known.has(room);
  if (unknown)
    findings.push(`${file}: no row of .dependency-cruiser.mjs says what it may import. [unknown-room]`);
}

for (const finding of findings) console.error(finding);
console.log(`${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
