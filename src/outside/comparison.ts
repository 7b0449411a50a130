/** Pure. What should have been heard beside what was heard. */
import type { Heard } from './hearing.js';

/** One text that should be heard. */
export interface ExpectedText {
  readonly language: string;
  readonly text: string;
  readonly words: string;
  /** Sounds of its pieces, in order; null: any sound, since nobody but the hotline knows it (a new reference). */
  readonly sounds: readonly (string | null)[];
  /** The caller interrupts it: its end need not be heard. */
  readonly cut: boolean;
}

export type Difference =
  /** A text, or the end of it, was not heard; `instead`: what was heard in its place. */
  | { readonly type: 'missing'; readonly expected: ExpectedText; readonly instead: readonly Heard[] }
  /** Heard, and not expected. */
  | { readonly type: 'unexpected'; readonly heard: readonly Heard[] };

/** Pure. Every difference, in order; unknown sounds alone (a beep, a voice) are none. */
export function compareHeard(
  expected: readonly ExpectedText[],
  heard: readonly Heard[],
): readonly Difference[] {
  const wanted = expected.flatMap((text) => text.sounds.map((sound, i) => ({ text, sound, i })));
  const known = heard.filter(({ name }) => name !== null);
  const pairs = longestCommon(wanted.length, known.length, (i, j) => {
    const [want, got] = [wanted[i], known[j]];
    if (want === undefined || got === undefined) return false;
    return want.sound === null || got.name === want.sound || got.also.includes(want.sound);
  });
  const matched = new Map(pairs);
  const differences: Difference[] = [];
  let next = 0;
  let extra: Heard[] = [];
  const settle = (): void => {
    if (extra.length > 0) differences.push({ type: 'unexpected', heard: extra });
    extra = [];
  };
  let at = 0;
  for (const text of expected) {
    const indexes = text.sounds.map(() => at++);
    const isThere = indexes.map((i) => matched.has(i));
    const first = indexes.find((i) => matched.has(i));
    const last = indexes.findLast((i) => matched.has(i));
    const from = next;
    if (last !== undefined) next = (matched.get(last) ?? 0) + 1;
    const between = known
      .slice(from, next)
      .filter((_, j) => !indexes.some((i) => matched.get(i) === from + j));
    // What an interrupted text still had to say need not be heard, but what it said before must be.
    const enough = text.cut ? isThere.lastIndexOf(true) + 1 : isThere.length;
    const isWhole =
      isThere.slice(0, enough).every(Boolean) && (text.cut || first !== undefined || enough === 0);
    if (isWhole) extra.push(...between);
    else {
      const upTo = nextMatch(matched, at, known.length);
      const instead = [...between, ...known.slice(next, last === undefined ? upTo : next)];
      next = last === undefined ? upTo : next;
      settle();
      differences.push({ type: 'missing', expected: text, instead });
    }
  }
  extra.push(...known.slice(next));
  settle();
  return differences;
}

/** Where the next sound stands that was expected and heard. */
function nextMatch(matched: ReadonlyMap<number, number>, from: number, end: number): number {
  let least = end;
  for (const [i, j] of matched) if (i >= from) least = Math.min(least, j);
  return least;
}

/** Pairs of a longest common subsequence. */
function longestCommon(
  rows: number,
  columns: number,
  same: (row: number, column: number) => boolean,
): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: rows + 1 }, () => Array.from({ length: columns + 1 }, () => 0));
  const length = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] = same(i, j) ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (same(i, j) && length(i, j) === length(i + 1, j + 1) + 1) pairs.push([i++, j++]);
    else if (length(i + 1, j) >= length(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
