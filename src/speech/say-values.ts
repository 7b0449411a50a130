/** A slot's value as spoken pieces, by a language's grammar. Pure. */
import type { Json } from '../base/index.js';
import type { SlotWay } from './message.js';
import {
  digitPieces,
  ordinalSet,
  type SayGrammar,
  sayPiece,
  usualNumbers,
  usualStyle,
} from './say-grammar.js';
import { speakDuration, speakMoney } from './say-amounts.js';
import { speakWhole } from './say-numbers.js';
import { largestNumber } from './say-schema.js';
import { speakDate, speakTime } from './say-times.js';
import type { SpokenPiece } from './speech.js';

/** `skipped`: it has characters without words. */
export interface SpokenValue {
  readonly pieces: readonly SpokenPiece[];
  readonly skipped: boolean;
}

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
    case 'count':
      return speakNumber(grammar, grammar.numbers.plural, text);
    case 'ordinal':
      return speakNumber(grammar, ordinalSet(style), text);
    case 'date':
      return complete(speakDate(grammar, style ?? usualStyle, text));
    case 'time':
      return complete(speakTime(grammar, text));
    case 'money':
      return complete(speakMoney(grammar, style ?? '', text));
    case 'duration':
      return complete(speakDuration(grammar, style ?? usualStyle, text));
  }
}

const complete = (pieces: readonly SpokenPiece[] | null): SpokenValue | null =>
  pieces === null ? null : { pieces, skipped: false };

/** Arabic-Indic and Persian digits, and the Arabic decimal point, as ASCII. */
function latinDigits(text: string): string {
  if (!/[٠-٩۰-۹٫]/.test(text)) return text;
  return text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/(?<=\d)٫(?=\d)/g, '.');
}

/** A character's code point, for names that are easy to write anywhere: `u0628`. */
const codeName = (character: string): string =>
  `u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

export function pausePiece({ language, digits }: SayGrammar): SpokenPiece {
  return { language, words: '', name: 'say/pause', pauseMs: digits.pause };
}

function letter(grammar: SayGrammar, sign: string): SpokenPiece | null {
  const small = sign.toLowerCase();
  const said = grammar.letters[small] ?? grammar.letters[sign];
  if (said === undefined) return null;
  const name = /^[a-z]$/.test(small) ? small : codeName(small);
  return sayPiece(grammar.language, `letter-${name}`, said);
}

function sign(grammar: SayGrammar, character: string): SpokenPiece | null {
  const said = grammar.digits.signs[character];
  return said === undefined ? null : sayPiece(grammar.language, `sign-${codeName(character)}`, said);
}

/** One by one, with a pause between groups; other characters as letters and signs. */
function speakDigits(grammar: SayGrammar, text: string): SpokenValue {
  const pieces: SpokenPiece[] = [];
  let skipped = false;
  const { digits } = grammar;
  for (const run of text.match(/\d+|\D/g) ?? []) {
    if (/\d/.test(run)) {
      const sizes = digits.groups[String(run.length)];
      let at = 0;
      for (let group = 0; at < run.length; group++) {
        const size = sizes?.[group] ?? digits.group;
        if (pieces.at(-1)?.name.startsWith('say/digit-')) pieces.push(pausePiece(grammar));
        pieces.push(...digitPieces(grammar, run.slice(at, at + size)));
        at += size;
      }
      continue;
    }
    if (/[\s.\-/]/.test(run)) continue;
    const other = sign(grammar, run) ?? letter(grammar, run);
    if (other === null) skipped = true;
    else pieces.push(other);
  }
  return { pieces, skipped };
}

/** Letters and digits, each by itself. */
function spell(grammar: SayGrammar, text: string): SpokenValue {
  const pieces: SpokenPiece[] = [];
  let skipped = false;
  for (const character of text) {
    if (/[\s.\-/]/.test(character)) continue;
    if (/\d/.test(character)) pieces.push(...digitPieces(grammar, character));
    else {
      const one = letter(grammar, character) ?? sign(grammar, character);
      if (one === null) skipped = true;
      else pieces.push(one);
    }
  }
  return { pieces, skipped };
}

/** Larger numbers than the grammar's digit by digit. Fractions and signs: not a count, null. */
function speakNumber(grammar: SayGrammar, set: string, text: string): SpokenValue | null {
  if (!grammar.numbers.sets.has(set)) return null;
  const whole = /^(\d+)(?:\.0+)?$/.exec(text)?.[1];
  if (whole === undefined) return null;
  const n = Number(whole);
  if (n > largestNumber) return speakDigits(grammar, whole);
  return { pieces: speakWhole(grammar, set, n), skipped: false };
}
