/** Numbers, ordinals and dates against sources of their own: n2words, Unicode's spelt-out numbers, Intl. */
import fc from 'fast-check';
import { toCardinal as arabicWords } from 'n2words/ar-SA';
import { toCardinal as englishWords, toOrdinal as englishOrdinal } from 'n2words/en-GB';
import { toCardinal as malayWords, toOrdinal as malayOrdinal } from 'n2words/ms-MY';
import t, { type Test } from 'tap';
import { catalogOf, said } from './kit.js';
import { spellout } from './rbnf.js';

const catalog = catalogOf({
  en: '  n: "{v, number}"\n  y: "{v, number, year}"\n  o: "{v, ordinal}"\n  d: "{v, date}"\n  w: "{v, date, weekday}"',
  ms: '  n: "{v, number}"\n  o: "{v, ordinal}"\n  d: "{v, date}"\n  w: "{v, date, weekday}"',
  ar: `
  n: "{v, number}"
  f: "{v, number, feminine}"
  g: "{v, number, genitive}"
  o: "{v, ordinal}"
  of: "{v, ordinal, feminine}"
  d: "{v, date}"
  w: "{v, date, weekday}"`,
});
const unicode = { en: spellout('en'), ms: spellout('ms'), ar: spellout('ar') };

/** Where an oracle says something else: who is right, and what it should have said. */
interface Ruling {
  readonly right: 'ours' | 'both';
  readonly why: string;
  readonly oracle: RegExp;
  readonly instead: string;
}

const spelling: Ruling = {
  right: 'both',
  why: 'مائة and مئة are two spellings of one word; the grammar keeps to one.',
  oracle: /مئت/g,
  instead: 'مائت',
};
const dualOfHundreds: Ruling = {
  right: 'ours',
  why: 'A dual loses its ن before what it counts: مائتا ألف.',
  oracle: /مائتان (?=ألف|مليون)/g,
  instead: 'مائتا ',
};
const accusative: readonly Ruling[] = [
  {
    right: 'ours',
    why: '11 to 99 take the accusative singular: أحد عشر ألفا.',
    oracle: /(عشر|(?:عشر|ثلاث|أربع|خمس|ست|سبع|ثمان|تسع)ون) (ألف|مليون)(?=\s|$)/g,
    instead: '$1 $2ا',
  },
  {
    right: 'ours',
    why: '3 to 10 take the plural, also after hundreds: مائة وثلاثة آلاف.',
    oracle: /((?:ثلاث|أربع|خمس|ست|سبع|ثماني|تسع|عشر)ة) ألفا?(?=\s|$)/g,
    instead: '$1 آلاف',
  },
  {
    right: 'ours',
    why: '3 to 10 take the plural, also after hundreds: مائة وثلاثة ملايين.',
    oracle: /((?:ثلاث|أربع|خمس|ست|سبع|ثماني|تسع|عشر)ة) مليونا?(?=\s|$)/g,
    instead: '$1 ملايين',
  },
];
const n2wordsArabic: readonly Ruling[] = [
  spelling,
  dualOfHundreds,
  {
    right: 'ours',
    why: '101,000 is not "a hundred and a thousand thousand".',
    oracle: /(?<=(?:مائة|مائتان) و)ألف ألف(?=\s|$)/g,
    instead: 'واحد ألف',
  },
  {
    right: 'ours',
    why: '101 million is not "a hundred and a million million".',
    oracle: /(?<=(?:مائة|مائتان) و)مليون مليون(?=\s|$)/g,
    instead: 'واحد مليون',
  },
  {
    right: 'ours',
    why: 'Whole hundreds take the genitive, whatever follows, and so do 101 and 102: مائة ألف وواحد.',
    oracle: /(مائة|مائتا|واحد|اثنان) (ألف|مليون)ا(?=\s|$)/g,
    instead: '$1 $2',
  },
  ...accusative,
];
const n2wordsFeminine: readonly Ruling[] = [
  spelling,
  {
    right: 'both',
    why: 'Before a ten the feminine one is إحدى in the usual grammar; واحدة is heard too.',
    oracle: /واحدة (?=و)/g,
    instead: 'إحدى ',
  },
];
const unicodeArabic: readonly Ruling[] = [
  {
    right: 'ours',
    why: 'اثنان begins with a joining hamza, which is not written.',
    oracle: /إثن/g,
    instead: 'اثن',
  },
  {
    right: 'ours',
    why: 'Eleven masculine things are أحد عشر.',
    oracle: /إحدى عشر(?=\s|$)/g,
    instead: 'أحد عشر',
  },
  {
    right: 'ours',
    why: 'مائة is feminine, so the numbers before it have no ة; the two are one word.',
    oracle: /(ثلاث|أربع|خمس|ست|سبع|تسع)ة مائة/g,
    instead: '$1مائة',
  },
  { right: 'ours', why: 'As before; ثماني loses its ي.', oracle: /ثمانية مائة/g, instead: 'ثمانمائة' },
  {
    right: 'ours',
    why: 'Two thousand counted is nominative: ألفان.',
    oracle: /ألفي(?=\s|$)/g,
    instead: 'ألفان',
  },
  { right: 'ours', why: 'Two million is a dual.', oracle: /^اثنان مليون/g, instead: 'مليونان' },
  dualOfHundreds,
  ...accusative,
];

