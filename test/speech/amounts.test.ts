/** Money, durations and counted nouns; and that few pieces suffice for all values. */
import { toCardinal as arabicWords } from 'n2words/ar-SA';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { readSayGrammar } from '../../src/speech/read-say-grammar.js';
import type { SayGrammar } from '../../src/speech/say-grammar.js';
import { speakValue } from '../../src/speech/say-values.js';
import type { SlotWay } from '../../src/speech/message.js';
import { valueExamples } from '../../src/speech/value-examples.js';
import { allValuePieces } from '../../src/speech/value-pieces.js';
import { catalogOf, grammarText, said } from './kit.js';
import { atOnce } from '../kit/at-once.js';

const arabic = { singular: 'يوم', two: 'يومان', few: 'أيام', many: 'يوما' };
const catalog = catalogOf({
  en: `
  money: "{v, money, OMR}"
  ringgit: "{v, money, MYR}"
  wait: "{v, duration}"
  minutes: "{v, duration, minutes}"`,
  ms: `
  money: "{v, money, MYR}"
  wait: "{v, duration}"
  minutes: "{v, duration, minutes}"
  pieces: "{v, plural, other {# aduan}}"`,
  ar: `
  money: "{v, money, OMR}"
  of: "{v, money, OMR-genitive}"
  wait: "{v, duration}"
  minutes: "{v, duration, minutes}"
  after: "{v, duration, minutes-genitive}"
  days: "{v, plural, one {يوم واحد} two {يومان} few {# أيام} many {# يوما} other {# يوم}}"
  tickets: "{v, plural, one {مخالفة واحدة} two {مخالفتان} few {{v, number, counting-feminine} مخالفات} many {{v, number, counting-feminine} مخالفة} other {{v, number, counting-feminine} مخالفة}}"`,
});

type Rows = readonly (readonly [string | number, string])[];

function table(t: Test, language: string, text: string, rows: Rows): void {
  for (const [value, words] of rows) t.equal(said(catalog, language, text, value), words, `${value}`);
}

t.test('money in rials of 1000 baisas', async (t) => {
  table(t, 'en', 'money', [
    ['12.500', 'twelve rials and five hundred baisas'],
    ['12.5', 'twelve rials and five hundred baisas'],
    [1, 'one rial'],
    ['0.001', 'one baisa'],
    ['0', 'zero rials'],
    ['3.050', 'three rials and fifty baisas'],
    ['٣٫٥', 'three rials and five hundred baisas'],
    [0.1 + 0.2, 'three hundred baisas'],
    ['7.9999999999', 'eight rials'],
  ]);
  table(t, 'ar', 'money', [
    [1, 'ريال واحد'],
    [2, 'ريالان'],
    [3, 'ثلاثة ريالات'],
    [11, 'أحد عشر ريالا'],
    [100, 'مائة ريال'],
    [200, 'مائتا ريال'],
    [2000, 'ألفا ريال'],
    [11_000, 'أحد عشر ألف ريال'],
    ['5.002', 'خمسة ريالات وبيستان'],
    ['1.005', 'ريال واحد وخمس بيسات'],
    ['0.200', 'مائتا بيسة'],
    ['0.012', 'اثنتا عشرة بيسة'],
  ]);
  table(t, 'ar', 'of', [
    [2, 'ريالين'],
    [20, 'عشرين ريالا'],
    ['200.020', 'مائتي ريال وعشرين بيسة'],
    [2000, 'ألفي ريال'],
  ]);
});

t.test('money in ringgit of 100 sen', async (t) => {
  table(t, 'ms', 'money', [
    ['12.50', 'dua belas ringgit lima puluh sen'],
    ['0.05', 'lima sen'],
    [0, 'sifar ringgit'],
    [1_000_000, 'sejuta ringgit'],
  ]);
  table(t, 'en', 'ringgit', [['2.01', 'two ringgit and one sen']]);
});

t.test('durations in their units, waits rounded up to minutes', async (t) => {
  table(t, 'en', 'wait', [
    [0, 'zero seconds'],
    [59, 'fifty nine seconds'],
    [3600, 'one hour'],
    [3725, 'one hour two minutes and five seconds'],
    [90_000, 'one day and one hour'],
    ['4.2', 'five seconds'],
  ]);
  table(t, 'en', 'minutes', [
    [1, 'one minute'],
    [60, 'one minute'],
    [61, 'two minutes'],
    [3599, 'one hour'],
  ]);
  table(t, 'ms', 'wait', [
    [3725, 'sejam dua minit lima saat'],
    [7200, 'dua jam'],
  ]);
  table(t, 'ar', 'wait', [
    [120, 'دقيقتان'],
    [185, 'ثلاث دقائق وخمس ثوان'],
    [3660, 'ساعة واحدة ودقيقة واحدة'],
    [86_400 * 3, 'ثلاثة أيام'],
  ]);
  table(t, 'ar', 'minutes', [[1200, 'عشرون دقيقة']]);
  table(t, 'ar', 'after', [
    [120, 'دقيقتين'],
    [300, 'خمس دقائق'],
    [720, 'اثنتي عشرة دقيقة'],
    [1200, 'عشرين دقيقة'],
    [22 * 60, 'اثنتين وعشرين دقيقة'],
  ]);
});

