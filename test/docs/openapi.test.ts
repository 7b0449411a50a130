/** docs/openapi.json is what an engine serves, and docs/http-api.md has a row for each request of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { describedApi } from '../../src/web/index.js';
import { load } from '../scripts/kit.js';
import { page, project, rowsOf } from './kit.js';

const { openApiPage } = await load<{ openApiPage: (description: object) => string }>('openapi-page.mjs');

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Description {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const description = (await describedApi()) as Description;
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

t.test('the page is written from the schemas', async (t) => {
  const written = readFileSync(join(project, 'docs/openapi.json'), 'utf8');
  t.equal(written, openApiPage(description), 'write it anew with npm run docs:api');
  t.equal(description.openapi, '3.1.0');
});

t.test('every request says what it does, where it belongs, and how it can be refused', async (t) => {
  t.ok(operations.length >= 16);
  const tags = new Set(description.tags.map(({ name }) => name));
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`;
    t.ok(operation.summary, name);
    t.ok(operation.tags?.length === 1 && operation.tags.every((tag) => tags.has(tag)), name);
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const given = (operation.parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name);
    t.same(given, named, name);
    t.equal('401' in operation.responses, operation.security?.length !== 0, `${name} needs the token`);
  }
});

t.test('the reference for people has the same requests', async (t) => {
  const told = rowsOf(page('docs/http-api.md'))
    .map(([first = '']) => /^`([A-Z]+) (\/[^`]*)`$/.exec(first))
    .flatMap((found) => (found === null ? [] : [`${found[1]} ${found[2]}`]));
  const shape = (request: string): string => request.replace(/<\w+>|\{\w+\}/g, '*');
  t.same(
    told.map(shape).sort(),
    operations.map(({ path, method }) => shape(`${method.toUpperCase()} ${path}`)).sort(),
  );
});
