/**
 * `npm run bench`: sets up what is not set up yet, fetches SIPp, then measures. Words choose parts; `scripted` needs no
 * exchange.
 */
import './node-version.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWith } from './failure.mjs';
import { PROJECT } from './folders.mjs';
import { disarm } from './scratch.mjs';
import { setUp } from './set-up.mjs';
import { ensureSipp } from './sipp.mjs';

const own = ['scripted'];
const parts = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const needsExchange = parts.length === 0 || parts.some((part) => !own.includes(part));

try {
  const { toolbox } = await setUp();
  if (parts.length === 0 || parts.includes('scripted'))
    await import(pathToFileURL(join(PROJECT, 'dist/bench/scripted.js')).href);
  if (!needsExchange) {
    disarm();
    process.exit();
  }
  process.env.ONEDOOR_TOOLBOX = toolbox;
  const sipp = await ensureSipp({ log: (line) => process.stderr.write(`${line}\n`) });
  process.env.ONEDOOR_SIPP = JSON.stringify(sipp);
} catch (error) {
  endWith(error);
}
disarm();
await import(pathToFileURL(join(PROJECT, 'dist/bench/main.js')).href);
