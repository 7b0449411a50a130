/**
 * How a language speaks numbers, digits, dates, times and letters: `prompts/say/<lang>.yaml`, so that a language is
 * added without code. Pure.
 */
import { z } from 'zod';
import { checkYaml, type Finding, type Position, readYaml, type YamlPath } from '../base/index.js';

const words = z.string().trim().min(1).max(200);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'A name is of small letters, digits and "-", e.g. in-year.');
const numeral = z.string().regex(/^\d{1,4}$/, 'The key is a number from 0 to 9999.');
const whole = z.int().min(0).max(9999);

const rule = z.strictObject({
  /** The rule is for numbers from here to the next rule's `from`. */
  from: whole,
  /** Divides the number: `count` times `by`, and a `rest`. */
  by: z.int().min(2).max(9999),
  /** What is spoken of a number without a rest: `count`, `whole` (the number less its rest), `and`, or a word. */
  say: z.array(name).min(1),
  /** Spoken instead where there is a rest; `say` followed by the rest where this is left out. */
  rest: z.array(name).min(1).optional(),
  /** Spoken instead where the rest is smaller than `below`. */
  small: z.strictObject({ below: whole, say: z.array(name).min(1) }).optional(),
});

const numberSet = z.strictObject({
  /** Another set whose words and rules hold here too, unless this one has its own. */
  like: name.optional(),
  words: z.record(numeral, words).default({}),
  rules: z.array(rule).optional(),
});

const dateItems = z.array(z.union([z.enum(['weekday', 'day', 'month', 'year']), name])).min(1);

const sayGrammarSchema = z.strictObject({
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
    /** Words that rules name: `hundred: hundred`. */
    words: z.record(name, words).default({}),
    /** Name -> set; `number` is the usual one, `{n, number, feminine}` asks for another. */
    sets: z.record(name, numberSet),
  }),
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
      /** The number set of all other minutes. */
      numbers: name,
      /** Whether `and` stands between hour and minutes. */
      joined: z.boolean().default(false),
      /** Plural category -> unit after the number. */
      unit: z.record(z.enum(['zero', 'one', 'two', 'few', 'many', 'other']), words.optional()).optional(),
    }),
    /** Part of the day by the hour from which it counts; none where the language uses 24 hours. */
    periods: z.array(z.strictObject({ from: z.int().min(0).max(23), say: words })).default([]),
  }),
});

type SayGrammarFile = z.output<typeof sayGrammarSchema>;
export type NumberRule = z.output<typeof rule>;

/** A set with all that it takes from the sets that it is like. */
export interface NumberSet {
  /** Number -> its words, and the set that they come from (it names the piece). */
  readonly words: ReadonlyMap<number, { readonly words: string; readonly set: string }>;
  /** By falling `from`. */
  readonly rules: readonly NumberRule[];
}

export interface SayGrammar extends Omit<SayGrammarFile, 'onedoor' | 'numbers'> {
  readonly file: string;
  readonly numbers: {
    readonly and: SayGrammarFile['numbers']['and'];
    readonly words: Readonly<Record<string, string>>;
    readonly sets: ReadonlyMap<string, NumberSet>;
  };
}

type SayGrammarReading =
  | { readonly result: 'read'; readonly grammar: SayGrammar }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

/** The usual number set and the usual style of dates. */
export const usualNumbers = 'number';
export const usualDates = 'full';

/** Numbers up to here are spoken as numbers, larger ones digit by digit. */
export const largestNumber = 9999;
/** Years that a date can be in. */
export const spokenYears = { from: 1900, to: 2100 } as const;

const ruleWords: ReadonlySet<string> = new Set(['count', 'whole', 'rest', 'and']);

