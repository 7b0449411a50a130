import type { JournalUpkeep, PersonalPlace } from './port.js';

/**
 * Deletes what is overdue, step by step, so that no turn waits long. Sound goes before its name: whoever is stopped in
 * between finds the name again. It ends when nothing is left, or nothing but what cannot be deleted.
 *
 * @returns how many values were deleted.
 */
export async function expireBySteps(
  overdue: () => Promise<readonly PersonalPlace[]>,
  forget: Parameters<JournalUpkeep['expire']>[1],
  remove: (places: readonly PersonalPlace[]) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const places = await overdue();
    const recordings = places.flatMap(({ recording }) => recording ?? []);
    const kept = recordings.length > 0 ? await forget(recordings) : new Set<string>();
    const gone = places.filter(({ recording }) => recording === null || !kept.has(recording));
    if (gone.length === 0) return total;
    total += await remove(gone);
  }
}
