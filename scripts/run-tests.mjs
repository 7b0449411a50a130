import { join, resolve } from 'node:path';
import { endWith } from './failure.mjs';
import { PROJECT } from './folders.mjs';
import { ensurePostgres } from './postgres.mjs';
import { runTestFiles } from './run-files.mjs';
import { processorMeter } from './processor-times.mjs';
import { disarm } from './scratch.mjs';
import { setUp } from './set-up.mjs';
import { tapCounter, tapFilter } from './tap-count.mjs';
import { queuesOf, testFiles } from './test-files.mjs';

/** Cores of the smallest machine that the project is for. */
const JOBS = 2;
/** One file may take so long; with all calls, which are made at the pace of speech, longer. */
const LIMIT_MS = process.env.ONEDOOR_CALLS === 'all' ? 420_000 : 300_000;

try {
  const { toolbox } = await setUp();
  process.env.ONEDOOR_TOOLBOX = toolbox;
  if (process.env.ONEDOOR_CALLS === 'all')
    process.env.ONEDOOR_POSTGRES ??= JSON.stringify(
      await ensurePostgres({ log: (line) => process.stderr.write(`${line}\n`) }),
    );
} catch (error) {
  process.stdout.write('0 passed, 1 failed\n');
  endWith(error);
}
disarm();

// Arguments are the tests to run: npm test -- dist/test/journal/open.test.js; with --times the processor's are told.
const words = process.argv.slice(2);
const meter = words.includes('--times') ? processorMeter() : null;
const asked = words.filter((word) => word !== '--times').map((file) => resolve(PROJECT, file));
const files = asked.length > 0 ? asked : testFiles(join(PROJECT, 'dist/test'));
const counter = tapCounter();
const isWanted = tapFilter();
await runTestFiles(queuesOf(files, join(PROJECT, 'dist/test')), {
  jobs: JOBS,
  limitMs: LIMIT_MS,
  cwd: PROJECT,
  meter,
  say(line) {
    counter.line(line);
    if (isWanted(line)) process.stdout.write(`${line}\n`);
  },
});

for (const line of meter?.tell() ?? []) process.stdout.write(`${line}\n`);
const { passed, failed } = counter.counts();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
