import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { OnedoorError } from '../../base/index.js';
import type { ExchangeSettings } from './settings.js';

/** An Asterisk that can be started. */
export interface AsteriskProgram {
  /** The beginning of its command line. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly modules: string;
  readonly documentation: string;
  readonly sounds: string;
}

/** Older ones lack what the engine is built on. */
export const LEAST_ASTERISK = '22.10.0';
/** Older ones let a read-only ARI user write. */
export const GOOD_ASTERISK = '22.10.1';

interface ToolboxFile {
  readonly format: number;
  readonly asterisk: {
    readonly command: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly version: string;
    readonly modules: string;
    readonly documentation: string;
    readonly sounds: string;
  } | null;
}

/**
 * The Asterisk that the settings name: the toolbox's, or the one on PATH.
 *
 * @throws ONEDOOR_TELEPHONY_NO_ASTERISK, ONEDOOR_TELEPHONY_OLD_ASTERISK
 */
export function findProgram(settings: Pick<ExchangeSettings, 'mode' | 'toolbox'>): AsteriskProgram {
  const program = settings.mode === 'system' ? fromPath() : fromToolbox(settings.toolbox);
  refuseOld(program.version);
  return program;
}

/** @throws ONEDOOR_TELEPHONY_OLD_ASTERISK */
export function refuseOld(version: string): void {
  if (!isAtLeast(version, LEAST_ASTERISK))
    throw new OnedoorError('ONEDOOR_TELEPHONY_OLD_ASTERISK', { version, needed: LEAST_ASTERISK });
}

/** Whether a version such as `22.10.1` or `22.10.1~dfsg-1` is the least one or newer. Pure. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string): number[] => (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [have, need] = [numbers(version), numbers(least)];
  for (let i = 0; i < Math.max(have.length, need.length); i++) {
    const difference = (have[i] ?? 0) - (need[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function fromToolbox(file: string | null): AsteriskProgram {
  if (file === null) throw new OnedoorError('ONEDOOR_TELEPHONY_NO_ASTERISK', { why: 'no toolbox is named' });
  let toolbox: ToolboxFile;
  try {
    toolbox = JSON.parse(readFileSync(file, 'utf8')) as ToolboxFile;
  } catch (cause) {
    throw new OnedoorError('ONEDOOR_TELEPHONY_NO_ASTERISK', { why: `${file} cannot be read` }, cause);
  }
  const [first, ...rest] = toolbox.asterisk?.command ?? [];
  if (!toolbox.asterisk || first === undefined)
    throw new OnedoorError('ONEDOOR_TELEPHONY_NO_ASTERISK', { why: `${file} names none` });
  return { ...toolbox.asterisk, command: [first, ...rest] };
}

/** Where distributions put what belongs to Asterisk. */
const MODULE_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu/asterisk/modules',
  '/usr/lib/aarch64-linux-gnu/asterisk/modules',
  '/usr/lib64/asterisk/modules',
  '/usr/lib/asterisk/modules',
];
const DATA_FOLDERS = ['/usr/share/asterisk', '/var/lib/asterisk'];

function fromPath(): AsteriskProgram {
  const command = (process.env.PATH ?? '')
    .split(delimiter)
    .concat('/usr/sbin')
    .map((folder) => join(folder, 'asterisk'))
    .find((path) => existsSync(path));
  if (command === undefined)
    throw new OnedoorError('ONEDOOR_TELEPHONY_NO_ASTERISK', { why: 'none is on PATH' });
  const modules = MODULE_FOLDERS.find((folder) => existsSync(join(folder, 'res_ari.so')));
  if (modules === undefined)
    throw new OnedoorError('ONEDOOR_TELEPHONY_NO_ASTERISK', {
      why: `the modules of ${command} are not found`,
    });
  const data = DATA_FOLDERS.find((folder) => existsSync(join(folder, 'documentation')));
  if (data === undefined)
    throw new OnedoorError('ONEDOOR_TELEPHONY_NO_ASTERISK', {
      why: `the documentation of ${command} is not found`,
    });
  const version = execFileSync(command, ['-V'], { encoding: 'utf8', timeout: 5000 });
  return {
    command: [command],
    env: {},
    version: version.replace('Asterisk', '').trim(),
    modules,
    documentation: join(data, 'documentation'),
    sounds: join(data, 'sounds'),
  };
}
