import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnedoorError } from '../../base/index.js';

/** Where an exchange keeps what. */
export interface ExchangePaths {
  readonly etc: string;
  readonly var: string;
  readonly data: string;
  readonly spool: string;
  readonly log: string;
  /** Holds Asterisk's control socket. */
  readonly socket: string;
  readonly music: string;
  /** Sounds of the exchange's own: a beep, silences. */
  readonly sounds: string;
  readonly modules: string;
  /** Who runs: process id, start, configuration. */
  readonly runFile: string;
}

/** A unix socket's path ends at 108 bytes (unix(7)), and `asterisk.ctl` comes after the folder. */
const LONGEST_SOCKET_FOLDER = 90;

/** The paths of the exchange whose state lies in `folder`, with Asterisk's modules in `modules`. */
export function exchangePaths(folder: string, modules: string): ExchangePaths {
  return {
    etc: join(folder, 'etc'),
    var: join(folder, 'var'),
    data: join(folder, 'data'),
    spool: join(folder, 'spool'),
    log: join(folder, 'log'),
    socket: socketFolder(folder),
    music: join(folder, 'music'),
    sounds: join(folder, 'sounds'),
    modules,
    runFile: join(folder, 'exchange.json'),
  };
}

function socketFolder(folder: string): string {
  const own = join(folder, 'run');
  if (Buffer.byteLength(own) <= LONGEST_SOCKET_FOLDER) return own;
  const name = `onedoor-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  return join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), name);
}

/**
 * Makes a folder that is ours alone.
 *
 * @throws ONEDOOR_TELEPHONY_FOLDER when it belongs to another user: in a folder that all may write to, somebody could
 * have made it first.
 */
export function ownFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new OnedoorError(
      'ONEDOOR_TELEPHONY_FOLDER',
      { folder: path, why: cause instanceof Error ? cause.message : String(cause) },
      cause,
    );
  }
  const { uid } = statSync(path);
  const self = process.getuid?.();
  if (self !== undefined && uid !== self)
    throw new OnedoorError('ONEDOOR_TELEPHONY_FOLDER', { folder: path, why: 'it belongs to another user' });
}
