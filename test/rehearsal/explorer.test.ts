import { fileURLToPath } from 'node:url';
import t from 'tap';
import { findingLine, type JsonObject } from '../../src/base/index.js';
import {
  type Exploration,
  explorationLines,
  explore,
  lineChanges,
  momentsOf,
  placeLines,
  type RehearsalSite,
} from '../../src/rehearsal/index.js';
import { loadSite } from '../../src/site/index.js';
import { testSite } from '../kit/test-site.js';

const at = Date.UTC(2026, 2, 4, 6);
const known: readonly JsonObject[] = [{ state: 'approved' }, { state: 'open' }];

function explored(
  number = '100',
  language: string | null = 'en',
  site: RehearsalSite = testSite(),
  caller: string | null = null,
): Exploration {
  return explore({
    moments: momentsOf({ site, number, at, caller }),
    rows: () => known,
    entries: ['4444'],
    language,
  });
}

/** What most tests look at: to explore it takes a second. */
const usual = explored();

const linesOf = (exploration: Exploration): string[] =>
  explorationLines(exploration, { depth: null, width: null });

t.test('the tree begins as the call does, and says what each key brings', async (t) => {
  const lines = linesOf(usual);
  t.match(lines[0], /^hears choose-language \(en\): Press 1/);
  t.equal(lines[2], 'at choose-language:');
  t.match(lines.join('\n'), /- key 1\n {2}language: en\n {2}hears main-menu \(en\): [^\n]+\n {2}at menu:/);
});

t.test('every place is shown once, and further ways to it say so', async (t) => {
  const exploration = usual;
  const lines = linesOf(exploration);
  const places = lines.flatMap((line) => /at ([a-z/-]+):$/.exec(line)?.[1] ?? []);
  t.same(places, [...new Set(places)]);
  t.ok(lines.some((line) => line.endsWith('-> menu, above')));
  t.equal(exploration.whole, true);
});

t.test('a lookup is found, not found or fails; rows that lead to the same are one', async (t) => {
  const lines = linesOf(usual).map((line) => line.trim());
  for (const label of ['- requests: found', '- requests: not found', '- requests: fails'])
    t.equal(lines.filter((line) => line === label).length, 1, label);
});

t.test('a number is entered that the step accepts', async (t) => {
  t.ok(linesOf(usual).some((line) => line.trim() === '- a number, such as 4444'));
  const found = explore({
    moments: momentsOf({ site: testSite(), number: '100', at, caller: null }),
    rows: () => known,
    entries: [],
    language: 'en',
  });
  t.ok(
    linesOf(found).some((line) => line.trim() === '- a number, such as 1111'),
    'where none is known, the shortest',
  );
});

t.test('phones, recordings and the end of the call are part of it', async (t) => {
  const text = linesOf(usual).join('\n');
  t.match(text, /- agent-1 answers, and they talk\n +hears goodbye/);
  t.match(text, /- agent-1 is busy, is not picked up, rejects, cannot be reached\n +hears nobody/);
  t.match(text, /- says too little\n/);
  t.match(text, /the call ends \(flow-ended, by engine\)/);
});

t.test('a queue takes the caller or not; in it an agent answers, keys lead on, time goes by', async (t) => {
  const lines = linesOf(usual).map((line) => line.trim());
  const text = lines.join('\n');
  t.match(text, /at wait, asking:\n- general takes the caller\nhears please-wait/);
  t.match(text, /- general has nobody\nhears nobody/);
  t.match(text, /- general is closed, is full, fails\n/);
  t.match(text, /at wait:\n- an agent answers, and they talk\nrings agent-1\n/);
  t.match(text, /- waits 120 s\nhears still-waiting[^\n]+\nhears enter-number/);
});

t.test('a message is sent or fails; without a number there is none', async (t) => {
  t.match(linesOf(usual).join('\n'), /no message: there is no number for it/);
  const site = testSite();
  const exploration = explore({
    moments: momentsOf({ site, number: '100', at, caller: '+96891234567' }),
    rows: () => known,
    entries: ['4444'],
    language: 'en',
  });
  const text = linesOf(exploration).join('\n');
  t.match(text, /- message how-it-stands is sent\n/);
  t.match(text, /- message how-it-stands fails\n +hears cannot-look-up/);
  t.match(text, /hears confirm-number/, 'a callback is to the number that calls');
  t.match(text, /hears how-was-it|hears how-fast|hears how-solved/, 'a survey asks');
});

