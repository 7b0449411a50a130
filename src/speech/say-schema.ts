/**
 * The form of `prompts/say/<lang>.yaml`: how a language speaks numbers, digits, dates, times, money, durations and
 * letters, so that a language is added without code. Pure.
 */
import { z } from 'zod';

/** Numbers up to here are spoken as numbers, larger ones digit by digit. */
export const largestNumber = 999_999_999;

const words = z.string().trim().min(1).max(200);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'A name is of small letters, digits and "-", e.g. in-year.');
const numeral = z.string().regex(/^\d{1,9}$/, 'The key is a number from 0 to 999999999.');
const whole = z.int().min(0).max(largestNumber);

/**
 * What is spoken of a number: a part of it in the set in force (`count`, `whole`, `rest`) or in another
 * (`{ count: feminine }`), with the noun that it counts (`{ counted: thousand }`), `and`, or a word.
 */
const ruleItem = z.union([
  name,
  z.strictObject({ count: name }),
  z.strictObject({ whole: name }),
  z.strictObject({ rest: name }),
  z.strictObject({ counted: name }),
]);
const ruleItems = z.array(ruleItem).min(1).max(10);

const rule = z.strictObject({
  /** The rule is for numbers from here to the next rule's `from`. */
  from: whole,
  /** Divides the number: `count` times `by`, and a `rest`; `whole` is the number less its rest. */
  by: z.int().min(1).max(largestNumber),
  /** What is spoken of a number without a rest. */
  say: ruleItems,
  /** Spoken instead where there is a rest; `say` followed by the rest where this is left out. */
  rest: ruleItems.optional(),
  /** Spoken instead where the rest is smaller than `below`. */
  small: z.strictObject({ below: whole, say: ruleItems }).optional(),
});

const numberSet = z.strictObject({
  /** Another set whose words and rules hold here too, unless this one has its own. */
  like: name.optional(),
  words: z.record(numeral, words).default({}),
  rules: z.array(rule).max(100).optional(),
});

const noun = z.strictObject({
  /** Another noun whose forms and set hold here too, unless this one has its own. */
  like: name.optional(),
  /** The number set of its count. */
  numbers: name.optional(),
  /** Count -> what is said instead of number and noun: `1: sejam`. */
  exactly: z.record(numeral, words).default({}),
  /** Plural category (CLDR) of the count -> the form after it. `other` stands in for those that are left out. */
  zero: words.optional(),
  one: words.optional(),
  two: words.optional(),
  few: words.optional(),
  many: words.optional(),
  other: words.optional(),
});

const dateItems = z.array(z.union([z.enum(['weekday', 'day', 'month', 'year']), name])).min(1);

/** Units of a duration, the largest first, in seconds. */
export const durationUnits = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const;
export type DurationUnit = keyof typeof durationUnits;

export const sayGrammarSchema = z.strictObject({
  onedoor: z.literal(1),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'A language is written as in BCP 47, e.g. ar.'),
  digits: z.strictObject({
    words: z.record(z.string().regex(/^[0-9]$/, 'A digit is 0 to 9.'), words),
    signs: z.record(z.string().regex(/^[^\s\p{L}\p{N}]$/u, 'A sign is one character.'), words).default({}),
    /** Count of digits -> sizes of the groups in which they are read. */
    groups: z.record(z.string().regex(/^\d{1,2}$/), z.array(z.int().min(1).max(8)).min(1)).default({}),
    /** Group size for counts that `groups` does not name. */
    group: z.int().min(1).max(8).default(3),
    /** Silence between groups, milliseconds. */
    pause: z.int().min(50).max(2000).default(250),
  }),
  letters: z.record(z.string().regex(/^\p{L}$/u, 'A letter is one character.'), words),
  numbers: z.strictObject({
    /** How `and` is spoken: a word of its own, or written together with the word after it. */
    and: z.union([z.strictObject({ word: words }), z.strictObject({ prefix: words })]),
    /** The set of `#` in a plural: of a number before its noun. */
    plural: name.optional(),
    /** Words that rules name: `hundred: hundred`. */
    words: z.record(name, words).default({}),
    /** Name -> set; `number` is the usual one, `{n, number, feminine}` asks for another. `{n, ordinal}` is the set
     * `ordinal`, `{n, ordinal, feminine}` the set `ordinal-feminine`. */
    sets: z.record(name, numberSet),
  }),
  /** What is counted: units of money and time, and thousand and million where they are nouns. */
  nouns: z.record(name, noun).default({}),
  dates: z.strictObject({
    months: z.record(numeral, words),
    /** 1 is Monday (ISO 8601). */
    weekdays: z.record(numeral, words),
    days: z.record(numeral, words),
    /** The number set of years. */
    years: name,
    /** Words that styles name, e.g. `in-year`. */
    words: z.record(name, words).default({}),
    /** Name -> order of speaking; `full` is the usual one. */
    styles: z.record(name, dateItems),
  }),
  times: z.strictObject({
    clock: z.union([z.literal(12), z.literal(24)]),
    hours: z.record(numeral, words),
    minutes: z.strictObject({
      /** Minutes with words of their own; an empty text: nothing is said of them. */
      words: z.record(numeral, z.string().trim().max(200)).default({}),
      /** The number set of all other minutes, where they are spoken without a unit. */
      numbers: name.optional(),
      /** The noun of all other minutes, where the unit is spoken. */
      counted: name.optional(),
      /** Whether `and` stands between hour and minutes. */
      joined: z.boolean().default(false),
    }),
    /** Part of the day by the hour from which it counts; none where the language uses 24 hours. */
    periods: z.array(z.strictObject({ from: z.int().min(0).max(23), say: words })).default([]),
  }),
  money: z
    .strictObject({
      /** Whether `and` stands between the two units. */
      and: z.boolean().default(false),
      /** Style -> currency, by its code: `{amount, money, OMR}`. */
      styles: z.record(
        z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'A style is a word, e.g. OMR.'),
        z.strictObject({
          /** The noun of whole units. */
          main: name,
          /** The noun of the parts; needed where there are `decimals`. */
          minor: name.optional(),
          /** Digits after the point that are parts: 3 where 1000 parts make one (ISO 4217). */
          decimals: z.int().min(0).max(4),
        }),
      ),
    })
    .optional(),
  durations: z
    .strictObject({
      /** Where `and` stands: before each unit but the first, before the last one only, or nowhere. */
      and: z.enum(['each', 'last', 'never']).default('never'),
      /** Name -> noun of each unit that is spoken; `full` is the usual one. The rest below the smallest is rounded up. */
      styles: z.record(
        name,
        z.strictObject({
          day: name.optional(),
          hour: name.optional(),
          minute: name.optional(),
          second: name.optional(),
        }),
      ),
    })
    .optional(),
});

export type SayGrammarFile = z.output<typeof sayGrammarSchema>;
export type RuleFile = z.output<typeof rule>;
export type RuleItemFile = z.output<typeof ruleItem>;
