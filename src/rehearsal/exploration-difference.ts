/** Pure. What two explorations differ in: the words of texts, and place by place what leads where. */
import { placeLines } from './exploration-lines.js';
import type { Choice } from './explored-choices.js';
import type { Exploration } from './explorer.js';

export interface ExplorationDifference {
  readonly texts: readonly ChangedText[];
  readonly places: readonly ChangedPlace[];
}

/** A text that is heard in other words, or on one side only. */
export interface ChangedText {
  readonly text: string;
  readonly language: string;
  /** As it was heard; several where it has values in it. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

export interface ChangedPlace {
  readonly place: string;
  readonly lines: readonly LineChange[];
}

export interface LineChange {
  readonly change: 'same' | 'added' | 'removed';
  readonly line: string;
}

/** @param before null: the number is new. */
export function explorationDifference(before: Exploration | null, now: Exploration): ExplorationDifference {
  const said = before === null ? new Map<string, Said>() : textsOf(before);
  const says = textsOf(now);
  const texts = [...new Set([...says.keys(), ...said.keys()])].flatMap((key): ChangedText[] => {
    const [old, fresh] = [said.get(key), says.get(key)];
    const { text, language } = fresh ?? old ?? { text: '', language: '' };
    const without = (words: Said | undefined, others: Said | undefined): string[] =>
      [...(words?.words ?? [])].filter((one) => others?.words.has(one) !== true);
    const [removed, added] = [without(old, fresh), without(fresh, old)];
    return removed.length + added.length === 0 ? [] : [{ text, language, removed, added }];
  });
  const [left, right] = [before === null ? new Map<string, string[]>() : placeLines(before), placeLines(now)];
  const places = [...new Set([...right.keys(), ...left.keys()])]
    .map((place) => ({ place, lines: lineChanges(left.get(place) ?? [], right.get(place) ?? []) }))
    .filter(({ lines }) => lines.some(({ change }) => change !== 'same'));
  return { texts, places };
}

/** Lines to read: of a place, only the choices in which something changed. */
export function differenceLines({ texts, places }: ExplorationDifference): string[] {
  const words = texts.flatMap(({ text, language, removed, added }) => [
    ...removed.map((line) => `- ${text} (${language}): ${line}`),
    ...added.map((line) => `+ ${text} (${language}): ${line}`),
  ]);
  return [
    ...(words.length === 0 ? [] : ['in other words:', ...words]),
    ...places.flatMap(({ place, lines }) => [
      `at ${place}:`,
      ...choicesOf(lines)
        .filter((choice) => choice.some(({ change }) => change !== 'same'))
        .flat()
        .map(({ change, line }) => `${marks[change]} ${line}`),
    ]),
  ];
}

const marks = { same: ' ', added: '+', removed: '-' } as const;

/** The lines of a place, a choice each. */
function choicesOf(lines: readonly LineChange[]): LineChange[][] {
  const choices: LineChange[][] = [];
  for (const one of lines) {
    const last = choices.at(-1);
    if (last === undefined || one.line.startsWith('- ')) choices.push([one]);
    else last.push(one);
  }
  return choices;
}

interface Said {
  readonly text: string;
  readonly language: string;
  readonly words: Set<string>;
}

function textsOf({ begins, places }: Exploration): Map<string, Said> {
  const texts = new Map<string, Said>();
  const choices: readonly Choice[] = [begins, ...places.flatMap((place) => place.choices)];
  for (const met of choices.flatMap((choice) => choice.met)) {
    if (met.type !== 'hears') continue;
    const { text, language, words } = met;
    const key = `${text} (${language})`;
    const known = texts.get(key) ?? { text, language, words: new Set<string>() };
    texts.set(key, known);
    known.words.add(words);
  }
  return texts;
}

/** The shortest way from one list of lines to the other, by their longest common subsequence. */
export function lineChanges(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  const width = after.length + 1;
  // common[i][j]: lines that before from i and after from j have in common.
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: LineChange[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      changes.push({ change: 'same', line: old });
      i += 1;
      j += 1;
    } else if (now === undefined || (old !== undefined && at(i + 1, j) >= at(i, j + 1))) {
      changes.push({ change: 'removed', line: old ?? '' });
      i += 1;
    } else {
      changes.push({ change: 'added', line: now });
      j += 1;
    }
  }
  return changes;
}
