/** For each piece of a way of speaking, a value that is spoken with it: what a person reads it in. Pure. */
import type { SlotWay } from './message.js';
import { type SayGrammar, usualStyle } from './say-grammar.js';
import { durationUnits } from './say-schema.js';
import { speakValue } from './say-values.js';
import type { SpokenPiece } from './speech.js';

/** Name of a piece -> all pieces of the first of the way's usual values that needs it. */
export function valueExamples(
  grammar: SayGrammar,
  way: SlotWay,
  style: string | null,
): ReadonlyMap<string, readonly SpokenPiece[]> {
  const examples = new Map<string, readonly SpokenPiece[]>();
  for (const value of samples(grammar, way, style)) {
    const spoken = speakValue(grammar, way, style, value);
    for (const piece of spoken?.pieces ?? [])
      if (!examples.has(piece.name)) examples.set(piece.name, spoken?.pieces ?? []);
  }
  return examples;
}

/** Values of a way in the order in which a person would think of them, among them one for each piece. */
function* samples(grammar: SayGrammar, way: SlotWay, style: string | null): Generator<string | number> {
  const two = (n: number): string => String(n).padStart(2, '0');
  switch (way) {
    case 'digits':
    case 'spell':
      yield '0123456789';
      yield* Object.keys(grammar.letters);
      yield* Object.keys(grammar.digits.signs);
      return;
    case 'number':
    case 'count':
    case 'ordinal':
      yield* numbers();
      return;
    case 'money': {
      const { decimals = 0 } = grammar.money.styles.get(style ?? '') ?? {};
      for (const n of numbers()) {
        yield String(n);
        if (n > 0 && n < 10 ** decimals) {
          const parts = String(n).padStart(decimals, '0');
          yield `0.${parts}`;
          yield `5.${parts}`;
        }
      }
      return;
    }
    case 'duration': {
      const [largest = { unit: 'second' }, ...smaller] =
        grammar.durations.styles.get(style ?? usualStyle) ?? [];
      for (const { unit } of [largest, ...smaller])
        for (let n = 0; n < 60; n++) {
          const seconds = n * durationUnits[unit];
          yield* [
            seconds,
            seconds + 3 * durationUnits[largest.unit],
            seconds + 3 * durationUnits[largest.unit] + 1,
          ];
        }
      for (const n of numbers()) yield n * durationUnits[largest.unit];
      return;
    }
    case 'date':
      for (let day = 0; day < 366; day++) yield new Date(Date.UTC(2028, 0, 1 + day)).toISOString();
      for (let year = 1900; year <= 2100; year++) yield `${year}-01-01`;
      return;
    case 'time':
      for (let hour = 0; hour < 24; hour++) yield `${two(hour)}:00`;
      for (let minute = 0; minute < 60; minute++) yield `01:${two(minute)}`;
      return;
  }
}

/** Every number to 1,999, then thousands and millions by themselves, with a little more, and both together. */
function* numbers(): Generator<number> {
  for (let n = 0; n < 2000; n++) yield n;
  const [thousand, million] = [1000, 1_000_000];
  for (const least of [0, million])
    for (let count = 1; count < 1000; count++)
      for (const rest of [0, 1]) yield least + count * thousand + rest;
  for (let count = 1; count < 1000; count++) for (const rest of [0, 1]) yield count * million + rest;
}
