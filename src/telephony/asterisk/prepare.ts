import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Configuration, renderConfiguration } from './configuration.js';
import { makeSounds } from './made-sounds.js';
import { type ExchangePaths, exchangePaths, ownFolder } from './paths.js';
import type { AsteriskProgram } from './program.js';
import { type ExchangeSecrets, exchangeSecrets } from './secrets.js';
import type { ExchangeSettings } from './settings.js';
import { writeWhole } from './whole-file.js';

/** What lies on disk for an Asterisk to start from. */
export interface Prepared {
  readonly secrets: ExchangeSecrets;
  /** Name of a configuration's file -> hash of its text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Folders, secrets, sounds, configuration: writes everything that a start needs. Doing it again changes nothing. */
export function prepare(
  settings: ExchangeSettings,
  program: Pick<AsteriskProgram, 'documentation' | 'sounds'>,
  paths: ExchangePaths,
): Prepared {
  const secrets = exchangeSecrets(settings.secretsFile, settings.phones);
  const configuration = renderConfiguration(settings, paths, secrets);
  const { mediaFolder, recordingsFolder, voicemailFolder } = settings;
  const keys = join(paths.var, 'keys');
  for (const folder of [paths.etc, paths.var, keys, paths.data, paths.spool, paths.log, paths.socket])
    ownFolder(folder);
  for (const folder of [mediaFolder, recordingsFolder, voicemailFolder])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Asterisk stores recordings below its spool folder.
  link(recordingsFolder, join(paths.spool, 'recording'));
  link(program.documentation, join(paths.data, 'documentation'));
  link(program.sounds, join(paths.data, 'sounds'));
  makeSounds(paths.sounds, paths.music);
  for (const [file, text] of configuration) {
    const path = join(paths.etc, file);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeWhole(path, text);
  }
  return { secrets, files: hashes(configuration) };
}

function hashes(configuration: Configuration): Readonly<Record<string, string>> {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  return Object.fromEntries(Array.from(configuration, ([file, text]) => [file, hash(text)]));
}

function link(target: string, path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined) rmSync(path, { recursive: !there.isSymbolicLink() });
  symlinkSync(target, path);
}

/**
 * Writes the whole configuration for an Asterisk that somebody else runs (`onedoor exchange render DIR`): put `etc/`
 * where that Asterisk reads its configuration, or start it with `-C DIR/etc/asterisk.conf`.
 *
 * @returns the files written, relative to `folder`.
 */
export function renderExchange(folder: string, settings: ExchangeSettings): readonly string[] {
  const installed = '/usr/share/asterisk';
  const paths = exchangePaths(folder, '/usr/lib/asterisk/modules');
  const program = { documentation: join(installed, 'documentation'), sounds: join(installed, 'sounds') };
  const { files } = prepare({ ...settings, folder }, program, paths);
  return Object.keys(files).map((file) => join('etc', file));
}
