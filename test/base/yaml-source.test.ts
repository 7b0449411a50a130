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
  t.match(places(`${'['.repeat(200_000)}`), [/yaml\/too-deep/], 'deeper than the parser itself can go');
  t.match(places(`a: &a x\nb: [${'*a,'.repeat(101)}]`), [/yaml\/too-many-aliases/]);
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de'].map((pair) => [...pair])) {
    bomb.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`);
  }
  t.match(places(bomb.join('\n')), [/yaml\/alias/], 'a billion laughs');
});

t.test('a hostile key cannot reach the prototype', async (t) => {
  const source = valid('__proto__: { polluted: true }\n');
  t.equal(({} as Record<string, unknown>)['polluted'], undefined);
  t.equal(Object.getPrototypeOf(source.value), Object.prototype);
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
