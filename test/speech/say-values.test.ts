import fc from 'fast-check';
import t, { type Test } from 'tap';
import { captionOf } from '../../src/speech/index.js';
import { catalogOf, said } from './kit.js';

const common = `
  n: "{v, number}"
  d: "{v, date}"
  short: "{v, date, short}"
  weekday: "{v, date, weekday}"
  time: "{v, time}"
  digits: "{v, digits}"
  spell: "{v, spell}"
  f: "{v, number}"
  g: "{v, number}"`;
const catalog = catalogOf({
  en: common,
  ar: common
    .replace('f: "{v, number}"', 'f: "{v, number, feminine}"')
    .replace('g: "{v, number}"', 'g: "{v, number, genitive}"'),
});

type Rows = readonly (readonly [string | number, string])[];

function table(t: Test, language: string, text: string, rows: Rows): void {
  for (const [value, words] of rows) t.equal(said(catalog, language, text, value), words, `${value}`);
}

t.test('numbers in English', async (t) => {
  table(t, 'en', 'n', [
    [0, 'zero'],
    [7, 'seven'],
    [12, 'twelve'],
    [20, 'twenty'],
    [21, 'twenty one'],
    [99, 'ninety nine'],
    [100, 'one hundred'],
    [101, 'one hundred and one'],
    [345, 'three hundred and forty five'],
    [1000, 'one thousand'],
    [1026, 'one thousand and twenty six'],
    [2300, 'two thousand three hundred'],
    [9999, 'nine thousand nine hundred and ninety nine'],
    [12345, 'twelve thousand three hundred and forty five'],
    [1_000_001, 'one million and one'],
    ['1234567890', 'one two three | four five six | seven eight nine zero'],
    ['0042', 'forty two'],
    ['٤٢', 'forty two'],
  ]);
});

t.test('numbers in Arabic: ones before tens, joined by wa, the hundreds as one word', async (t) => {
  table(t, 'ar', 'n', [
    [0, 'صفر'],
    [3, 'ثلاثة'],
    [10, 'عشرة'],
    [11, 'أحد عشر'],
    [12, 'اثنا عشر'],
    [13, 'ثلاثة عشر'],
    [20, 'عشرون'],
    [21, 'واحد وعشرون'],
    [25, 'خمسة وعشرون'],
    [100, 'مائة'],
    [101, 'مائة وواحد'],
    [125, 'مائة وخمسة وعشرون'],
    [200, 'مائتان'],
    [345, 'ثلاثمائة وخمسة وأربعون'],
    [1000, 'ألف'],
    [1001, 'ألف وواحد'],
    [2026, 'ألفان وستة وعشرون'],
    [3011, 'ثلاثة آلاف وأحد عشر'],
    [9999, 'تسعة آلاف وتسعمائة وتسعة وتسعون'],
  ]);
});

t.test('things of feminine gender: Arabic turns the gender of 3 to 10 round', async (t) => {
  table(t, 'ar', 'f', [
    [1, 'واحدة'],
    [3, 'ثلاث'],
    [8, 'ثمان'],
    [10, 'عشر'],
    [11, 'إحدى عشرة'],
    [12, 'اثنتا عشرة'],
    [15, 'خمس عشرة'],
    [21, 'إحدى وعشرون'],
    [25, 'خمس وعشرون'],
    [103, 'مائة وثلاث'],
    [1121, 'ألف ومائة وإحدى وعشرون'],
    [3000, 'ثلاثة آلاف'],
  ]);
});

t.test('after a preposition Arabic takes the genitive', async (t) => {
  table(t, 'ar', 'g', [
    [2, 'اثنين'],
    [5, 'خمسة'],
    [12, 'اثني عشر'],
    [20, 'عشرين'],
    [35, 'خمسة وثلاثين'],
    [200, 'مائتين'],
    [2000, 'ألفين'],
  ]);
});

t.test('dates in English', async (t) => {
  table(t, 'en', 'd', [
    ['2026-03-01', 'the first of March twenty twenty six'],
    ['2026-11-22T10:00:00+04:00', 'the twenty-second of November twenty twenty six'],
    ['2005-02-21', 'the twenty-first of February two thousand and five'],
    ['2000-01-11', 'the eleventh of January two thousand'],
    ['1984-12-31', 'the thirty-first of December nineteen eighty four'],
    ['1905-05-05', 'the fifth of May nineteen oh five'],
    ['1900-01-01', 'the first of January nineteen hundred'],
  ]);
  table(t, 'en', 'short', [['2026-03-01', 'the first of March']]);
  table(t, 'en', 'weekday', [['2026-11-22', 'Sunday the twenty-second of November']]);
});

