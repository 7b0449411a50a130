/** Every piece that a way of speaking can need: what is made before a call. Pure. */
import type { SlotWay } from './message.js';
import {
  digitPieces,
  ordinalSet,
  type SayGrammar,
  spokenYears,
  usualNumbers,
  usualStyle,
} from './say-grammar.js';
import { newSurvey, surveyCounted, surveyNumbers } from './say-range.js';
import { durationUnits, largestNumber } from './say-schema.js';
import { pausePiece, speakValue } from './say-values.js';
import type { SpokenPiece } from './speech.js';

export function allValuePieces(
  grammar: SayGrammar,
  way: SlotWay,
  style: string | null,
): readonly SpokenPiece[] {
  const survey = newSurvey();
  const add = (pieces: readonly SpokenPiece[]): void => {
    for (const one of pieces) survey.pieces.set(one.name, one);
  };
  const speak = (value: string): void => add(speakValue(grammar, way, style, value)?.pieces ?? []);
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, n) => from + n);
  const two = (n: number): string => String(n).padStart(2, '0');
  // Digits are what every other way falls back to.
  add(digitPieces(grammar, '0123456789'));
  add([pausePiece(grammar)]);
  switch (way) {
    case 'digits':
    case 'spell':
      for (const character of Object.keys(grammar.letters)) speak(character);
      for (const character of Object.keys(grammar.digits.signs)) speak(character);
      break;
    case 'number':
      surveyNumbers(grammar, survey, style ?? usualNumbers, 0, largestNumber);
      break;
    case 'count':
      surveyNumbers(grammar, survey, grammar.numbers.plural, 0, largestNumber);
      break;
    case 'ordinal':
      surveyNumbers(grammar, survey, ordinalSet(style), 0, largestNumber);
      break;
    case 'date':
      for (const n of range(1, 31)) speak(`2026-01-${two(n)}`);
      for (const n of range(1, 12)) speak(`2026-${two(n)}-01`);
      for (const n of range(spokenYears.from, spokenYears.to)) speak(`${n}-01-01`);
      break;
    case 'time':
      for (const n of range(0, 23)) speak(`${two(n)}:00`);
      for (const n of range(0, 59)) speak(`01:${two(n)}`);
      break;
    case 'money': {
      const currency = grammar.money.styles.get(style ?? '');
      if (currency === undefined) break;
      surveyCounted(grammar, survey, currency.main, 0, largestNumber);
      if (currency.minor === null) break;
      const most = 10 ** currency.decimals - 1;
      surveyCounted(grammar, survey, currency.minor, 1, most);
      if (grammar.money.and) surveyCounted(grammar, survey, currency.minor, 1, most, true);
      break;
    }
    case 'duration': {
      const { and, styles } = grammar.durations;
      const units = styles.get(style ?? usualStyle) ?? [];
      units.forEach(({ unit, noun }, at) => {
        const above = units[at - 1];
        const most = above === undefined ? largestNumber : durationUnits[above.unit];
        const count = Math.floor(most / durationUnits[unit]) - (above === undefined ? 0 : 1);
        surveyCounted(grammar, survey, noun, at === units.length - 1 ? 0 : 1, count);
        if (at > 0 && and !== 'never') surveyCounted(grammar, survey, noun, 1, count, true);
      });
      break;
    }
  }
  return [...survey.pieces.values()];
}
