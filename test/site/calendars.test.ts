import t from 'tap';
import { findingLine } from '../../src/base/index.js';
import { dayOf, dayText } from '../../src/calendar/index.js';
import { calendarFindings } from '../../src/site/calendar-findings.js';
import { checkSite } from '../../src/site/check.js';
import type { SiteCheck } from '../../src/site/index.js';
import { readFileSync } from 'node:fs';
import { atOnce } from '../kit/at-once.js';

const grammar = readFileSync(new URL('../../../prompts/say/en.yaml', import.meta.url), 'utf8');
const now = Date.parse('2026-03-04T10:00:00+04:00');

const head = `onedoor: 1
name: A town
languages: [en]
numbers: ["100"]
fallback: { apology: sorry, unknown-number: sorry }
calendars:
`;
const agents = `  agents:
    zone: Asia/Muscat
    weekly: { sun-thu: 07:30-14:30 }
`;
const set = `onedoor: 1
name: Holidays
years: [2026]
source: the gazette
days:
  - { date: 2026-06-18, name: new-year }
`;
const regional = `onedoor: 1
name: Holidays
years: [2026]
source: the gazette
regions: [north, south]
days:
  - { date: 2026-06-18, name: everywhere }
  - { date: 2026-07-01, name: in the north, in: [north] }
  - { date: 2026-08-01, name: not in the north, not-in: [north] }
`;

function check(
  calendars: string,
  files: Readonly<Record<string, string>> = {},
  at: number | null = now,
): SiteCheck {
  const work = checkSite(
    {
      'onedoor.yaml': head + calendars,
      'flows/town.yaml':
        'onedoor: 1\nflow: town\nnumbers: ["100"]\nlanguages: [en]\nstart: a\nsteps: { a: { say: sorry, go: hang-up } }\n',
      'prompts/en.yaml':
        'onedoor: 1\nlanguage: en\ntexts: { sorry: Sorry., storm: A storm., counted: "{n, number} cases." }\n',
      'prompts/say/en.yaml': grammar,
      ...files,
    },
    [],
    at,
  );
  return atOnce(work);
}

function findings(calendars: string, files?: Readonly<Record<string, string>>): string[] {
  const reading = check(calendars, files);
  return (reading.result === 'checked' ? reading.warnings : reading.findings)
    .filter(({ code }) => !code.startsWith('flow/'))
    .map(({ line, col, code }) => `${line}:${col} ${code}`);
}

function calendar(reading: SiteCheck, name = 'agents') {
  if (reading.result === 'broken') throw new Error(reading.findings.map(findingLine).join('\n'));
  const found = reading.site.calendars.get(name);
  if (found === undefined) throw new Error(`no calendar ${name}`);
  return found;
}

