import t from 'tap';
import { readCatalog } from '../../src/speech/index.js';
import { readTexts } from '../../src/speech/texts.js';
import { grammarText } from './kit.js';
import { atOnce } from '../kit/at-once.js';

const head = 'onedoor: 1\nlanguage: en\ntexts:\n';
const places = (texts: string, before = head) => {
  const reading = readTexts('prompts/en.yaml', before + texts);
  return reading.result === 'read'
    ? []
    : reading.findings.map(({ line, col, code }) => `${line}:${col} ${code}`);
};

t.test('a fault within a text is told at its line and column, however the text is written', async (t) => {
  t.same(places('  a: Hello {name} there\n'), ['4:12 prompt/way'], 'plain');
  t.same(places('  a: "Hello {name} there"\n'), ['4:13 prompt/way'], 'quoted');
  t.same(places('  a: "Say \\"hello\\", {name}"\n'), ['4:22 prompt/way'], 'with escapes');
  t.same(places("  a: 'It''s {name}'\n"), ['4:13 prompt/way'], 'with doubled quotes');
  t.same(places('  a: Hello,\n    dear\n    {name} there\n'), ['6:5 prompt/way'], 'folded');
  t.same(places('  a: >-\n    Hello,\n    dear {name}\n'), ['6:10 prompt/way'], 'a folded block');
  t.same(places('  a: |\n    Hello,\n    dear {name}\n'), ['6:10 prompt/way'], 'a literal block');
  t.same(places('  a:\n    say: Hello {name}\n    note: slowly\n'), ['5:16 prompt/way'], 'with a note');
  t.same(places('  a: مَرْحَبًا {name}\n'), ['4:16 prompt/way'], 'in Arabic');
});

t.test('all findings of a file are told at once', async (t) => {
  t.same(places('  a: Hello {name}\n  b: "{n, plural, one {x}"\n  c: Fine.\n  d: "..."\n'), [
    '4:12 prompt/way',
    '5:26 prompt/syntax',
    '7:3 prompt/empty',
  ]);
});

t.test('the form of the file is checked too', async (t) => {
  t.same(
    places('  Main Menu: Hello\n').map((place) => place.split(' ')[0]),
    ['4:3'],
  );
  t.same(
    places('  a: [Hello]\n').map((place) => place.split(' ')[0]),
    ['4:6'],
  );
  t.same(places('  a: Hello\n  a: Twice\n'), ['5:3 yaml/duplicate-key']);
  t.same(places('  a: Hello\n', 'onedoor: 1\nlanguage: en\nvoice: { rate: 9000 }\ntexts:\n'), [
    '3:16 prompt/too-big',
  ]);
  t.same(places('  a: Hello\n', 'onedoor: 1\nlanguage: en\ntext: {}\ntexts:\n'), [
    '3:1 prompt/unrecognized-keys',
  ]);
});

const findings = (files: Readonly<Record<string, string>>, languages = ['en', 'ar']) => {
  const catalog = readCatalog(
    { 'prompts/say/en.yaml': grammarText('en'), 'prompts/say/ar.yaml': grammarText('ar'), ...files },
    languages,
  );
  const reading = atOnce(catalog);
  return reading.result === 'read'
    ? []
    : reading.findings.map(({ file, line, col, code }) => `${file}:${line}:${col} ${code}`);
};
const english = `${head}  a: Hello.\n  b: "{n, number} left"\n`;
const arabic = 'onedoor: 1\nlanguage: ar\ntexts:\n  a: مرحبا\n  b: "{n, number}"\n';

t.test('a text that only one language has is no fault of the texts: flows say which they need', async (t) => {
  t.same(findings({ 'prompts/en.yaml': english, 'prompts/ar.yaml': arabic }), []);
  t.same(findings({ 'prompts/en.yaml': english, 'prompts/ar.yaml': arabic.replace('  a: مرحبا\n', '') }), []);
});

t.test('a file that is missing, or speaks of another language, is a finding', async (t) => {
  t.same(findings({ 'prompts/en.yaml': english }), ['prompts/ar.yaml:1:1 prompt/missing-file']);
  t.same(findings({ 'prompts/en.yaml': english, 'prompts/ar.yaml': english }), [
    'prompts/ar.yaml:1:1 prompt/language',
  ]);
});

