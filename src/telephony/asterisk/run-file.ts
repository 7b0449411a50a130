import { readFileSync, rmSync } from 'node:fs';
import { writeWhole } from './whole-file.js';

/** Who runs: written by the engine that started the exchange, read by the one that adopts it. */
export interface RunFile {
  readonly format: 1;
  readonly pid: number;
  readonly version: string;
  /**
   * When Asterisk says that it started; another time is another Asterisk. Empty while it starts.
   */
  readonly startupTime: string;
  /** The configuration that it runs with: file -> hash of its text. */
  readonly files: Readonly<Record<string, string>>;
}

export function readRunFile(file: string): RunFile | undefined {
  try {
    const run = JSON.parse(readFileSync(file, 'utf8')) as RunFile;
    const ours =
      run.format === 1 && Number.isInteger(run.pid) && run.pid > 1 && typeof run.files === 'object';
    return ours ? run : undefined;
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
