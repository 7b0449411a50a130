/** What the pages show works: flows are sound, scripted callers get through, trunks are understood. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { findingLine } from '../../src/base/index.js';
import { checkFlow, type Flow, parseFlow, type SiteFacts } from '../../src/flows/index.js';
import { serviceLevels } from '../../src/measures/service-level.js';
import { readScript, runScript } from '../../src/rehearsal/index.js';
import { checkSite } from '../../src/site/check.js';
import { readDaySets } from '../../src/site/day-sets.js';
import { loadSite, readScenario, readSite, siteFromFiles } from '../../src/site/index.js';
import { readTexts } from '../../src/speech/texts.js';
import { replicate, report } from '../../src/staffing/index.js';
import { type Example, page, pages, project, rowsOf } from './kit.js';
import { atOnce } from '../kit/at-once.js';

const yamlOf = (path: string): readonly Example[] =>
  page(path).examples.filter(({ kind }) => kind.startsWith('yaml'));
const lines = (findings: readonly Parameters<typeof findingLine>[0][]): string[] => findings.map(findingLine);

t.test('the first hotline of docs/flows.md is whole: its callers get through', async (t) => {
  const files = Object.fromEntries(
    yamlOf('docs/flows.md').flatMap(({ kind, text }) =>
      kind.includes(' ') ? [[kind.split(' ')[1] ?? '', text]] : [],
    ),
  );
  const { 'flows/library.test.yaml': script = '', ...own } = files;
  const grammar = readFileSync(join(project, 'prompts/say/en.yaml'), 'utf8');
  const check = await siteFromFiles({ ...own, 'prompts/say/en.yaml': grammar });
  if (check.result === 'broken') return t.same(lines(check.findings), []);
  t.same(
    check.warnings.map(({ code }) => code),
    ['flow/no-human'],
    'as the page says',
  );
  const reading = readScript('flows/library.test.yaml', script);
  if (reading.result === 'broken') return t.same(lines(reading.findings), []);
  t.ok(reading.callers.length >= 2);
  for (const caller of reading.callers) {
    const { failures } = runScript(caller, { ...check.site, media: ({ name }) => name });
    t.same(failures, [], caller.caller);
  }
  return undefined;
});

/** What an example takes for granted, beside the values that it keeps itself. */
const given = ['reference', 'request', 'topic', 'about', 'complaint', 'subject', 'customer'];
const facts = (called: readonly Flow[]): SiteFacts => ({
  texts: { has: () => true, slots: () => [] },
  phones: new Set(['agent-1']),
  lookups: new Set(['requests', 'accounts']),
  calendars: new Set(['agents']),
  queues: new Map([
    [
      'general',
      new Map([
        ['ar', 5],
        ['en', 5],
        ['parking', 3],
      ]),
    ],
  ]),
  skills: new Set(['ar', 'en', 'parking']),
  callbacks: true,
  callbackTrunk: true,
  messages: true,
  flows: new Map(called.map((flow) => [flow.flow, flow])),
});

