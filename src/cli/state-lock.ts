/** The lock of a state folder: one engine at a time. */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ownIdentity, stateOf } from './process-identity.js';

const holderSchema = z.object({
  pid: z.int(),
  started: z.string(),
  where: z.string(),
  /** UTC, ISO 8601. */
  since: z.string(),
  /** Where it listens, host:port. */
  http: z.string(),
  sip: z.string(),
});

/** Who holds a state folder, and how to reach it. */
export type LockHolder = z.output<typeof holderSchema>;

interface StateLock {
  /** Gives the lock back. Once is enough. */
  release(): void;
}

export type Locking =
  | { readonly result: 'locked'; readonly lock: StateLock }
  | { readonly result: 'held'; readonly holder: LockHolder };

/** The holder shows so often that it lives; unseen for so long, one of another machine or container counts as gone. */
const beatMs = 3_000;
const goneAfterMs = 10_000;

/**
 * Takes the lock, or says who holds it. A holder that is gone is put aside. Throws where the folder cannot be
 * written.
 *
 * @param path file of the lock
 */
export function lockState(path: string, place: Pick<LockHolder, 'http' | 'sip'>): Locking {
  const own: LockHolder = { ...ownIdentity(), since: new Date().toISOString(), ...place };
  const draft = `${path}.${own.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify(own)}\n`, { mode: 0o600 });
  try {
    // The file appears whole (a link to a finished file), so no reader sees half of it.
    for (let attempt = 0; attempt < 10; attempt++) {
      if (link(draft, path)) return { result: 'locked', lock: holdLock(path, own) };
      const holder = lockHolder(path);
      if (holder !== null) return { result: 'held', holder };
      putAside(path);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new Error(`The lock ${path} changes hands too fast.`);
}

/** Who holds the lock now; null: nobody, or somebody who is gone. */
export function lockHolder(path: string): LockHolder | null {
  const holder = readHolder(path);
  if (holder === null) return null;
  const state = stateOf(holder);
  if (state === 'elsewhere') return beatAge(path) < goneAfterMs ? holder : null;
  return state === 'lives' ? holder : null;
}

function holdLock(path: string, own: LockHolder): StateLock {
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // The folder is gone or full; the journal's epoch still keeps a second engine from acting.
    }
  }, beatMs);
  beat.unref();
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      clearInterval(beat);
      const holder = readHolder(path);
      if (holder?.pid === own.pid && holder.started === own.started && holder.where === own.where)
        rmSync(path, { force: true });
    },
  };
}

/** Only one of several can rename the lock of a holder that is gone; who then finds a fresh one puts it back. */
function putAside(path: string): void {
  const aside = `${path}.gone.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (lockHolder(aside) !== null) link(aside, path);
  rmSync(aside, { force: true });
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not there, or no lock of ours: nobody that could be asked.
    return null;
  }
}

function beatAge(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    // Released between two looks.
    return Number.POSITIVE_INFINITY;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
