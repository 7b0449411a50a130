import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What lies in a journal's folder. */
export interface JournalFiles {
  readonly folder: string;
  readonly database: string;
  readonly reserve: string;
  /** The newest owner's epoch: what an owner with a stuck store can still ask. */
  readonly owner: string;
  /** Set when a check found the database damaged: the next start sets it aside. */
  readonly damaged: string;
}

export function journalFiles(folder: string): JournalFiles {
  return {
    folder,
    database: join(folder, 'journal.db'),
    reserve: join(folder, 'reserve.bin'),
    owner: join(folder, 'owner'),
    damaged: join(folder, 'damaged'),
  };
}

/** The epoch in the owner's file; 0 where there is none. */
export function readOwner(path: string): number {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

export function writeOwner(path: string, epoch: number): void {
  const fresh = `${path}.tmp`;
  writeFileSync(fresh, `${epoch}\n`, { mode: 0o600, flush: true });
  renameSync(fresh, path);
}

/** Makes a rename in the folder last. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
