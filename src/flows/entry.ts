/** Pure. Reads pressed keys as an entry of a menu or a collect step. */
import type { Key } from '../base/index.js';
import type { CollectStep } from './ast.js';

/** Stands in the row of keys for "the time for further keys is over". */
export const timeUp = ' ';

/** What a row of keys means. `rest` are the keys that belong to what comes next. */
export type Reading =
  | {
      readonly result: 'chosen' /** The choice, as the flow writes it. */;
      readonly keys: string;
      readonly rest: string;
    }
  /** `lateEnd`: an end key that may still follow and then means nothing. */
  | { readonly result: 'entered'; readonly value: string; readonly rest: string; readonly lateEnd: Key | '' }
  | { readonly result: 'anywhere'; readonly key: string; readonly rest: string }
  /** Further keys are needed, or possible. */
  | { readonly result: 'more'; readonly entered: string }
  | { readonly result: 'no-match' };

/** Reads the keys of one step: those entered already, then those that wait. */
export type Reader = (entered: string, keys: string) => Reading;

/** Each answer that a question knows is held against the same keys: they are read once. Pure to its caller. */
function rememberingLast(read: Reader): Reader {
  let last: { readonly entered: string; readonly keys: string; readonly reading: Reading } | null = null;
  return (entered, keys) => {
    if (last?.entered === entered && last.keys === keys) return last.reading;
    const reading = read(entered, keys);
    last = { entered, keys, reading };
    return reading;
  };
}

/** The longest choice wins; as soon as no longer one is possible, nothing is waited for. */
export function choiceReader(keys: Iterable<string>, anywhere: ReadonlyMap<string, string>): Reader {
  const choices = new Set(keys);
  const beginnings = new Set<string>();
  for (const choice of choices) for (let n = 1; n < choice.length; n++) beginnings.add(choice.slice(0, n));

  return rememberingLast((entered, keys) => {
    let so = entered;
    for (let at = 0; at < keys.length; at++) {
      const key = keys.charAt(at);
      const longer = so + key;
      if (key !== timeUp && (choices.has(longer) || beginnings.has(longer))) {
        so = longer;
        if (!beginnings.has(so)) return { result: 'chosen', keys: so, rest: keys.slice(at + 1) };
        continue;
      }
      if (choices.has(so))
        return { result: 'chosen', keys: so, rest: keys.slice(key === timeUp ? at + 1 : at) };
      if (so === '' && anywhere.has(key)) {
        // Keys after "repeat" answer the prompt that need not be heard again.
        if (anywhere.get(key) === 'repeat' && at + 1 < keys.length) continue;
        return { result: 'anywhere', key, rest: keys.slice(at + 1) };
      }
      return { result: 'no-match' };
    }
    return { result: 'more', entered: so };
  });
}

/** Complete with the end key, with the last possible digit, or when the time for further ones is over. */
export function entryReader(
  { min, max, end }: CollectStep['collect']['digits'],
  anywhere: ReadonlyMap<string, string>,
): Reader {
  return rememberingLast((entered, keys) => {
    let so = entered;
    for (let at = 0; at < keys.length; at++) {
      const key = keys.charAt(at);
      const rest = keys.slice(at + 1);
      if (key >= '0' && key <= '9') {
        so += key;
        if (so.length < max) continue;
        if (end === 'none') return { result: 'entered', value: so, rest, lateEnd: '' };
        return rest.startsWith(end)
          ? { result: 'entered', value: so, rest: rest.slice(1), lateEnd: '' }
          : { result: 'entered', value: so, rest, lateEnd: rest === '' ? (end as Key) : '' };
      }
      if (key === end || key === timeUp) {
        return so.length >= min
          ? { result: 'entered', value: so, rest, lateEnd: '' }
          : { result: 'no-match' };
      }
      if (anywhere.has(key)) {
        if (anywhere.get(key) === 'repeat' && rest !== '') {
          so = '';
          continue;
        }
        return { result: 'anywhere', key, rest };
      }
      return { result: 'no-match' };
    }
    return { result: 'more', entered: so };
  });
}

/** Keys with a meaning everywhere that a choice leaves to them. */
export function leftByChoice(
  keys: readonly string[],
  anywhere: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const taken = (key: string): boolean => keys.some((choice) => choice.startsWith(key));
  return new Map(Object.entries(anywhere).filter(([key]) => !taken(key)));
}

/** Keys with a meaning everywhere that an entry leaves to them: digits are always its own. */
export function leftByEntry(
  end: string,
  anywhere: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  return new Map(Object.entries(anywhere).filter(([key]) => !/[0-9]/.test(key) && key !== end));
}