t.test('a style that the language does not have is a finding at its slot', async (t) => {
  const odd = english.replace('{n, number} left', 'Left: {n, number, feminine}, {d, date, tiny}');
  t.same(findings({ 'prompts/en.yaml': odd, 'prompts/ar.yaml': arabic }), [
    'prompts/en.yaml:5:13 prompt/style',
    'prompts/en.yaml:5:36 prompt/style',
  ]);
});

t.test('money needs its currency, and ordinals and durations a grammar that speaks them', async (t) => {
  const asks = `${head}  a: "{v, money}"\n  b: "{v, money, XAU}"\n  c: "{v, ordinal}, {v, duration, minutes}"\n`;
  t.same(findings({ 'prompts/en.yaml': asks }, ['en']), [
    'prompts/en.yaml:4:7 prompt/style',
    'prompts/en.yaml:5:7 prompt/style',
  ]);
  const poor = grammarText('en')
    .replace(/^durations:[\s\S]*$/m, '')
    .replace(/^ {4}ordinal:$/m, '    ordinal-x:');
  t.same(findings({ 'prompts/en.yaml': asks, 'prompts/say/en.yaml': poor }, ['en']), [
    'prompts/en.yaml:4:7 prompt/style',
    'prompts/en.yaml:5:7 prompt/style',
    'prompts/en.yaml:6:7 prompt/way',
    'prompts/en.yaml:6:21 prompt/style',
  ]);
});

t.test('a text that could be spoken in too many ways is refused', async (t) => {
  const choices = Array.from({ length: 12 }, (_, n) => `{s${n}, select, a {b} other {c}}`).join(' ');
  t.same(findings({ 'prompts/en.yaml': `${head}  a: "${choices}"\n` }, ['en']), [
    'prompts/en.yaml:4:7 prompt/choices',
  ]);
});

t.test('a grammar with a gap is a finding', async (t) => {
  const files = { 'prompts/en.yaml': english };
  const broken = (from: string | RegExp, to: string) =>
    findings({ ...files, 'prompts/say/en.yaml': grammarText('en').replace(from, to) }, ['en']).map((found) =>
      found.replace(/:\d+:\d+/, '').replace('prompts/say/en.yaml ', ''),
    );
  t.same(broken('7: seven, ', ''), ['say/incomplete'], 'a digit');
  t.same(broken('17: seventeen, ', ''), ['say/gap', 'say/gap'], 'a number, in each set that uses it');
  t.same(broken('90: ninetieth', '9000000: ninetieth'), ['say/gap']);
  t.same(broken('- { from: 100, by: 100, say: [count', '- { from: 101, by: 100, say: [count'), ['say/gap']);
  t.same(broken('say: [{ whole: number }]', 'say: [whole]'), ['say/gap'], 'a number that leads to itself');
  t.same(broken('12: December', ''), ['say/incomplete'], 'a month');
  t.same(broken('10: [3, 3, 4]', '10: [3, 3]'), ['say/groups']);
  t.same(broken('full: [day,', 'full: [dya,'), ['say/word']);
  t.same(broken('say: [count, hundred]', 'say: [count, hundert]'), ['say/word']);
  t.same(broken('years: year', 'years: yaer'), ['say/set']);
  t.same(broken('{ count: number }', '{ count: nubmer }'), ['say/set']);
  t.same(broken('like: number', 'like: year'), ['say/like'], 'a set that is like itself');
  t.same(broken('like: number', 'like: nubmer'), ['say/like']);
  t.same(broken('rial: { one: rial, other: rials }', 'rial: { one: rial }'), ['say/noun'], 'no usual form');
  t.same(broken('main: rial', 'main: riyal'), ['say/noun']);
  t.same(broken('minute: minute }', 'minute: minuet }'), ['say/noun']);
  t.same(broken('minor: baisa, ', ''), ['say/minor']);
  t.same(broken('full: { day: day', 'usual: { day: day'), ['say/style']);
  t.same(broken(/^ {4}numbers: number$/m, ''), ['say/minutes'], 'minutes of the hour without numbers');
});

t.test('nouns that are like one another in a circle are told, each', async (t) => {
  const circle = grammarText('en')
    .replace('day: { one: day,', 'day: { like: hour, one: day,')
    .replace('hour: { one: hour,', 'hour: { like: day, one: hour,');
  t.same(
    findings({ 'prompts/en.yaml': english, 'prompts/say/en.yaml': circle }, ['en']).map(
      (found) => found.split(' ')[1],
    ),
    ['say/like', 'say/like'],
  );
});