const signs = /[\u064B-\u0652\u0670]/gu;
const plain = (words: string): string =>
  words.replace(signs, '').replace(/[-,]/g, ' ').replace(/\s+/g, ' ').trim();

/** Numbers of one kind are compared up to here one by one; the others are put together from the same words. */
const all = 99_999;
const many = 9999;

const larger: readonly number[] = [
  ...[0, 1, 2, 3, 9, 10, 11, 12, 19, 20, 21, 99].flatMap((ones) =>
    [1, 2, 3, 8, 10, 11, 12, 20, 25, 99, 100, 101, 102, 103, 110, 111, 200, 201, 302, 888, 999].flatMap(
      (thousands) => [
        thousands * 1000 + ones,
        thousands * 1000 + 100 + ones,
        thousands * 1_000_000 + ones,
        thousands * 1_000_000 + thousands * 1000 + 100 + ones,
        thousands * 1_000_000 + ones * 1000,
      ],
    ),
  ),
  999_999_999,
];

interface Compared {
  readonly language: string;
  readonly text: string;
  readonly least?: number;
  readonly most?: number;
  /** Up to here number by number. */
  readonly each?: number;
}

function compare(
  t: Test,
  { language, text, least = 0, most = 999_999_999, each = many }: Compared,
  oracle: (n: number) => string,
  rulings: readonly Ruling[] = [],
): void {
  const used = new Set<Ruling>();
  const wrong: string[] = [];
  const look = (n: number): boolean => {
    const ours = heard(language, text, n);
    let theirs = plain(oracle(n));
    for (const ruling of ours === theirs ? [] : rulings) {
      const mended = theirs.replace(ruling.oracle, ruling.instead);
      if (mended !== theirs) used.add(ruling);
      theirs = mended;
    }
    if (ours !== theirs && wrong.length < 10) wrong.push(`${n}: ${ours}, not ${theirs}`);
    return ours === theirs;
  };
  for (let n = least; n <= Math.min(each, most); n++) look(n);
  for (const n of larger) if (n >= least && n <= most) look(n);
  t.same(wrong, []);
  t.doesNotThrow(() =>
    fc.assert(fc.property(fc.integer({ min: least, max: most }), look), { numRuns: 2000 }),
  );
  for (const ruling of rulings) t.ok(used.has(ruling), `needed: ${ruling.why}`);
}

