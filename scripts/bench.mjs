/**
 * `npm run bench`: sets up what is not set up yet, then measures. The words `flows`, `scripted`, `router`,
 * `simulate` and `estimate` measure flows, scripted callers, the router, the staffing simulator and what callers are told of
 * their wait, without an exchange; `publish`
 * what a publication holds up, on an engine of its own; `centre` a call centre on an exchange of its own; other words
 * go to bench/main.ts. For these two SIPp is fetched. No word: all.
 */
import './node-version.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWith } from './failure.mjs';
import { PROJECT } from './folders.mjs';
import { disarm } from './scratch.mjs';
import { setUp } from './set-up.mjs';
import { ensureSipp } from './sipp.mjs';

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const alone = ['flows', 'scripted', 'router', 'simulate', 'estimate', 'publish', 'centre'];
const wanted = alone.filter((word) => words.length === 0 || words.includes(word));
const wantsCalls = words.length === 0 || words.some((word) => !alone.includes(word));
try {
  const { toolbox } = await setUp();
  process.env.ONEDOOR_TOOLBOX = toolbox;
  if (wantsCalls || wanted.includes('centre')) {
    const sipp = await ensureSipp({ log: (line) => process.stderr.write(`${line}\n`) });
    process.env.ONEDOOR_SIPP = JSON.stringify(sipp);
  }
} catch (error) {
  endWith(error);
}
disarm();
for (const part of wanted) await import(pathToFileURL(join(PROJECT, `dist/bench/${part}.js`)).href);
if (wantsCalls) await import(pathToFileURL(join(PROJECT, 'dist/bench/main.js')).href);
