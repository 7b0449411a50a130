/** `npm run bench`: sets up what is not set up yet, fetches SIPp, then measures. Arguments go to bench/main.ts. */
import './node-version.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWith } from './failure.mjs';
import { PROJECT } from './folders.mjs';
import { disarm } from './scratch.mjs';
import { setUp } from './set-up.mjs';
import { ensureSipp } from './sipp.mjs';

try {
  const { toolbox } = await setUp();
  process.env.ONEDOOR_TOOLBOX = toolbox;
  const sipp = await ensureSipp({ log: (line) => process.stderr.write(`${line}\n`) });
  process.env.ONEDOOR_SIPP = JSON.stringify(sipp);
} catch (error) {
  endWith(error);
}
disarm();
await import(pathToFileURL(join(PROJECT, 'dist/bench/main.js')).href);