/** Each has one fault, at the place of the mark §. */
const broken: readonly (readonly [code: string, calendars: string, files?: Record<string, string>])[] = [
  ['site/unknown-zone', agents.replace('Asia/Muscat', '§Asia/Muskat')],
  ['site/unknown-zone', agents.replace('Asia/Muscat', '§"+04:00"')],
  ['site/hours-form', agents.replace('07:30-14:30', '§half past seven')],
  ['site/hours-form', agents.replace('07:30-14:30', '[07:30-12:00, §13:00-25:00]')],
  ['site/hours-backwards', agents.replace('07:30-14:30', '§22:00-06:00')],
  ['site/hours-overlap', agents.replace('07:30-14:30', '[07:30-12:00, §11:30-14:30]')],
  ['site/weekday-form', agents.replace('sun-thu', '§sunday')],
  ['site/weekday-form', agents.replace('sun-thu', '§sun-thu-sat')],
  ['site/weekday-twice', agents.replace('{ sun', '{ mon: 08:00-12:00, §sun').replace('sun-thu', 'sun-mon')],
  ['site/never-open', '  §agents: { zone: Asia/Muscat }\n'],
  ['site/no-date', `${agents}    days: [§{ name: some day }]\n`],
  ['site/no-such-day', `${agents}    days: [{ date: §2026-02-30, name: x }]\n`],
  ['site/no-such-day', `${agents}    days: [{ date: 2026-02-28, to: §soon, name: x }]\n`],
  ['site/no-such-day', `${agents}    days: [{ hijri: §1447-13-01, name: x }]\n`],
  ['site/no-such-day', `${agents}    days: [{ hijri: 1447-09-29, to-hijri: §1448-09-30, name: x }]\n`],
  ['site/days-backwards', `${agents}    days: [§{ date: 2026-03-05, to: 2026-03-04, name: x }]\n`],
  ['site/days-too-long', `${agents}    days: [§{ date: 2026-03-05, to: 2027-03-06, name: x }]\n`],
  [
    'site/days-overlap',
    `${agents}    days: [{ date: 2026-06-05, to: 2026-06-09, name: x }, §{ date: 2026-06-09, name: y }]\n`,
  ],
  ['site/hijri-unconfirmed', `${agents}    days: [{ hijri: 1448-10-01, name: eid, status: §confirmed }]\n`],
  ['site/hijri-far', `${agents}    days: [{ hijri: 1448-10-01, date: §2027-03-19, name: eid }]\n`],
  ['site/provisional-why', `${agents}    days: [{ date: 2026-06-05, name: x, status: §provisional }]\n`],
  ['site/provisional-soon', `${agents}    days: [§{ hijri: 1447-09-20, name: x }]\n`],
  ['site/unknown-holidays', `${agents}    holidays: [§omn]\n`],
  ['site/unknown-region', `${agents}    holidays: [§town/west]\n`, { 'calendars/town.yaml': regional }],
  ['site/unknown-region', `${agents}    holidays: [§town/north/east]\n`, { 'calendars/town.yaml': regional }],
  ['site/region-needed', `${agents}    holidays: [§town]\n`, { 'calendars/town.yaml': regional }],
  ['site/unknown-region', agents, { 'calendars/town.yaml': regional.replace('in: [north]', 'in: [§west]') }],
  [
    'site/year-not-listed',
    agents,
    { 'calendars/town.yaml': set.replace('- { date: 2026', '- §{ date: 2027') },
  ],
  [
    'site/year-not-covered',
    `${agents}    holidays: [§town]\n`,
    { 'calendars/town.yaml': set.replaceAll('2026', '2025') },
  ],
  ['site/day-text', `${agents}    days: [{ date: 2026-06-05, name: x, say: §strom }]\n`],
  ['site/day-text-filled', `${agents}    days: [{ date: 2026-06-05, name: x, say: §counted }]\n`],
  ['site/day-text', `${agents}    emergency: { until: 2026-06-05T10:00, say: §strom }\n`],
  ['site/closing-time', `${agents}    emergency: { until: §2026-02-30T10:00 }\n`],
  ['site/closing-time', `${agents}    emergency: { until: §"10:00" }\n`],
  [
    'site/closing-backwards',
    `${agents}    emergency: { from: 2026-06-05T10:00, until: §2026-06-05T09:00 }\n`,
  ],
  ['site/closing-over', `${agents}    emergency: { until: §2026-03-04T09:00 }\n`],
  // The form alone.
  ['site/unrecognized-keys', `${agents}    §holiday: [town]\n`],
  ['site/invalid-type', '  agents: §{ weekly: { mon: 07:30-14:30 } }\n'],
  ['site/invalid-type', agents, { 'calendars/town.yaml': `§${set.replace('source: the gazette\n', '')}` }],
  ['yaml/bad-indent', agents, { 'calendars/town.yaml': 'onedoor: 1\nname: [a\n§days: 1\n' }],
];