t.test('what is no sum or duration is missing, never spoken as something else', async (t) => {
  const rows: readonly (readonly [string, string | number])[] = [
    ['money', '-1'],
    ['money', '12.5004'],
    ['money', '12,5'],
    ['money', 'OMR 12'],
    ['money', '1e3'],
    ['money', 1e21],
    ['money', '1000000000'],
    ['wait', -1],
    ['wait', '10 minutes'],
    ['wait', 1e12],
    ['wait', 'Infinity'],
  ];
  for (const [text, v] of rows)
    t.same(catalog.render('en', text, { v }), { pieces: [], missing: ['v'] }, `${text} ${v}`);
});

/** What Arabic grammar says of a count of a noun, from n2words' numbers. */
function counted(n: number, noun: typeof arabic, gender: 'masculine' | 'feminine'): string {
  if (n === 1) return `${noun.singular} ${gender === 'masculine' ? 'واحد' : 'واحدة'}`;
  if (n === 2) return noun.two;
  const tens = n % 100;
  const form = tens >= 3 && tens <= 10 ? noun.few : tens >= 11 ? noun.many : noun.singular;
  const number = arabicWords(n, { gender })
    .replaceAll('مئت', 'مائت')
    .replace(/واحدة (?=و)/, 'إحدى ')
    .replace(/^مائتان$/, 'مائتا')
    .replace(/^(.* و)?ثمان$/, '$1ثماني');
  return `${number} ${form}`;
}

t.test('Arabic counted nouns from 0 to 200, and some larger', async (t) => {
  const tickets = { singular: 'مخالفة', two: 'مخالفتان', few: 'مخالفات', many: 'مخالفة' };
  for (const n of [...Array.from({ length: 201 }, (_, n) => n), 203, 211, 300, 999, 1000, 1003, 1011, 1100]) {
    const days = said(catalog, 'ar', 'days', n);
    if (days !== counted(n, arabic, 'masculine')) t.equal(days, counted(n, arabic, 'masculine'), `${n} days`);
    const fines = said(catalog, 'ar', 'tickets', n);
    if (fines !== counted(n, tickets, 'feminine'))
      t.equal(fines, counted(n, tickets, 'feminine'), `${n} tickets`);
  }
  t.equal(said(catalog, 'ar', 'days', 1200), 'ألف ومائتا يوم', 'only the last word leans on the noun');
  t.equal(said(catalog, 'ar', 'days', 2000), 'ألفا يوم');
  t.equal(said(catalog, 'ar', 'days', 11_000), 'أحد عشر ألف يوم');
  t.equal(said(catalog, 'ms', 'pieces', 21), 'dua puluh satu aduan');
});

const grammars = ['en', 'ms', 'ar'].map((language): SayGrammar => {
  const reading = atOnce(readSayGrammar(`prompts/say/${language}.yaml`, grammarText(language)));
  if (reading.result === 'broken') throw new Error(reading.findings.map(({ what }) => what).join('\n'));
  return reading.grammar;
});

/** Every way of speaking of a language with each of its styles. */
function waysOf({
  numbers,
  dates,
  money,
  durations,
}: SayGrammar): readonly (readonly [SlotWay, string | null])[] {
  return [
    ['digits', null],
    ['spell', null],
    ['time', null],
    ['count', null],
    ['ordinal', null],
    ...[...numbers.sets.keys()].map((set) => ['number', set] as const),
    ...Object.keys(dates.styles).map((style) => ['date', style] as const),
    ...[...money.styles.keys()].map((style) => ['money', style] as const),
    ...[...durations.styles.keys()].map((style) => ['duration', style] as const),
  ];
}

t.test('pieces are made by word, not by number: a few hundred speak every value there is', async (t) => {
  const most = { en: 120, ms: 120, ar: 230 };
  for (const grammar of grammars) {
    for (const [way, style] of waysOf(grammar)) {
      const pieces = allValuePieces(grammar, way, style);
      const label = `${grammar.language} ${way} ${style ?? ''}`;
      const few = most[grammar.language as keyof typeof most];
      if (pieces.length > few) t.fail(`${label} needs ${pieces.length} pieces`);
      // Digits and pauses stand in for what has no sound.
      const examples = valueExamples(grammar, way, style);
      const idle = pieces.filter(({ name }) => !/^say\/(digit-\d|pause)$/.test(name) && !examples.has(name));
      t.same(
        idle.map(({ name }) => name),
        [],
        `${label}: each of ${pieces.length} is needed by some value`,
      );
    }
  }
});

t.test('no value needs a piece that is not made before a call', async (t) => {
  for (const grammar of grammars) {
    for (const [way, style] of waysOf(grammar)) {
      const made = new Set(allValuePieces(grammar, way, style).map(({ name }) => name));
      const value =
        way === 'money'
          ? fc.integer({ min: 0, max: 999_999_999 }).map((n) => String(n / 1000))
          : way === 'digits' || way === 'spell'
            ? fc.stringMatching(/^[A-Za-z0-9+*#]{1,12}$/)
            : way === 'date'
              ? fc
                  .date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true })
                  .map((day) => day.toISOString())
              : way === 'time'
                ? fc
                    .date({ noInvalidDate: true, min: new Date(0), max: new Date(1e12) })
                    .map((at) => at.toISOString().slice(11, 16))
                : fc.integer({ min: 0, max: 999_999_999 });
      t.doesNotThrow(
        () =>
          fc.assert(
            fc.property(value, (v) => {
              const spoken = speakValue(grammar, way, style, v);
              // Ringgit and dollars have no thousandths.
              if (spoken === null) return way === 'money';
              return (
                !spoken.skipped &&
                spoken.pieces.length > 0 &&
                spoken.pieces.every(({ name }) => made.has(name))
              );
            }),
            { numRuns: 200 },
          ),
        `${grammar.language} ${way} ${style ?? ''}`,
      );
    }
  }
});
