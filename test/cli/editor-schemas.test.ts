/** The schemas that editors are given agree with what the engine reads. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type AnySchema } from 'ajv';
import t from 'tap';
import { parse } from 'yaml';
import { runCli } from '../../src/cli/index.js';
import { editorSchema, type EditorSchemaKind, editorSchemaKinds } from '../../src/cli/editor-schemas.js';
import { flowOf } from '../kit/flow-walk.js';
import { cliWorld } from '../kit/cli-world.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const ajv = new Ajv({ strict: true, strictTypes: false, validateFormats: false, allErrors: true });
const validates = new Map(
  editorSchemaKinds.map((kind) => [kind, ajv.compile(editorSchema(kind) as AnySchema)]),
);

/** What the schema says against the text; null: nothing. */
function against(kind: EditorSchemaKind, text: string): unknown {
  const validate = validates.get(kind);
  // An editor reads keys as texts.
  return validate?.(JSON.parse(JSON.stringify(parse(text)))) === true ? null : validate?.errors;
}

const read = (path: string): string => readFileSync(join(project, path), 'utf8');

t.test('every file of the examples fits its schema', async (t) => {
  const flows = readdirSync(join(project, 'flows')).filter((name) => name.endsWith('.yaml'));
  t.ok(flows.length >= 4);
  for (const name of flows)
    t.equal(against(name.endsWith('.test.yaml') ? 'test' : 'flow', read(`flows/${name}`)), null, name);
  t.equal(against('site', read('onedoor.yaml')), null);
  for (const language of ['ar', 'en'])
    t.equal(against('prompts', read(`prompts/${language}.yaml`)), null, language);
  for (const name of readdirSync(join(project, 'scenarios')))
    t.equal(against('scenario', read(`scenarios/${name}`)), null, name);
});

t.test('what the engine refuses, the schema of flows refuses too', async (t) => {
  const wrong = [
    'onedoor: 2\n',
    flowOf('  a: { sya: hello, go: end }\n'),
    flowOf('  a: { say: hello, go: end, wait: 5 }\n'),
    flowOf('  a: { collect: { say: enter, into: n, digits: { min: two, max: 3 } }, go: end }\n'),
    flowOf('  a: { collect: { say: enter, into: n, digits: { min: 1, max: 3 }, check: lune }, go: end }\n'),
    flowOf('  a: { menu: { say: menu, keys: { one: end } } }\n'),
    flowOf('  a: { say: hello, go: end }\n', 'outcomes: { answered: perhaps }\n'),
  ];
  for (const text of wrong) t.not(against('flow', text), null, text);
  const right = flowOf(
    '  a: { collect: { say: enter, into: n, digits: { min: 1, max: 3 }, check: luhn, confirm: { say: is-it } }, go: end }\n',
  );
  t.equal(against('flow', right), null);
});

/** Properties without a word about them. */
function unexplained(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((one) => unexplained(one, path));
  return Object.entries(node).flatMap(([name, value]) => {
    if (name !== 'properties') return unexplained(value, path);
    return Object.entries(value as Readonly<Record<string, { readonly description?: string }>>).flatMap(
      ([property, inner]) => [
        ...(inner.description === undefined ? [`${path}.${property}`] : []),
        ...unexplained(inner, `${path}.${property}`),
      ],
    );
  });
}

/** Places where a schema wants keys to be texts. */
function typedKeys(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const names = (node as { readonly propertyNames?: { readonly type?: string } }).propertyNames;
  return [
    ...(names?.type === undefined ? [] : [path]),
    ...Object.entries(node).flatMap(([name, inner]) => typedKeys(inner, `${path}/${name}`)),
  ];
}

t.test('keys that YAML reads as numbers are no mistake in an editor', async (t) => {
  for (const kind of editorSchemaKinds) t.same(typedKeys(editorSchema(kind), kind), [], kind);
  t.match(JSON.stringify(editorSchema('flow')), /"propertyNames":\{"pattern"/, 'their form is still checked');
});

t.test('an editor can explain every word', async (t) => {
  for (const kind of editorSchemaKinds) t.same(unexplained(editorSchema(kind), kind), [], kind);
});

t.test('onedoor flow schema prints the schema of each kind of file', async (t) => {
  const run = async (...words: string[]) => {
    const { world, out } = cliWorld();
    const code = await runCli(['flow', 'schema', ...words], world);
    return { code, said: out.join('\n') };
  };
  for (const kind of editorSchemaKinds) {
    const { code, said } = await run('--kind', kind);
    t.equal(code, 0);
    t.same(JSON.parse(said), editorSchema(kind), kind);
  }
  t.same(JSON.parse((await run()).said), editorSchema('flow'), 'of flows, where no kind is named');
  t.equal((await run('--kind', 'song')).code, 2);
});