t.test('silence is followed until the step is left', async (t) => {
  const text = linesOf(usual).join('\n');
  t.match(text, /- silence \(10 s\)\n +hears main-menu[^\n]+\n +hears goodbye[^\n]+\n +the call ends/);
});

t.test('a caller of one language does not see the branches of another', async (t) => {
  t.notOk(linesOf(usual).some((line) => line.includes('language: ar')));
  t.ok(linesOf(explored('100', null)).some((line) => line.includes('language: ar')));
});

t.test('a flow that goes round for ever ends in the apology here too', async (t) => {
  const lines = linesOf(explored('666'));
  t.match(lines[0], /^the flow fails: /);
  t.ok(lines.some((line) => line.startsWith('hears sorry (en)')));
});

t.test('depth and width cut the tree, and say so', async (t) => {
  const exploration = usual;
  const flat = explorationLines(exploration, { depth: 1, width: 2 });
  t.ok(flat.length < linesOf(exploration).length / 2);
  t.ok(flat.some((line) => line.endsWith('more …')));
  t.ok(flat.some((line) => /-> \S+ …$/.test(line)));
});

t.test('two explorations differ by place: what is moved elsewhere is no difference', async (t) => {
  const lines = placeLines(usual);
  t.same(lines, placeLines(explored()), 'the same site gives the same lines');
  const changes = lineChanges(['a', 'b', 'c'], ['a', 'x', 'c', 'd']);
  t.same(
    changes.map(({ change, line }) => `${change} ${line}`),
    ['same a', 'removed b', 'added x', 'same c', 'added d'],
  );
});

t.test('the whole municipality is explored', async (t) => {
  const check = await loadSite(fileURLToPath(new URL('../../../', import.meta.url)));
  if (check.result !== 'checked') throw new Error(check.findings.map(findingLine).join('\n'));
  const { site } = check;
  const exploration = explore({
    moments: momentsOf({
      site: { ...site, media: ({ name }) => name },
      number: '80077222',
      at,
      caller: null,
    }),
    rows: (source) => site.tables.get(source)?.rows ?? [],
    entries: ['123456', '12345', '2'],
    language: 'ar',
  });
  t.equal(exploration.whole, true);
  const places = Object.values(exploration.places).map(({ name }) => name);
  for (const place of [
    'municipality/main',
    'municipality/find-request',
    'services/roads',
    'complaint/topics',
  ])
    t.equal(places.filter((name) => name === place).length, 1, place);
  t.notOk(linesOf(exploration).some((line) => line.includes('the flow fails')));
});

t.test(
  'whoever keeps a place is called back, and goes through the flow that is meant for them',
  async (t) => {
    const exploration = explored('100', 'en', testSite(), '+96891234567');
    const lines = linesOf(exploration).map((line) => line.trim());
    t.equal(exploration.whole, true);
    const from = lines.indexOf('at a kept place in general:');
    t.ok(from > 0);
    t.match(lines.slice(from + 1), [/^- is called back answers$/]);
    t.ok(lines.slice(from).some((line) => /^at called-back\/[a-z-]+:$/.test(line)));
    const missed = lines.indexOf('- is called back is busy, does not answer, rejects');
    t.equal(lines[missed + 1], '(the same again)');
  },
);

t.test('a key that means nothing while the caller waits begins no longer choice', async (t) => {
  const lines = linesOf(explored('100', 'en', testSite(), '+96891234567')).map((line) => line.trim());
  const waits = lines.findIndex((line) => line.includes('an agent answers, and they talk'));
  const keys = lines.slice(waits).filter((line) => line.startsWith('- key '));
  t.ok(keys.length > 0);
  for (const line of keys.slice(0, 3)) t.notMatch(line, /\d\d/, line);
});