/** An example of some steps, or of what stands above them, as a whole flow. */
function wholeFlow(example: Readonly<Record<string, unknown>>): string {
  const above = 'keys-anywhere' in example || 'defaults' in example || 'outcomes' in example;
  const steps = above ? { first: { say: 'hello', go: 'hang-up' } } : example;
  const targets = JSON.stringify(example).matchAll(
    /"(?:go|else|found|not-found|failed|locked|answered|busy|open|closed|holiday|emergency|nobody|kept|accepted|refused|withheld|sent|no-number|"?\d+|[*#])":"([a-z][a-z-]*)"/g,
  );
  const fixed = new Set(['repeat', 'back', 'hang-up', ...Object.keys(steps)]);
  const others = new Set([...targets].map(([, name]) => name ?? '').filter((name) => !fixed.has(name)));
  return JSON.stringify({
    onedoor: 1,
    flow: 'example',
    languages: ['ar', 'en'],
    parameters: given,
    start: Object.keys(steps)[0],
    defaults: { 'no-input': { go: 'hang-up' }, 'no-match': { go: 'hang-up' } },
    ...(above ? example : {}),
    steps: { ...steps, ...Object.fromEntries([...others].map((name) => [name, { 'hang-up': null }])) },
  });
}

t.test('the steps of docs/flows.md are sound', async (t) => {
  const sub = parseFlow(
    JSON.stringify({
      onedoor: 1,
      flow: 'complaint',
      languages: ['ar', 'en'],
      parameters: ['about'],
      start: 'end',
      steps: { end: { return: { next: '"main"' } } },
    }),
    'complaint.yaml',
  );
  const back = parseFlow(
    JSON.stringify({
      onedoor: 1,
      flow: 'called-back',
      languages: ['ar', 'en'],
      parameters: ['topic'],
      start: 'wait',
      steps: {
        wait: {
          queue: { name: 'general', 'no-answer-after': { go: 'end' }, answered: 'end', failed: 'end' },
        },
        end: { 'hang-up': null },
      },
    }),
    'called-back.yaml',
  );
  const others = [sub, back].flatMap(({ flow }) => flow ?? []);
  const kinds = new Set<string>();
  let seen = 0;
  for (const { kind, line, text } of yamlOf('docs/flows.md')) {
    const content: unknown = parse(text);
    if (kind.includes(' ') || typeof content !== 'object' || content === null || Array.isArray(content))
      continue;
    const example = { ...content };
    if ('texts' in example) {
      const reading = readTexts('prompts/en.yaml', `onedoor: 1\nlanguage: en\n${text}`);
      t.equal(reading.result, 'read', `docs/flows.md:${line}`);
      continue;
    }
    seen += 1;
    if ('flow' in example) {
      t.same(lines(checkFlow(parseFlow(text, 'flows/example.yaml'), facts([]))), [], `docs/flows.md:${line}`);
      continue;
    }
    for (const step of Object.values(example))
      if (typeof step === 'object' && step !== null) for (const key of Object.keys(step)) kinds.add(key);
    const parsed = parseFlow(wholeFlow(example), 'flows/example.yaml');
    const errors = checkFlow(parsed, facts(others)).filter(({ severity }) => severity === 'error');
    t.same(lines(errors), [], `docs/flows.md:${line}`);
  }
  t.ok(seen > 10);
  for (const kind of [
    'menu',
    'collect',
    'say',
    'lookup',
    'record',
    'decide',
    'set',
    'dial',
    'case',
    'hours',
    'call',
    'return',
    'hang-up',
    'queue',
    'callback',
    'message',
    'survey',
  ])
    t.ok(kinds.has(kind), `there is an example of ${kind}`);
});

t.test('the holidays of docs/calendars.md are sound', async (t) => {
  const files = Object.fromEntries(
    yamlOf('docs/calendars.md').flatMap(({ kind, text }): [string, string][] =>
      kind.includes(' ') ? [[kind.split(' ')[1] ?? '', text]] : [],
    ),
  );
  t.same(Object.keys(files), ['calendars/town.yaml']);
  const { sets, findings } = atOnce(readDaySets(files));
  t.same(lines(findings), []);
  t.equal(sets.get('town')?.days.length, 3);
});

t.test('scenarios of the page and of the folder are understood', async (t) => {
  const { files } = await readSite(project);
  const folder = join(project, 'scenarios');
  const shipped = readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(join(folder, name), 'utf8'),
  }));
  const told = yamlOf('docs/staffing.md').flatMap(({ kind, text }) =>
    kind.includes(' ') ? [{ name: kind, text }] : [],
  );
  t.equal(told.length, 1);
  for (const { name, text } of [...shipped, ...told]) {
    const reading = readScenario(name, text, files);
    t.same(reading.result === 'broken' ? lines(reading.findings) : [], [], name);
  }
  const text = shipped.find(({ name }) => name === 'one-call-centre.yaml')?.text ?? '';
  const national = readScenario('one-call-centre.yaml', text, files);
  if (national.result === 'broken') return undefined;
  const { scenario } = national;
  t.equal(scenario.agents.length, 277);
  t.equal(scenario.talk.meanMs + scenario.wrapUpMs, 169_000);
  t.same([scenario.halfHours[0]?.start, scenario.halfHours.length], [7.5 * 3_600_000, 27], '07:30 to 21:00');
  const agents = scenario.halfHours.map((one) => one.agents ?? 0);
  const replications = [0, 1, 2, 3].map((nth) => replicate(scenario, agents, nth));
  const { all, agentHours } = report(scenario, agents, replications);
  const seconds = (all.speedOfAnswerMs.value ?? 0) / 1000;
  t.ok(seconds > 6 && seconds < 9, `an average answer in about 7.5 s: ${seconds}`);
  t.ok(page('docs/staffing.md').text.includes(`(${agentHours} agent hours;`));
  return undefined;
});

t.test('the page tells the five service levels by their formulas', async (t) => {
  const told = new Map(rowsOf(page('docs/staffing.md')).map(([name = '', formula = '']) => [name, formula]));
  for (const [name, { formula }] of Object.entries(serviceLevels)) t.equal(told.get(`\`${name}\``), formula);
});

t.test('scripted callers of the pages are in form', async (t) => {
  const scripts = [...yamlOf('docs/flows.md'), ...yamlOf('docs/calendars.md')].filter(({ text }) =>
    text.startsWith('- caller:'),
  );
  t.ok(scripts.length >= 2);
  for (const { text, line } of scripts) {
    const reading = readScript(`docs/flows.md:${line}`, text);
    t.same(reading.result === 'broken' ? lines(reading.findings) : [], []);
  }
});

type Sections = Readonly<Record<string, object>>;

/** What an example says, beside what the site says already. */
function together(site: Sections, own: Sections): Sections {
  const sections = Object.entries(own).map(([name, section]): [string, object] => [
    name,
    Array.isArray(section) ? withOthers(section, site[name]) : { ...site[name], ...section },
  ]);
  return { ...site, ...Object.fromEntries(sections) };
}

/** Numbers: the example's, and those of the site that it does not name. */
function withOthers(own: readonly unknown[], site: unknown): readonly unknown[] {
  const numberOf = (one: unknown): unknown =>
    typeof one === 'object' && one && 'number' in one ? one.number : one;
  const named = new Set(own.map(numberOf));
  return [...own, ...(Array.isArray(site) ? site : []).filter((one) => !named.has(numberOf(one)))];
}

t.test('what the pages write into onedoor.yaml is understood', async (t) => {
  const folder = await loadSite(project);
  if (folder.result === 'broken') return t.same(lines(folder.findings), []);
  const site = parse(folder.files['onedoor.yaml'] ?? '') as { readonly lookups: object };
  let seen = 0;
  for (const { path, examples } of pages()) {
    for (const { kind, text, line } of examples) {
      if (
        !kind.startsWith('yaml') ||
        !/^(trunks|phones|numbers|limits|lookups|calendars|fallback|skills|queues|callbacks):/.test(text)
      )
        continue;
      seen += 1;
      const whole = JSON.stringify(together(site, parse(text) as Sections));
      const check = atOnce(checkSite({ ...folder.files, 'onedoor.yaml': whole }));
      t.same(check.result === 'broken' ? lines(check.findings) : [], [], `${path}:${line}`);
    }
  }
  t.ok(seen > 3);
  return undefined;
});
