import { readFileSync, rmSync } from 'node:fs';
import { writeWhole } from './whole-file.js';

/** Who runs: written by the engine that started the exchange, read by the one that adopts it. */
export interface RunFile {
  readonly format: 1;
  readonly pid: number;
  readonly version: string;
  /** When Asterisk says that it started; another one means that the process id was given to somebody else. */
  readonly startupTime: string;
  readonly address: string;
  /** Hash over the files that only a restart reads again. */
  readonly fixedHash: string;
}

export function readRunFile(file: string): RunFile | undefined {
  try {
    const run = JSON.parse(readFileSync(file, 'utf8')) as RunFile;
    return run.format === 1 && Number.isInteger(run.pid) && run.pid > 1 ? run : undefined;
  } catch {
    // A file that is not there, or of another engine: nobody whom we know runs.
    return undefined;
  }
}

export function writeRunFile(file: string, run: RunFile): void {
  writeWhole(file, `${JSON.stringify(run, undefined, 2)}\n`);
}

export function removeRunFile(file: string): void {
  rmSync(file, { force: true });
}

/**
 * Whether the process lives and is the Asterisk of that configuration. A process id alone proves nothing: it may have
 * been given to another program; and what has died but was not yet waited for has an empty command line (proc(5)).
 */
export function runsAsterisk(pid: number, configurationFile: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(configurationFile);
  } catch {
    return false;
  }
}
