/** Numbers, digits, letters, dates and times as spoken pieces, by a language's grammar. Pure. */
import type { Json } from '../base/index.js';
import type { SlotWay } from './message.js';
import {
  itemsOf,
  largestNumber,
  type NumberSet,
  type SayGrammar,
  spokenYears,
  usualDates,
  usualNumbers,
} from './say-grammar.js';
import type { SpokenPiece } from './speech.js';

/** Null: the value cannot be spoken in this way. `skipped`: characters without words. */
export interface SpokenValue {
  readonly pieces: readonly SpokenPiece[];
  readonly skipped: boolean;
}

const piece = (
  grammar: SayGrammar,
  name: string,
  words: string,
  instead: readonly SpokenPiece[] = [],
): SpokenPiece => ({
  language: grammar.language,
  words,
  name: `say/${name}`,
  ...(instead.length > 0 ? { instead } : {}),
});

const spoken = (pieces: readonly SpokenPiece[], skipped = false): SpokenValue => ({ pieces, skipped });

/** Speaks a slot's value; null where it is not a value of that kind. */
export function speakValue(
  grammar: SayGrammar,
  way: SlotWay,
  style: string | null,
  value: Json,
): SpokenValue | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = latinDigits(String(value).trim());
  if (text === '') return null;
  switch (way) {
    case 'digits':
      return speakDigits(grammar, text);
    case 'spell':
      return spell(grammar, text);
    case 'number':
      return speakNumber(grammar, style ?? usualNumbers, text);
    case 'date':
      return speakDate(grammar, style ?? usualDates, text);
    case 'time':
      return speakTime(grammar, text);
  }
}

/** Arabic-Indic and Persian digits as ASCII digits. */
function latinDigits(text: string): string {
  return text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
}

