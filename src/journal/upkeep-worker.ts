/** Backup or check of the store, on a read-only connection. Started by upkeep.ts. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openReadOnly } from './database.js';
import { syncFolder } from './files.js';
import { fault } from './takeover.js';
import type { UpkeepResult, UpkeepTask } from './upkeep.js';

function run(task: UpkeepTask): string | null {
  switch (task.type) {
    case 'backup':
      backup(task.database, task.path);
      return null;
    case 'check': {
      const why = fault(task.database);
      if (why !== null) writeFileSync(task.mark, `${why}\n`, { flush: true });
      return why;
    }
    default:
      return task satisfies never;
  }
}

/** One reading transaction, so that the writer goes on meanwhile; the copy gets its name when it is whole. */
function backup(from: string, path: string): void {
  const fresh = `${path}.tmp`;
  rmSync(fresh, { force: true });
  const database = openReadOnly(from);
  try {
    database.prepare('VACUUM INTO ?').run(fresh);
  } finally {
    database.close();
  }
  const handle = openSync(fresh, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

function attempt(): UpkeepResult {
  try {
    return { why: run(workerData as UpkeepTask) };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

parentPort?.postMessage(attempt());
