import type { Pieces } from './pieces.js';

/**
 * A reader of files that gives the same result again for the same file and text: a site is read anew whenever it is
 * published, and most of its files are as they were. What it gives must never be changed.
 *
 * @param most results that are kept; the oldest goes first.
 */
export function remembered<Result>(
  most: number,
  read: (file: string, text: string) => Pieces<Result>,
): (file: string, text: string) => Pieces<Result> {
  const results = new Map<string, { readonly text: string; readonly result: Result }>();
  return function* (file, text) {
    const known = results.get(file);
    if (known?.text === text) return known.result;
    const result = yield* read(file, text);
    results.delete(file);
    results.set(file, { text, result });
    if (results.size > most) results.delete(results.keys().next().value ?? file);
    return result;
  };
}
