/** Backups of the journal: one a day, the newest seven are kept. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../base/index.js';
import type { JournalUpkeep } from '../journal/port.js';

const keptBackups = 7;
const lookEveryMs = 3_600_000;

/** Makes today's backup where there is none yet, now and every hour from now on. A fault is logged, and tried again. */
export function keepBackups(
  journal: Pick<JournalUpkeep, 'backup'>,
  folder: string,
  log: Log,
): { stop(): void } {
  const look = (): void => {
    const name = `${new Date().toISOString().slice(0, 10)}.db`;
    const made = backupsIn(folder);
    if (made.includes(name)) return;
    journal
      .backup(join(folder, name))
      .then(() => {
        for (const old of backupsIn(folder).slice(0, -keptBackups))
          rmSync(join(folder, old), { force: true });
      })
      .catch((cause: unknown) => log.error({ err: cause }, 'the journal was not backed up'));
  };
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  look();
  return { stop: () => clearInterval(timer) };
}

/** Oldest first: their names are dates. */
function backupsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.db'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