/** A character's code point, for names that are easy to write anywhere: `u0628`. */
const codeName = (character: string): string =>
  `u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** An entry of one of the grammar's tables; the reader makes sure that it is there. */
const entry = (table: Readonly<Record<string, string>>, key: string | number): string =>
  table[String(key)] ?? String(key);

function digit(grammar: SayGrammar, sign: string): SpokenPiece {
  return piece(grammar, `digit-${sign}`, entry(grammar.digits.words, sign));
}

const digitsOf = (grammar: SayGrammar, n: number): readonly SpokenPiece[] =>
  [...String(n)].map((sign) => digit(grammar, sign));

function pause(grammar: SayGrammar): SpokenPiece {
  return { language: grammar.language, words: '', name: 'say/pause', pauseMs: grammar.digits.pause };
}

function letter(grammar: SayGrammar, sign: string): SpokenPiece | null {
  const small = sign.toLowerCase();
  const said = grammar.letters[small] ?? grammar.letters[sign];
  if (said === undefined) return null;
  const name = /^[a-z]$/.test(small) ? small : codeName(small);
  return piece(grammar, `letter-${name}`, said);
}

function sign(grammar: SayGrammar, character: string): SpokenPiece | null {
  const said = grammar.digits.signs[character];
  return said === undefined ? null : piece(grammar, `sign-${codeName(character)}`, said);
}

/** One by one, with a pause between groups; other characters as letters and signs. */
function speakDigits(grammar: SayGrammar, text: string): SpokenValue {
  const pieces: SpokenPiece[] = [];
  let skipped = false;
  for (const run of text.match(/\d+|\D/g) ?? []) {
    if (/\d/.test(run)) {
      const sizes = grammar.digits.groups[String(run.length)];
      let at = 0;
      for (let group = 0; at < run.length; group++) {
        const size = sizes?.[group] ?? grammar.digits.group;
        if (pieces.at(-1)?.name.startsWith('say/digit-')) pieces.push(pause(grammar));
        for (const one of run.slice(at, at + size)) pieces.push(digit(grammar, one));
        at += size;
      }
      continue;
    }
    if (/[\s.\-/]/.test(run)) continue;
    const other = sign(grammar, run) ?? letter(grammar, run);
    if (other === null) skipped = true;
    else pieces.push(other);
  }
  return spoken(pieces, skipped);
}

/** Letters and digits, each by itself. */
function spell(grammar: SayGrammar, text: string): SpokenValue {
  const pieces: SpokenPiece[] = [];
  let skipped = false;
  for (const character of text) {
    if (/[\s.\-/]/.test(character)) continue;
    const one = /\d/.test(character)
      ? digit(grammar, character)
      : (letter(grammar, character) ?? sign(grammar, character));
    if (one === null) skipped = true;
    else pieces.push(one);
  }
  return spoken(pieces, skipped);
}

/** A word of a number before its name and its `and` are known. */
interface NumberWord {
  readonly name: string;
  readonly words: string;
  readonly instead: readonly SpokenPiece[];
}

const nothing: NumberSet = { words: new Map(), rules: [] };

function numberWords(grammar: SayGrammar, set: string, n: number): readonly NumberWord[] {
  const { words, rules } = grammar.numbers.sets.get(set) ?? nothing;
  const own = words.get(n);
  if (own !== undefined)
    return [{ name: `${own.set}-${n}`, words: own.words, instead: digitsOf(grammar, n) }];
  const rule = rules.find((candidate) => candidate.from <= n);
  // The reader makes sure that a rule leads to every number.
  if (rule === undefined) return [];
  const rest = n % rule.by;
  const said: NumberWord[] = [];
  let joined = false;
  for (const item of itemsOf(rule, rest)) {
    if (item === 'and') {
      if ('word' in grammar.numbers.and)
        said.push({ name: 'word-and', words: grammar.numbers.and.word, instead: [] });
      else joined = true;
      continue;
    }
    const next = numberItem(grammar, set, item, n, rule.by);
    said.push(...(joined ? join(grammar, next) : next));
    joined = false;
  }
  return said;
}

function numberItem(
  grammar: SayGrammar,
  set: string,
  item: string,
  n: number,
  by: number,
): readonly NumberWord[] {
  const rest = n % by;
  if (item === 'count') return numberWords(grammar, set, Math.floor(n / by));
  if (item === 'whole') return numberWords(grammar, set, n - rest);
  if (item === 'rest') return numberWords(grammar, set, rest);
  return [{ name: `word-${item}`, words: entry(grammar.numbers.words, item), instead: [] }];
}

/** `and` written together with the word after it: وَ + خَمْسَة. */
function join(grammar: SayGrammar, next: readonly NumberWord[]): readonly NumberWord[] {
  const [first, ...others] = next;
  if (first === undefined || !('prefix' in grammar.numbers.and)) return next;
  return [
    { ...first, name: `and-${first.name}`, words: grammar.numbers.and.prefix + first.words },
    ...others,
  ];
}

const numberPieces = (grammar: SayGrammar, words: readonly NumberWord[]): readonly SpokenPiece[] =>
  words.map((one) => piece(grammar, one.name, one.words, one.instead));

/** 0 to 9999 in words, larger ones digit by digit. Fractions and signs: not a count, null. */
function speakNumber(grammar: SayGrammar, set: string, text: string): SpokenValue | null {
  if (!grammar.numbers.sets.has(set)) return null;
  const whole = /^(\d+)(?:\.0+)?$/.exec(text)?.[1];
  if (whole === undefined) return null;
  const n = Number(whole);
  if (n > largestNumber) return speakDigits(grammar, whole);
  return spoken(numberPieces(grammar, numberWords(grammar, set, n)));
}

/** `2026-03-01`, also with a time after it, which is not spoken. The date is taken as written, in no time zone. */
function speakDate(grammar: SayGrammar, style: string, text: string): SpokenValue | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text);
  const items = grammar.dates.styles[style];
  if (found === null || items === undefined) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const weekday = ((date.getUTCDay() + 6) % 7) + 1;
  return spoken(
    items.flatMap((item) => {
      switch (item) {
        case 'weekday':
          return [piece(grammar, `weekday-${weekday}`, entry(grammar.dates.weekdays, weekday))];
        case 'day':
          return [piece(grammar, `day-${day}`, entry(grammar.dates.days, day), digitsOf(grammar, day))];
        case 'month':
          return [
            piece(grammar, `month-${month}`, entry(grammar.dates.months, month), digitsOf(grammar, month)),
          ];
        case 'year':
          return numberPieces(grammar, numberWords(grammar, grammar.dates.years, year));
        default:
          return [piece(grammar, `word-${item}`, entry(grammar.dates.words, item))];
      }
    }),
  );
}

/** `07:30`, or the time of `2026-03-01T07:30+04:00` as written. */
function speakTime(grammar: SayGrammar, text: string): SpokenValue | null {
  const found = /^(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):(\d{2})(?:[:.Z+-].*)?$/.exec(text);
  if (found === null) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2])];
  if (hour > 23 || minute > 59) return null;
  const { clock, hours, minutes, periods } = grammar.times;
  const named = clock === 24 ? hour : hour % 12 || 12;
  const period = [...periods].sort((a, b) => b.from - a.from).find((one) => one.from <= hour);
  return spoken([
    piece(grammar, `hour-${named}`, entry(hours, named), digitsOf(grammar, named)),
    ...speakMinutes(grammar, minute),
    ...(period === undefined ? [] : [piece(grammar, `period-${period.from}`, period.say)]),
  ]);

  function speakMinutes(speaking: SayGrammar, n: number): readonly SpokenPiece[] {
    const own = minutes.words[String(n)];
    if (own !== undefined)
      return own === '' ? [] : [piece(speaking, `minute-${n}`, own, digitsOf(speaking, n))];
    const plain = numberWords(speaking, minutes.numbers, n);
    const said = minutes.joined ? join(speaking, plain) : plain;
    const category = new Intl.PluralRules(speaking.language).select(n);
    const unit = minutes.unit?.[category] ?? minutes.unit?.other;
    return [
      ...numberPieces(speaking, said),
      ...(unit === undefined ? [] : [piece(speaking, `minutes-${category}`, unit)]),
    ];
  }
}

/** Every piece that a way of speaking can need: what is made before a call. */
export function allValuePieces(
  grammar: SayGrammar,
  way: SlotWay,
  style: string | null,
): readonly SpokenPiece[] {
  const found = new Map<string, SpokenPiece>();
  const add = (value: SpokenValue | null): void => {
    for (const one of value?.pieces ?? []) found.set(one.name, one);
  };
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, n) => from + n);
  const two = (n: number): string => String(n).padStart(2, '0');
  // Digits are what every other way falls back to.
  for (const n of range(0, 9)) add(spoken([digit(grammar, String(n))]));
  add(spoken([pause(grammar)]));
  switch (way) {
    case 'digits':
    case 'spell':
      for (const character of Object.keys(grammar.letters)) add(spell(grammar, character));
      for (const character of Object.keys(grammar.digits.signs)) add(spell(grammar, character));
      break;
    case 'number':
      for (const n of range(0, largestNumber)) add(speakNumber(grammar, style ?? usualNumbers, String(n)));
      break;
    case 'date':
      for (const n of range(1, 31)) add(speakDate(grammar, style ?? usualDates, `2026-01-${two(n)}`));
      for (const n of range(1, 12)) add(speakDate(grammar, style ?? usualDates, `2026-${two(n)}-01`));
      for (const n of range(spokenYears.from, spokenYears.to))
        add(speakDate(grammar, style ?? usualDates, `${n}-01-01`));
      break;
    case 'time':
      for (const n of range(0, 23)) add(speakTime(grammar, `${two(n)}:00`));
      for (const n of range(0, 59)) add(speakTime(grammar, `01:${two(n)}`));
      break;
  }
  return [...found.values()];
}