/** Reads and checks a grammar: every number, day, month, hour and digit must come out in words. Pure. */
export function readSayGrammar(file: string, text: string): SayGrammarReading {
  const reading = readYaml(file, text);
  if (reading.result === 'broken') return reading;
  const { source } = reading;
  const checked = checkYaml(source, sayGrammarSchema, 'say');
  if (checked.result === 'invalid') return { result: 'broken', findings: checked.findings };
  const data = checked.value;
  const findings: Finding[] = [];
  const find = (place: Position, code: string, what: string, why: string, mend: string): void => {
    findings.push({ file, ...place, code: `say/${code}`, what, why, mend });
  };

  const need = (path: YamlPath, have: Readonly<Record<string, unknown>>, from: number, to: number): void => {
    const lacking: number[] = [];
    for (let n = from; n <= to; n++) if (have[String(n)] === undefined) lacking.push(n);
    if (lacking.length > 0)
      find(
        source.keyAt(path),
        'incomplete',
        `"${path.join('.')}" lacks ${lacking.slice(0, 8).join(', ')}${lacking.length > 8 ? ' and more' : ''}.`,
        'A caller would hear a gap there.',
        `Add the words for ${from} to ${to}.`,
      );
  };
  need(['digits', 'words'], data.digits.words, 0, 9);
  need(['dates', 'months'], data.dates.months, 1, 12);
  need(['dates', 'weekdays'], data.dates.weekdays, 1, 7);
  need(['dates', 'days'], data.dates.days, 1, 31);
  need(
    ['times', 'hours'],
    data.times.hours,
    data.times.clock === 12 ? 1 : 0,
    data.times.clock === 12 ? 12 : 23,
  );
  for (const [count, sizes] of Object.entries(data.digits.groups)) {
    if (sizes.reduce((sum, size) => sum + size, 0) !== Number(count))
      find(
        source.at(['digits', 'groups', count]),
        'groups',
        `The groups for ${count} digits have another sum.`,
        'Digits would be left over.',
        `Write sizes that add up to ${count}.`,
      );
  }

  const namesSet = (path: YamlPath, set: string): void => {
    if (data.numbers.sets[set] === undefined)
      find(
        source.at(path),
        'set',
        `There is no number set "${set}".`,
        'Its numbers have no words.',
        'Name a set of numbers.sets.',
      );
  };
  namesSet(['dates', 'years'], data.dates.years);
  namesSet(['times', 'minutes', 'numbers'], data.times.minutes.numbers);
  if (data.numbers.sets[usualNumbers] === undefined)
    find(
      source.keyAt(['numbers', 'sets']),
      'set',
      `There is no number set "${usualNumbers}".`,
      'It is the usual one.',
      'Add it.',
    );
  for (const [style, items] of Object.entries(data.dates.styles)) {
    items.forEach((item, at) => {
      if (!['weekday', 'day', 'month', 'year'].includes(item) && data.dates.words[item] === undefined)
        find(
          source.at(['dates', 'styles', style, at]),
          'word',
          `"${item}" is neither weekday, day, month, year nor a word of dates.words.`,
          'It could not be spoken.',
          'Add it to dates.words.',
        );
    });
  }
  if (data.dates.styles[usualDates] === undefined)
    find(
      source.keyAt(['dates', 'styles']),
      'style',
      `There is no style "${usualDates}".`,
      'It is the usual one.',
      'Add it.',
    );

  const sets = new Map<string, NumberSet>();
  const setOf = (set: string, above: readonly string[]): NumberSet => {
    const own = data.numbers.sets[set];
    const path: YamlPath = ['numbers', 'sets', set];
    const empty: NumberSet = { words: new Map(), rules: [] };
    if (own === undefined) return empty;
    if (own.like !== undefined && (data.numbers.sets[own.like] === undefined || above.includes(own.like))) {
      find(
        source.at([...path, 'like']),
        'set',
        `"${set}" cannot be like "${own.like}".`,
        'That set is not there, or is like this one.',
        'Name another set.',
      );
      return empty;
    }
    const base = own.like === undefined ? empty : setOf(own.like, [...above, set]);
    const merged = new Map(base.words);
    for (const [n, said] of Object.entries(own.words)) merged.set(Number(n), { words: said, set });
    const rules = own.rules === undefined ? base.rules : [...own.rules].sort((a, b) => b.from - a.from);
    return { words: merged, rules };
  };
  for (const [set, { rules }] of Object.entries(data.numbers.sets)) {
    sets.set(set, setOf(set, [set]));
    rules?.forEach((one, at) => {
      const used = [
        ...one.say.map((item, i) => ({ item, path: ['say', i] })),
        ...(one.rest ?? []).map((item, i) => ({ item, path: ['rest', i] })),
        ...(one.small?.say ?? []).map((item, i) => ({ item, path: ['small', 'say', i] })),
      ];
      for (const { item, path } of used) {
        if (!ruleWords.has(item) && data.numbers.words[item] === undefined)
          find(
            source.at(['numbers', 'sets', set, 'rules', at, ...path]),
            'word',
            `"${item}" is neither count, whole, rest, and nor a word of numbers.words.`,
            'It could not be spoken.',
            'Add it to numbers.words.',
          );
      }
    });
  }
  if (findings.length === 0) {
    for (const [set, { words: have, rules }] of sets) {
      const gap = firstGap(have, rules);
      if (gap !== null)
        find(
          source.keyAt(['numbers', 'sets', set]),
          'gap',
          `The set "${set}" has no words for ${gap}.`,
          `It must speak 0 to ${largestNumber}.`,
          'Add its word, or a rule whose count, whole and rest have words.',
        );
    }
  }
  if (findings.length > 0) return { result: 'broken', findings };
  return {
    result: 'read',
    grammar: {
      file,
      language: data.language,
      digits: data.digits,
      letters: data.letters,
      numbers: { and: data.numbers.and, words: data.numbers.words, sets },
      dates: data.dates,
      times: data.times,
    },
  };
}

/** The first number that has neither a word nor a rule that leads to smaller numbers with words; null: none. */
function firstGap(have: NumberSet['words'], rules: readonly NumberRule[]): number | null {
  const spoken = (n: number, known: Uint8Array): boolean => {
    if (have.has(n)) return true;
    const one = rules.find((candidate) => candidate.from <= n);
    if (one === undefined) return false;
    const rest = n % one.by;
    const items = itemsOf(one, rest);
    const parts = items.flatMap((item) => {
      if (item === 'count') return [Math.floor(n / one.by)];
      if (item === 'whole') return [n - rest];
      return item === 'rest' ? [rest] : [];
    });
    return parts.every((part) => part < n && known[part] === 1);
  };
  const known = new Uint8Array(largestNumber + 1);
  for (let n = 0; n <= largestNumber; n++) {
    if (!spoken(n, known)) return n;
    known[n] = 1;
  }
  return null;
}

/** What a rule speaks of a number with this rest. */
export function itemsOf(rule: NumberRule, rest: number): readonly string[] {
  if (rest === 0) return rule.say;
  if (rule.small !== undefined && rest < rule.small.below) return rule.small.say;
  return rule.rest ?? [...rule.say, 'rest'];
}
