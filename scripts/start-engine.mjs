import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endWith } from './failure.mjs';
import { PROJECT } from './folders.mjs';
import { disarm } from './scratch.mjs';
import { setUp } from './set-up.mjs';

try {
  const { toolbox } = await setUp();
  process.env.ONEDOOR_TOOLBOX = toolbox;
} catch (error) {
  endWith(error);
}

// The engine takes over this very process: signals, exit code and terminal are its own, nothing stands between.
disarm();
const program = join(PROJECT, 'dist/src/main.js');
process.argv = [process.execPath, program, 'start', ...process.argv.slice(2)];
await import(pathToFileURL(program).href);