/** The words of a number: as {@link said}, for a hundred thousand of them. */
function heard(language: string, text: string, n: number): string {
  const { pieces } = catalog.render(language, text, { v: n });
  return pieces
    .map(({ words }) => words)
    .join(' ')
    .replace(signs, '');
}

t.test('English numbers are those of n2words and of Unicode', async (t) => {
  const ruling: Ruling = {
    right: 'ours',
    why: '"And" stands before the last hundred only, as in Unicode: one million one thousand.',
    oracle: /(?<=million )and (?=(?:(?!hundred)[a-z ])+ thousand\b)/g,
    instead: '',
  };
  compare(t, { language: 'en', text: 'n', each: all }, englishWords, [ruling]);
  compare(t, { language: 'en', text: 'n', each: all }, (n) => unicode.en('%spellout-cardinal-verbose', n));
});

t.test('English years are those of Unicode', async (t) => {
  const ruling: Ruling = {
    right: 'both',
    why: 'British English says "two thousand and six".',
    oracle: /^two thousand (?=\w)/g,
    instead: 'two thousand and ',
  };
  const years = { language: 'en', text: 'y', least: 1100, most: 2999 };
  compare(t, years, (n) => unicode.en('%spellout-numbering-year', n), [ruling]);
});

t.test('English ordinals are those of n2words and of Unicode', async (t) => {
  const ruling: Ruling = {
    right: 'ours',
    why: 'British English says "one hundred and first"; n2words is British in cardinals only.',
    oracle: /hundred (?=(?!thousand|million)[a-z])/g,
    instead: 'hundred and ',
  };
  compare(t, { language: 'en', text: 'o', least: 1, most: 999 }, englishOrdinal, [ruling]);
  compare(t, { language: 'en', text: 'o' }, (n) => unicode.en('%spellout-ordinal-verbose', n));
});

t.test('Malay numbers and ordinals are those of n2words and of Unicode', async (t) => {
  const ruling: Ruling = {
    right: 'ours',
    why: 'As a quantity zero is sifar; kosong is for the digits of a telephone number.',
    oracle: /kosong/g,
    instead: 'sifar',
  };
  compare(t, { language: 'ms', text: 'n', each: all }, malayWords);
  compare(t, { language: 'ms', text: 'n', each: all }, (n) => unicode.ms('%spellout-cardinal', n), [ruling]);
  compare(t, { language: 'ms', text: 'o', least: 1 }, malayOrdinal);
  compare(t, { language: 'ms', text: 'o' }, (n) => unicode.ms('%spellout-ordinal', n), [ruling]);
});

t.test('Arabic numbers are those of n2words and of Unicode, where these are right', async (t) => {
  compare(t, { language: 'ar', text: 'n', each: all }, (n) => arabicWords(n), n2wordsArabic);
  compare(
    t,
    { language: 'ar', text: 'n', each: all },
    (n) => unicode.ar('%spellout-cardinal-masculine', n),
    unicodeArabic,
  );
});

t.test('Arabic feminine numbers are those of n2words; thousands are masculine all the same', async (t) => {
  compare(
    t,
    { language: 'ar', text: 'f', most: 999 },
    (n) => arabicWords(n, { gender: 'feminine' }),
    n2wordsFeminine,
  );
  // n2words turns the gender of thousands round too, so the two are put together: whole thousands, and the rest.
  const feminine = (n: number): string =>
    n2wordsFeminine.reduce(
      (words, { oracle, instead }) => words.replace(oracle, instead),
      plain(arabicWords(n, { gender: 'feminine' })),
    );
  compare(t, { language: 'ar', text: 'f', least: 1000 }, (n) => {
    const rest = n % 1000;
    const whole = said(catalog, 'ar', 'n', n - rest);
    return rest === 0 ? whole : `${whole} و${feminine(rest)}`;
  });
});

