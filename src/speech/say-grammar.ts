/** A language's grammar of spoken values, read and linked: every word is a piece that can be recorded. Pure. */
import type { DurationUnit, SayGrammarFile } from './say-schema.js';
import type { SpokenPiece } from './speech.js';

/** A word of the grammar, by itself and with `and` before it. */
export interface Said {
  readonly plain: SpokenPiece;
  readonly joined: readonly SpokenPiece[];
}

export type RuleItem =
  | {
      readonly type: 'part';
      readonly part: 'count' | 'whole' | 'rest';
      /** The set that speaks it; null: the one in force. */
      readonly set: string | null;
    }
  | { readonly type: 'counted'; readonly noun: string }
  | { readonly type: 'and' }
  | { readonly type: 'word'; readonly said: Said };

export interface NumberRule {
  readonly from: number;
  readonly by: number;
  readonly say: readonly RuleItem[];
  readonly rest: readonly RuleItem[];
  readonly small: { readonly below: number; readonly say: readonly RuleItem[] } | null;
}

/** A set with all that it takes from the sets that it is like. */
export interface NumberSet {
  readonly words: ReadonlyMap<number, Said>;
  /** By falling `from`. */
  readonly rules: readonly NumberRule[];
}

/** What a set is that a grammar lacks. */
export const noNumbers: NumberSet = { words: new Map(), rules: [] };

export interface Noun {
  /** The number set of its count. */
  readonly numbers: string;
  readonly exactly: ReadonlyMap<number, Said>;
  /** Plural category -> form. */
  readonly forms: ReadonlyMap<string, Said>;
  readonly other: Said;
}

export interface SayGrammar
  extends Omit<SayGrammarFile, 'onedoor' | 'numbers' | 'nouns' | 'money' | 'durations'> {
  readonly file: string;
  readonly spokenDigits: ReadonlyMap<string, SpokenPiece>;
  /** The CLDR plural category of a count. */
  readonly plural: (n: number) => string;
  readonly numbers: {
    readonly and: SayGrammarFile['numbers']['and'];
    /** The set of `#` in a plural. */
    readonly plural: string;
    readonly sets: ReadonlyMap<string, NumberSet>;
  };
  readonly nouns: ReadonlyMap<string, Noun>;
  readonly money: {
    readonly and: boolean;
    readonly styles: ReadonlyMap<string, Currency>;
  };
  readonly durations: {
    readonly and: 'each' | 'last' | 'never';
    /** Style -> its units, the largest first, each with its noun. */
    readonly styles: ReadonlyMap<string, readonly CountedUnit[]>;
  };
}

export interface Currency {
  readonly main: string;
  /** null where the currency has no parts. */
  readonly minor: string | null;
  readonly decimals: number;
}

interface CountedUnit {
  readonly unit: DurationUnit;
  readonly noun: string;
}

/** The usual number set, the set of ordinals, and the usual style of dates and durations. */
export const usualNumbers = 'number';
export const ordinals = 'ordinal';
export const usualStyle = 'full';

/** Years that a date can be in. */
export const spokenYears = { from: 1900, to: 2100 } as const;

/** The number set of `{n, ordinal}` or `{n, ordinal, feminine}`. */
export function ordinalSet(style: string | null): string {
  return style === null ? ordinals : `${ordinals}-${style}`;
}

/** A piece of the grammar: recorded as `say/<name>`. */
export function sayPiece(
  language: string,
  name: string,
  words: string,
  instead: readonly SpokenPiece[] = [],
): SpokenPiece {
  return { language, words, name: `say/${name}`, ...(instead.length > 0 ? { instead } : {}) };
}

/** A word with and without `and`, as the language joins them: وَ + خَمْسَة, or "and five". */
export function saidWord(
  language: string,
  and: SayGrammarFile['numbers']['and'],
  name: string,
  words: string,
  instead: readonly SpokenPiece[] = [],
): Said {
  const plain = sayPiece(language, name, words, instead);
  const joined =
    'prefix' in and
      ? [sayPiece(language, `and-${name}`, and.prefix + words, instead)]
      : [sayPiece(language, 'word-and', and.word), plain];
  return { plain, joined };
}

/** The digits of a whole number, one by one. */
export function digitPieces(
  { spokenDigits }: Pick<SayGrammar, 'spokenDigits'>,
  digits: string,
): readonly SpokenPiece[] {
  return [...digits].flatMap((sign) => spokenDigits.get(sign) ?? []);
}

/** What a rule speaks of a number with this rest. */
export function itemsOf(rule: NumberRule, rest: number): readonly RuleItem[] {
  if (rest === 0) return rule.say;
  return rule.small !== null && rest < rule.small.below ? rule.small.say : rule.rest;
}