for (const [code, calendars, files = {}] of broken) {
  t.test(
    `${code}: ${calendars.includes('§') ? calendars.trim().split('\n').at(-1) : 'a file of holidays'}`,
    async (t) => {
      const texts = [head + calendars, ...Object.values(files)];
      const marked = texts.find((text) => text.includes('§')) ?? '';
      const before = marked.slice(0, marked.indexOf('§')).split('\n');
      const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
      const clean = (text: string): string => text.replace('§', '');
      const found = findings(
        clean(calendars),
        Object.fromEntries(Object.entries(files).map(([path, text]) => [path, clean(text)])),
      );
      t.same(found, [`${place} ${code}`]);
    },
  );
}

t.test('each finding of the table is tried', async (t) => {
  const tried = new Set(broken.map(([code]) => code));
  t.same(
    Object.keys(calendarFindings).filter((code) => !tried.has(code)),
    [],
  );
});

t.test('what is over or comes soon is told of a moment only', async (t) => {
  const reading = check(`${agents}    emergency: { until: 2020-03-04T09:00 }\n`, {}, null);
  t.same(
    reading.result === 'checked' ? reading.warnings.filter(({ code }) => code.startsWith('site/')) : null,
    [],
  );
});

t.test('holidays differ from region to region', async (t) => {
  const both = `  north: { zone: Asia/Muscat, weekly: { mon-sun: all-day }, holidays: [town/north] }
  south: { zone: Asia/Muscat, weekly: { mon-sun: all-day }, holidays: [town/south] }
`;
  const reading = check(both, { 'calendars/town.yaml': regional });
  const named = (region: string, date: string): string | null =>
    calendar(reading, region).day(dayOf(date) ?? 0).special?.name ?? null;
  t.equal(named('north', '2026-06-18'), 'everywhere');
  t.equal(named('south', '2026-06-18'), 'everywhere');
  t.equal(named('north', '2026-07-01'), 'in the north');
  t.equal(named('south', '2026-07-01'), null);
  t.equal(named('north', '2026-08-01'), null);
  t.equal(named('south', '2026-08-01'), 'not in the north');
});

t.test('a Hijri day is where it was announced, else where it is reckoned, and then not sure', async (t) => {
  const days = `    days:
      - { hijri: 1448-10-01, to-hijri: 1448-10-03, name: reckoned }
      - { hijri: 1447-10-01, date: 2026-03-21, to: 2026-03-22, name: announced }
`;
  const found = calendar(check(agents + days, {}, null));
  const reckoned = found.day(dayOf('2027-03-11') ?? 0).special;
  t.match(reckoned, { name: 'reckoned', provisional: /Umm al-Qura/ });
  t.equal(dayText(reckoned?.from ?? 0), '2027-03-09');
  t.match(found.day(dayOf('2026-03-21') ?? 0).special, { name: 'announced', provisional: null });
  t.equal(found.day(dayOf('2026-03-20') ?? 0).special, null);
});

t.test('the week may go round its end, and a day has several times', async (t) => {
  const found = calendar(
    check('  agents: { zone: Asia/Muscat, weekly: { sat-mon: [13:00-17:00, 08:00-12:00], tue: all-day } }\n'),
  );
  t.same(found.day(dayOf('2026-03-01') ?? 0).hours, [
    { from: 480, to: 720 },
    { from: 780, to: 1020 },
  ]);
  t.equal(found.day(dayOf('2026-03-03') ?? 0).hours[0]?.to, 1440, 'Tuesday');
  t.same(found.day(dayOf('2026-03-04') ?? 0).hours, [], 'Wednesday');
});

t.test('an unknown set is told with those that there are, and every mistake at once', async (t) => {
  const reading = check(`${agents.replace('Muscat', 'Muskat')}    holidays: [omn]\n`, {
    'calendars/oman.yaml': set,
  });
  t.equal(reading.result, 'broken');
  if (reading.result === 'broken') {
    const own = reading.findings.filter(({ code }) => code.startsWith('site/'));
    t.same(
      own.map(({ code }) => code),
      ['site/unknown-zone', 'site/unknown-holidays'],
    );
    t.match(own[1]?.mend, /name one of: oman/);
  }
});