t.test('Arabic genitive numbers differ from the others in duals, tens and nothing else', async (t) => {
  compare(t, { language: 'ar', text: 'g' }, (n) =>
    said(catalog, 'ar', 'n', n)
      .replace(/(اثن|مائت|ألف|مليون)ان/g, '$1ين')
      .replace(/اثنا (?=عشر)/g, 'اثني ')
      .replace(/مائتا /g, 'مائتي ')
      .replace(/(?<=^|[\sو])(عشر|ثلاث|أربع|خمس|ست|سبع|ثمان|تسع)ون/g, '$1ين'),
  );
});

t.test('Arabic ordinals to 100 are those of Unicode', async (t) => {
  const masculine = { language: 'ar', text: 'o', least: 1, most: 100 };
  const feminine = { language: 'ar', text: 'of', least: 1, most: 100 };
  compare(t, masculine, (n) => unicode.ar('%spellout-ordinal-masculine', n));
  compare(t, feminine, (n) => unicode.ar('%spellout-ordinal-feminine', n));
});

t.test(
  'Arabic ordinals above 100 stand before the hundred, with the article: Unicode has cardinals there',
  async (t) => {
    const rows: readonly (readonly [string, number, string])[] = [
      ['o', 101, 'الأول بعد المائة'],
      ['o', 121, 'الحادي والعشرون بعد المائة'],
      ['o', 200, 'المائتان'],
      ['o', 203, 'الثالث بعد المائتين'],
      ['of', 312, 'الثانية عشرة بعد الثلاثمائة'],
      ['o', 1000, 'الألف'],
      ['o', 1001, 'الأول بعد الألف'],
      ['o', 2002, 'الثاني بعد الألفين'],
      ['o', 3000, 'الثلاثة آلاف'],
      ['o', 20_005, 'الخامس بعد العشرين ألفا'],
      ['of', 1_000_001, 'الأولى بعد المليون'],
    ];
    for (const [text, n, words] of rows) t.equal(said(catalog, 'ar', text, n), words);
  },
);

/** Every day of a leap year. */
const days = Array.from({ length: 366 }, (_, at) => new Date(Date.UTC(2028, 0, 1 + at)));
const named = (language: string, day: Date, what: 'month' | 'weekday'): string =>
  new Intl.DateTimeFormat(language, { [what]: 'long', timeZone: 'UTC' }).format(day);

t.test('every date of a leap year, with the names of months and weekdays that Intl has', async (t) => {
  const genitive = (n: number): string =>
    unicode.ar('%spellout-ordinal-masculine', n).replace(/ون$/, 'ين').replace(/\s+/g, ' ');
  const oracles: Readonly<Record<string, (day: Date) => readonly [string, string]>> = {
    en: (day) => {
      const date = `the ${englishOrdinal(day.getUTCDate())} of ${named('en', day, 'month')}`;
      return [`${date} twenty twenty eight`, `${named('en', day, 'weekday')} ${date}`];
    },
    ms: (day) => {
      const date = `${malayWords(day.getUTCDate())} ${named('ms', day, 'month')}`;
      return [`${date} dua ribu dua puluh lapan`, `hari ${named('ms', day, 'weekday')} ${date}`];
    },
    ar: (day) => {
      const date = `${genitive(day.getUTCDate())} من ${named('ar', day, 'month')}`;
      return [`${date} عام ألفين وثمانية وعشرين`, `${named('ar', day, 'weekday')} ${date}`];
    },
  };
  for (const [language, oracle] of Object.entries(oracles)) {
    for (const day of days) {
      const iso = day.toISOString().slice(0, 10);
      const [full, weekday] = oracle(day);
      const heard = [said(catalog, language, 'd', iso), said(catalog, language, 'w', iso)];
      if (heard[0] !== full || heard[1] !== weekday) t.same(heard, [full, weekday], `${language} ${iso}`);
    }
    t.same(catalog.render(language, 'd', { v: '2027-02-29' }).missing, ['v'], 'no other year has the day');
  }
  t.equal(days.at(-1)?.toISOString().slice(0, 10), '2028-12-31');
});
