/** docs/records.md knows every field, mark and event of the records. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { z } from 'zod';
import { defaultRetention } from '../../src/journal/group.js';
import { csvAnswers } from '../../src/lookups/csv.js';

import { rehearse } from '../../src/rehearsal/index.js';
import { loadSite } from '../../src/site/index.js';
import { caseRecord, contactRecord } from '../../src/web/schemas.js';
import { page, project, rowsOf } from './kit.js';

const records = page('docs/records.md');
const example = (kind: string): Readonly<Record<string, unknown>> =>
  JSON.parse(records.examples.find((one) => one.kind === `json ${kind}`)?.text ?? '{}') as Record<
    string,
    unknown
  >;
/** Words in code in the first column of all tables. */
const told = new Set(
  rowsOf(records).flatMap(([first = '']) => [...first.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '')),
);
const typesIn = (path: string): string[] => typesOf(readFileSync(join(project, path), 'utf8'));

/** A fact may have one of several types. */
function typesOf(text: string): string[] {
  return [...text.matchAll(/type: ('[a-z]+\.[a-z]+'(?: \| '[a-z]+\.[a-z]+')*)/g)].flatMap(([, types = '']) =>
    types.split(' | ').map((type) => type.slice(1, -1)),
  );
}

/** Types of the unions of facts alone: the file tells of events and messages too. */
function factsOfTheRouter(): string[] {
  const text = readFileSync(join(project, 'src/acd/event.ts'), 'utf8');
  const unions = [...text.matchAll(/export type (?:RouterFact|DeskFact) =[\s\S]*?;\n\n/g)].map(
    ([union]) => union,
  );
  return typesOf(unions.join(''));
}

async function rehearsedCall() {
  const reading = await loadSite(project);
  if (reading.result === 'broken') throw new Error('the site is broken');
  const site = { ...reading.site, media: ({ name }: { readonly name: string }) => name };
  const answer = csvAnswers(reading.site.tables);
  return rehearse({
    site,
    number: '80077222',
    at: Date.UTC(2026, 2, 4, 6),
    caller: { number: '+96891234567', name: 'Salim' },
    lookUp: (source, given) => answer({ source, with: given }),
    phone: () => ({ type: 'answers', afterMs: 1000, talksMs: 1000 }),
  });
}

t.test('the examples have the fields of real records, and the tables explain each', async (t) => {
  const call = await rehearsedCall();
  call.press('2');
  for (const key of ['2', '0'] as const) {
    call.waitUntil(call.now + 1000);
    call.press(key);
  }
  while (!call.over && call.advance());
  const pairs = [
    ['contact', call.contact, contactRecord],
    ['case', call.cases[0], caseRecord],
  ] as const;
  for (const [kind, real, schema] of pairs) {
    const shown = example(kind);
    t.equal((schema as z.ZodType).safeParse(shown).success, true, `${kind}: the API could give it`);
    const { personal: _, ...fields } = shown;
    t.same(Object.keys(fields).sort(), Object.keys(real ?? {}).sort(), kind);
    for (const field of Object.keys(shown)) t.ok(told.has(field), `${kind}.${field}`);
  }
});

t.test('every event type is told, and no other', async (t) => {
  const types = [
    ...typesIn('src/calls/fact.ts'),
    ...typesIn('src/cases/case.ts'),
    ...typesIn('src/cases/subject.ts'),
    ...typesIn('src/switchboard/engine-fact.ts'),
    ...factsOfTheRouter(),
  ];
  t.ok(types.length > 20);
  t.same([...told].filter((word) => /^[a-z]+\.[a-z]+$/.test(word)).sort(), [...new Set(types)].sort());
});

t.test('every mark is told', async (t) => {
  const source = ['src/cases/contact.ts', 'src/switchboard/switchboard.ts']
    .map((path) => readFileSync(join(project, path), 'utf8'))
    .join('\n');
  const marks = [...source.matchAll(/(?:marked\(contact, |const mark = [^?]*\? )'([a-z-]+)'/g)].map(
    ([, mark]) => mark ?? '',
  );
  t.ok(marks.length >= 6);
  for (const mark of marks) t.ok(told.has(mark), mark);
});

t.test('how long personal data is kept', async (t) => {
  const rows = rowsOf(records).filter(
    ([first = '', , days = '']) => first.startsWith('`') && /^\d+$/.test(days),
  );
  t.same(
    Object.fromEntries(rows.map(([first = '', , days]) => [first.replaceAll('`', ''), Number(days)])),
    defaultRetention,
  );
});
