/** What a command is given: settings, a place to print, and how it ends. */
import type { Settings, SettingsReading } from './settings.js';

/** What the shell is told. `onedoor --help` lists the same. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** A word of the command line or a setting cannot be used. */
  usage: 2,
  /** The site's files have findings, or a scripted caller did not get through. */
  findings: 3,
  /** The command needs a running engine. */
  noEngine: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command that cannot go on, told in sentences that say what to do. */
export class CliFailure extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode, sentences: string, cause?: unknown) {
    super(sentences, cause === undefined ? {} : { cause });
    this.name = 'CliFailure';
    this.code = code;
  }
}

export interface World {
  readonly version: string;
  readonly reading: SettingsReading;
  /** What the command is asked for: a line on standard output. */
  readonly out: (line: string) => void;
  /** What goes on meanwhile: a line on standard error. */
  readonly err: (line: string) => void;
  /** Whether a person watches standard error. */
  readonly watched: boolean;
  /** Calls the listener at each SIGINT, SIGTERM and SIGHUP instead of dying; the answer ends that. */
  readonly onSignal: (listener: (signal: string) => void) => () => void;
}

/** The settings; where one cannot be used, the command fails with a sentence for each. */
export function settingsOf({ reading }: Pick<World, 'reading'>): Settings {
  if (reading.result === 'read') return reading.settings;
  throw new CliFailure(exitCodes.usage, reading.sentences.join('\n'));
}

/** Prints data for programs. */
export function printJson(world: Pick<World, 'out'>, value: unknown): void {
  world.out(JSON.stringify(value, undefined, 2));
}
