import t from 'tap';
import { z } from 'zod';
import { checkYaml, findingLine, readYaml, type YamlSource } from '../../src/base/index.js';

function valid(text: string): YamlSource {
  const reading = readYaml('f.yaml', text);
  if (reading.result === 'broken') throw new Error(reading.findings.map(findingLine).join('\n'));
  return reading.source;
}

const places = (text: string): string[] => {
  const reading = readYaml('f.yaml', text);
  return reading.result === 'read' ? [] : reading.findings.map((f) => `${f.line}:${f.col} ${f.code}`);
};

t.test('a value knows its line and column', async (t) => {
  const source = valid('a: 1\nlist:\n  - x\n  - deep:\n      1: seven\n');
  t.same(source.value, { a: 1, list: ['x', { deep: { 1: 'seven' } }] });
  t.same(source.at(['a']), { line: 1, col: 4 });
  t.same(source.keyAt(['a']), { line: 1, col: 1 });
  t.same(source.at(['list', 1, 'deep', '1']), { line: 5, col: 10 });
  t.same(source.keyAt(['list', 1, 'deep', '1']), { line: 5, col: 7 });
  t.same(
    source.at(['list', 1, 'gone', 'deeper']),
    { line: 4, col: 5 },
    'what is missing is sought where it belongs',
  );
  t.same(source.at([]), { line: 1, col: 1 });
});

t.test('an empty file is null at the start', async (t) => {
  const source = valid('');
  t.equal(source.value, null);
  t.same(source.at(['x']), { line: 1, col: 1 });
});

t.test('a value behind an alias is found where it was written', async (t) => {
  const source = valid('first: &it\n  name: x\nsecond: *it\n');
  t.same(source.at(['second', 'name']), { line: 2, col: 9 });
});

t.test('broken YAML is told with its place', async (t) => {
  t.match(places('a: [1\nb: 2\n')[0], '2:1 yaml/bad-indent');
  t.same(places('a: 1\na: 2\n'), ['2:1 yaml/duplicate-key']);
  t.same(places('1: x\n"1": y\n'), ['2:1 yaml/duplicate-key'], 'a number and a text that read the same');
  t.same(places('? [1]\n: 2\n'), ['1:3 yaml/key']);
});

