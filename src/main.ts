#!/usr/bin/env node
/** The composition root: reads the environment, runs one command line, ends the process. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeObjectsYoung } from './base/index.js';
import { readSettings, runCli, type World } from './cli/index.js';

makeObjectsYoung();
// Built, this file lies in dist/src.
const project = fileURLToPath(new URL('../../', import.meta.url));
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));

/** npm hands on the Ctrl-C that the terminal has sent to everybody already: one key press, twice, milliseconds. */
const sameKeyMs = 300;

const world: World = {
  version,
  reading: readSettings(process.env, { project, workingFolder: process.cwd(), home: homedir() }),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  watched: process.stderr.isTTY,
  onSignal(listener) {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    let heardAt = Number.NEGATIVE_INFINITY;
    const hear = (signal: string): void => {
      if (performance.now() - heardAt < sameKeyMs) return;
      heardAt = performance.now();
      listener(signal);
    };
    for (const signal of signals) process.on(signal, hear);
    return () => {
      for (const signal of signals) process.off(signal, hear);
    };
  },
};

// A reader that goes away (`onedoor case list | head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const code = await runCli(process.argv.slice(2), world);
process.exit(code);
