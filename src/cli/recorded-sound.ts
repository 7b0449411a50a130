/** The sound of recordings: `<recording>.wav` in a folder. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Log, OnedoorError } from '../base/index.js';

export interface RecordedSound {
  /**
   * Deletes them; one that is not there is none.
   *
   * @throws ONEDOOR_CLI_RECORDING with the first that cannot be deleted.
   */
  remove(recordings: readonly string[]): Promise<void>;
  /** Deletes what can be deleted. Gives the others, each with a line in the log. */
  forget(recordings: readonly string[]): Promise<ReadonlySet<string>>;
}

export function recordedSound(folder: string, log: Log): RecordedSound {
  async function removeOne(recording: string): Promise<void> {
    try {
      await rm(join(folder, `${recording}.wav`), { force: true });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new OnedoorError('ONEDOOR_CLI_RECORDING', { recording, why }, cause);
    }
  }
  return {
    async remove(recordings) {
      for (const recording of recordings) await removeOne(recording);
    },
    async forget(recordings) {
      const kept = new Set<string>();
      for (const recording of recordings)
        await removeOne(recording).catch((cause: unknown) => {
          log.error({ err: cause }, 'a recording whose time is over was not deleted');
          kept.add(recording);
        });
      return kept;
    },
  };
}