t.test('files that would eat the engine are refused', async (t) => {
  t.same(places(`a: ${'x'.repeat(1_000_001)}`), ['1:1 yaml/too-big']);
  t.match(places(`a: ${'['.repeat(40)}${']'.repeat(40)}`), [/yaml\/too-deep/]);
  t.match(places(`${'['.repeat(10_000)}`), [/yaml\/too-deep/], 'deeper than the parser itself can go');
  t.match(places(`a: &a x\nb: [${'*a,'.repeat(101)}]`), [/yaml\/too-many-aliases/]);
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de'].map((pair) => [...pair])) {
    bomb.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`);
  }
  t.match(places(bomb.join('\n')), [/yaml\/alias/], 'a billion laughs');
});

t.test('a hostile key is refused, and reaches no prototype', async (t) => {
  t.same(places('a: 1\n__proto__: { polluted: true }\n'), ['2:1 yaml/key']);
  t.same(places('a: { "__proto__": 1 }\n'), ['1:6 yaml/key']);
  t.same(valid('constructor: 1\n').value, { constructor: 1 });
  t.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

t.test('whatever a file is made of, it is read or refused before callers notice', async (t) => {
  const many = (count: number, line: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => line(i)).join('');
  const hostile: readonly (readonly [string, string])[] = [
    ['a million keys', many(1_000_000, (i) => `k${i}: v\n`)],
    ['as many keys as are read', many(7_400, (i) => `k${i}: v\n`)],
    ['as many items as are read', `[${'a,'.repeat(17_400)}]`],
    ['keys without values', `{${many(17_400, (i) => `k${i},`)}}`],
    ['tags', '- !x\n'.repeat(4_900)],
    ['anchors', many(4_900, (i) => `- &a${i} x\n`)],
    ['directives', '%A b\n'.repeat(7_400)],
    ['empty keys', ':\n'.repeat(7_400)],
    ['question marks', '? a\n'.repeat(7_400)],
    ['errors', 'a: b: c\n'.repeat(4_900)],
    ['brackets never closed', '['.repeat(17_400)],
    ['dashes', `${'- '.repeat(30)}a\n`.repeat(480)],
    ['one long text', `a: "${'x'.repeat(399_000)}"`],
    ['escapes', `a: "${'\\u0041'.repeat(66_000)}"`],
    ['a text over many lines', `a: "${'x\n '.repeat(17_400)}"`],
    ['spaces', `a:${' '.repeat(399_000)}1`],
    ['tabs and dashes', `- ${'\t'.repeat(399_000)}x`],
    ['carriage returns', '\r'.repeat(399_000)],
    ['quotation marks', `"'`.repeat(199_000)],
    ['control characters', '\u0000'.repeat(399_000)],
    ['spaces after dashes', '- - '.repeat(4_900)],
  ];
  for (const [name, text] of hostile) {
    // Of the processor, not of the wall: other programs have their turns in between.
    const began = process.cpuUsage();
    const reading = readYaml('f.yaml', text);
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1_000;
    const [first] = reading.result === 'broken' ? reading.findings : [];
    t.comment(`${name}: ${ms.toFixed(0)} ms, ${first?.code ?? 'read'}`);
    t.ok(ms < 1_000, `${name}: not ten times the 100 ms promised`);
    if (first !== undefined) t.match(findingLine(first), /^f\.yaml:\d+:\d+ .+ .+ .+ \[yaml\//, name);
  }
  t.match(places(many(1_000_000, (i) => `k${i}: v\n`)), ['1:1 yaml/too-big']);
  t.match(places(many(15_001, () => '\n')), ['1:1 yaml/too-much']);
});

t.test('of a file full of faults the first hundred are told', async (t) => {
  const keys = Array.from({ length: 7_000 }, (_, i) => `k${i}: v\n`).join('');
  const began = performance.now();
  const check = checkYaml(valid(keys), z.strictObject({}), 'thing');
  t.comment(`7,000 unknown keys: ${(performance.now() - began).toFixed(0)} ms`);
  t.equal(check.result === 'invalid' && check.findings.length, 100);
  const values = checkYaml(valid(keys), z.record(z.string(), z.number()), 'thing');
  t.equal(values.result === 'invalid' && values.findings.length, 100);
});

t.test('what a schema refuses is told with its place and how to mend it', async (t) => {
  const schema = z.strictObject({
    name: z.string(),
    number: z.string(),
    tries: z.int().min(1, 'At least one try is needed'),
    action: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('say'), text: z.string() }),
      z.strictObject({ type: z.literal('play'), file: z.string() }),
    ]),
    either: z.union([z.string(), z.strictObject({ go: z.string() })]),
  });
  const source = valid(
    'number: 0380\ntries: 0\nextra: 1\naction: { type: say, txt: x }\neither: { to: x, go: y }\n',
  );
  const check = checkYaml(source, schema, 'thing');
  const lines = check.result === 'invalid' ? check.findings.map(findingLine) : [];
  t.same(lines, [
    'f.yaml:1:1 "name" is missing. A text is needed there. Add it. [thing/invalid-type]',
    'f.yaml:1:9 "number" is the number 0380. A text is needed there. Put it in quotes: "0380". [thing/invalid-type]',
    'f.yaml:2:8 "tries" cannot be used. At least one try is needed. Correct it. [thing/too-small]',
    'f.yaml:3:1 "extra" is not known here. A mistyped word would be ignored in silence. Correct or delete it. [thing/unrecognized-keys]',
    'f.yaml:4:9 "action.text" is missing. A text is needed there. Add it. [thing/invalid-type]',
    'f.yaml:4:22 "txt" is not known in "action". A mistyped word would be ignored in silence. Correct or delete it. [thing/unrecognized-keys]',
    'f.yaml:5:11 "to" is not known in "either". A mistyped word would be ignored in silence. Correct or delete it. [thing/unrecognized-keys]',
  ]);
});
