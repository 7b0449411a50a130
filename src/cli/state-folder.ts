/** The state folder: what an engine keeps, and in which format. */
import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { OnedoorError } from '../base/index.js';

/** Grows when an older engine could no longer use the folder. */
const stateFormat = 1;

/** Paths below a state folder. All absolute. */
export interface StateFolder {
  readonly root: string;
  readonly journal: string;
  readonly lock: string;
  readonly secrets: string;
  readonly exchange: string;
  readonly media: string;
  readonly recordings: string;
  readonly voicemail: string;
}

export function stateFolderAt(root: string): StateFolder {
  return {
    root,
    journal: join(root, 'journal'),
    lock: join(root, 'lock'),
    secrets: join(root, 'secrets'),
    exchange: join(root, 'exchange'),
    media: join(root, 'media'),
    recordings: join(root, 'recordings'),
    voicemail: join(root, 'voicemail'),
  };
}

/**
 * Makes the folder where it is not there, and checks its format.
 *
 * @throws ONEDOOR_CLI_STATE_NEWER, ONEDOOR_CLI_STATE_UNUSABLE
 */
export function openStateFolder(root: string): StateFolder {
  const state = stateFolderAt(root);
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const found = keptText(join(root, 'format'), () => String(stateFormat), 0o600);
    if (!(Number(found) <= stateFormat)) {
      throw new OnedoorError('ONEDOOR_CLI_STATE_NEWER', { folder: root, found, known: stateFormat });
    }
    for (const folder of [state.secrets, state.exchange, state.media, state.recordings, state.voicemail]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
  } catch (cause) {
    if (cause instanceof OnedoorError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OnedoorError('ONEDOOR_CLI_STATE_UNUSABLE', { folder: root, why }, cause);
  }
  return state;
}

/** The token of the HTTP API, made at the first start (256 random bits, mode 0600). */
export function httpToken(state: StateFolder): string {
  const path = tokenFile(state);
  const token = keptText(path, () => randomBytes(32).toString('base64url'), 0o600);
  chmodSync(path, 0o600);
  return token;
}

export function tokenFile(state: StateFolder): string {
  return join(state.secrets, 'http-token');
}

/** The hash under which wrong PINs are counted; its key is made at the first start (256 random bits, mode 0600). */
export function attemptHash(state: StateFolder): (text: string) => string {
  const path = join(state.secrets, 'attempt-key');
  const key = keptText(path, () => randomBytes(32).toString('base64url'), 0o600);
  return (text) => createHmac('sha256', key).update(text).digest('base64url');
}

/** A secret of the lookups: a text of one line in `secrets/lookup-<name>`; null where there is none. */
export function lookupSecret(state: StateFolder, name: string): string | null {
  return readText(join(state.secrets, `lookup-${name}`));
}

/** Whether an exchange of ours was started on the folder and not stopped since; it may have died. */
export function exchangeWasStarted(state: StateFolder): boolean {
  return existsSync(join(state.exchange, 'exchange.json'));
}

/** The exchange's port for the engine: a free one of the loopback interface, chosen once and kept. */
export async function keptAriPort(state: StateFolder): Promise<number> {
  const path = join(state.exchange, 'ari-port');
  const kept = Number(readText(path));
  if (kept >= 1 && kept <= 65_535) return kept;
  const free = await freePort();
  return Number(keptText(path, () => String(free), 0o600));
}

/** The text of a file; made, whole or not at all, where it is not there. Of two makers the first wins. */
function keptText(path: string, make: () => string, mode: number): string {
  const kept = readText(path);
  if (kept !== null && kept !== '') return kept;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, `${make()}\n`, { mode });
    if (kept === '') rmSync(path, { force: true });
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readText(path) ?? '';
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port was given'));
      else resolve(address.port);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