t.test('dates in Arabic', async (t) => {
  table(t, 'ar', 'd', [
    ['2026-03-01', 'الأول من مارس عام ألفين وستة وعشرين'],
    ['2005-02-21', 'الحادي والعشرين من فبراير عام ألفين وخمسة'],
    ['1999-12-31', 'الحادي والثلاثين من ديسمبر عام ألف وتسعمائة وتسعة وتسعين'],
  ]);
  table(t, 'ar', 'weekday', [['2026-11-22', 'الأحد الثاني والعشرين من نوفمبر']]);
});

t.test('times of day', async (t) => {
  table(t, 'en', 'time', [
    ['07:30', 'seven thirty in the morning'],
    ['00:05', 'twelve oh five in the morning'],
    ['13:00', 'one in the afternoon'],
    ['2026-03-01T23:45+04:00', 'eleven forty five in the evening'],
  ]);
  table(t, 'ar', 'time', [
    ['07:30', 'الساعة السابعة والنصف صباحا'],
    ['00:05', 'الساعة الثانية عشرة وخمس دقائق صباحا'],
    ['13:21', 'الساعة الواحدة وإحدى وعشرون دقيقة ظهرا'],
    ['20:02', 'الساعة الثامنة ودقيقتان مساء'],
  ]);
});

t.test('digits are read one by one, in groups', async (t) => {
  table(t, 'en', 'digits', [
    ['7', 'seven'],
    ['123456', 'one two three | four five six'],
    ['80077222', 'eight zero zero seven | seven two two two'],
    ['12-34', 'one two | three four'],
    ['+968 1', 'plus nine six eight | one'],
    ['AB12', 'A B one two'],
  ]);
  table(t, 'ar', 'digits', [
    ['123456', 'واحد اثنان ثلاثة | أربعة خمسة ستة'],
    ['٧٧', 'سبعة سبعة'],
  ]);
});

t.test('letters are spelt, Latin and Arabic ones', async (t) => {
  table(t, 'en', 'spell', [['Bb 7', 'B B seven']]);
  table(t, 'ar', 'spell', [
    ['B7', 'بي سبعة'],
    ['ب أ', 'باء ألف'],
  ]);
});

t.test('a value that is none of its kind is missing, never spoken as something else', async (t) => {
  const rows: readonly (readonly [string, string | number])[] = [
    ['d', '2026-02-30'],
    ['d', 'yesterday'],
    ['d', 20260301],
    ['time', '25:00'],
    ['n', '3.5'],
    ['n', '-1'],
    ['n', 'many'],
    ['n', ''],
  ];
  for (const [text, v] of rows)
    t.same(catalog.render('en', text, { v }), { pieces: [], missing: ['v'] }, `${text} ${v}`);
  const { pieces, missing } = catalog.render('en', 'digits', { v: '1é2' });
  t.equal(captionOf(pieces), 'one two', 'what can be spoken is');
  t.same(missing, ['v']);
});

t.test('no two numbers sound the same, in any set', async (t) => {
  for (const [language, text] of [
    ['en', 'n'],
    ['ar', 'n'],
    ['ar', 'f'],
    ['ar', 'g'],
  ] as const) {
    const words = new Set<string>();
    for (let n = 0; n <= 9999; n++) words.add(said(catalog, language, text, n));
    t.equal(words.size, 10_000, `${language} ${text}`);
  }
});

t.test('every piece that a value can need is among those made before a call', async (t) => {
  const names = new Map(
    catalog.languages.map((language) => [
      language,
      new Set(catalog.allPieces(language).map(({ name }) => name)),
    ]),
  );
  const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.constantFrom(...catalog.languages),
        fc.nat(9999),
        day,
        fc.stringMatching(/^[A-Za-z0-9+*#]{1,12}$/),
        (language, n, date, code) => {
          const iso = date.toISOString();
          const values = {
            n,
            f: n,
            g: n,
            d: iso,
            short: iso,
            weekday: iso,
            time: iso,
            digits: code,
            spell: code,
          };
          return Object.entries(values).every(([text, v]) => {
            const { pieces, missing } = catalog.render(language, text, { v });
            return missing.length === 0 && pieces.every(({ name }) => names.get(language)?.has(name));
          });
        },
      ),
      { numRuns: 500 },
    ),
  );
});

t.test('a number whose recording is lost can still be read by its digits', async (t) => {
  const [ones, tens] = catalog.render('ar', 'n', { v: 25 }).pieces;
  t.same(
    [ones, tens].map((piece) => piece?.instead?.map(({ name }) => name)),
    [['say/digit-5'], ['say/digit-2', 'say/digit-0']],
  );
  t.same(
    catalog.render('en', 'short', { v: '2026-03-21' }).pieces.map((piece) => captionOf(piece.instead ?? [])),
    ['two one', 'three'],
  );
});
