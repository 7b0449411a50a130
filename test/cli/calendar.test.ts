import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { exitCodes, runCli } from '../../src/cli/index.js';
import { loadSite } from '../../src/site/index.js';
import { cliWorld } from '../kit/cli-world.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));

const settings = `onedoor: 1
name: A town
languages: [en]
numbers: ["100"]
calendars:
  agents: { zone: Asia/Muscat, weekly: { sun-thu: 07:30-14:30 }, holidays: [town] }
  desk:
    zone: Asia/Muscat
    weekly: { sun-thu: 09:00-12:00 }
    days: [{ hijri: 1447-09-15, name: charity }]
    emergency: { from: 2026-03-04T11:00, until: 2026-03-05T10:00 }
fallback: { apology: sorry, unknown-number: sorry }
`;

/** A site's folder, and a shell in it. */
function shell(t: Test) {
  const folder = t.testdir({
    'onedoor.yaml': settings,
    flows: {
      'town.yaml':
        'onedoor: 1\nflow: town\nnumbers: ["100"]\nlanguages: [en]\nstart: a\nsteps: { a: { say: sorry, go: hang-up } }\n',
    },
    prompts: {
      'en.yaml': 'onedoor: 1\nlanguage: en\ntexts: { sorry: Sorry. }\n',
      say: { 'en.yaml': readFileSync(join(project, 'prompts/say/en.yaml'), 'utf8') },
    },
    calendars: {
      'town.yaml':
        'onedoor: 1\nname: Town\nyears: [2026]\nsource: gazette\ndays: [{ date: 2026-03-03, name: founding-day }]\n',
    },
  });
  const environment = { ONEDOOR_SITE: folder, ONEDOOR_STATE: join(folder, 'state') };
  const { world, out, err } = cliWorld(environment, folder);
  const run = async (...words: readonly string[]): Promise<number> => {
    out.length = 0;
    err.length = 0;
    return runCli(['calendar', ...words], world);
  };
  return { folder, run, out, err };
}

t.test('what holds on a day is shown, and why', async (t) => {
  const { run, out } = shell(t);
  t.equal(await run('show', '2026-03-03'), exitCodes.done);
  t.same(
    out.map((line) => line.replace(/ {2,}/g, ' | ')),
    [
      'date | day | calendar | open | why',
      '2026-03-03 | Tue | agents | closed | founding-day',
      '2026-03-03 | Tue | desk | 09:00-12:00 | weekly hours',
    ],
  );
  await run('show', '2026-03-04', '--calendar', 'desk');
  t.match(out[1], /closed +charity; provisional: reckoned from the Hijri date 1447-09-15/);
  t.match(out[1], /EMERGENCY from 2026-03-04T11:00 until 2026-03-05T10:00/);
  await run('show', '--from', '2026-03-01', '--to', '2026-03-07', '--calendar', 'agents', '--json');
  const days = JSON.parse(out.join('\n')) as { date: string; hours: string[]; special: unknown }[];
  t.equal(days.length, 7);
  t.same(days[2], {
    calendar: 'agents',
    zone: 'Asia/Muscat',
    date: '2026-03-03',
    weekday: 'Tue',
    hours: [],
    why: 'special day',
    special: { name: 'founding-day', say: null, provisional: null, source: 'gazette' },
    outdone: [],
    emergencies: [],
  });
});

t.test('what cannot be shown is said', async (t) => {
  const { run, folder } = shell(t);
  t.equal(await run('show', '2026-02-30'), exitCodes.usage);
  t.equal(await run('show', '2026-03-03', '--calendar', 'agent'), exitCodes.usage);
  t.equal(await run('show', '--from', '2026-03-03', '--to', '2026-03-01'), exitCodes.usage);
  t.equal(await run('show', '--from', '2026-03-03', '--to', '2036-03-01'), exitCodes.usage);
  writeFileSync(join(folder, 'onedoor.yaml'), settings.replace('[town]', '[city]'));
  t.equal(await run('show', '2026-03-03'), exitCodes.findings);
});

t.test('a calendar is closed in an engine that runs; without one the command says so', async (t) => {
  const { run } = shell(t);
  t.equal(await run('close', 'agents', '--until', '12:00'), exitCodes.noEngine);
  t.equal(await run('open', 'agents'), exitCodes.noEngine);
  t.equal(await run('close', 'agents'), exitCodes.usage, 'a closing has an end');
});

t.test('an iCalendar file becomes holidays that the site can use', async (t) => {
  const { run, folder, out, err } = shell(t);
  const file = join(folder, 'council.ics');
  writeFileSync(
    file,
    `BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Council: "long" day
DTSTART;VALUE=DATE:20260310
DTEND;VALUE=DATE:20260312
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Lunch
DTSTART:20260310T080000Z
DTEND:20260310T090000Z
END:VEVENT
END:VCALENDAR`,
  );
  const words = ['import', file, '--into', 'calendars/council.yaml', '--from', '2026-01-01'];
  t.equal(await run(...words), exitCodes.done);
  t.match(out[0], /^2 events written to .*council\.yaml\.$/);
  t.match(err[0], /"Lunch" was left out/);
  t.equal(await run(...words), exitCodes.usage, 'what is there is not written over');
  t.equal(await run(...words, '--replace'), exitCodes.done);

  writeFileSync(join(folder, 'onedoor.yaml'), settings.replace('[town]', '[town, council]'));
  const reading = await loadSite(folder);
  t.equal(reading.result, 'checked');
  await run('show', '2027-03-11', '--calendar', 'agents');
  t.match(out[1], /closed +Council: "long" day$/);
});

t.test('what is no iCalendar file, or no place for it, is refused', async (t) => {
  const { run, folder, err } = shell(t);
  const file = join(folder, 'x.ics');
  writeFileSync(file, 'hello');
  t.equal(await run('import', file, '--into', 'calendars/x.yaml'), exitCodes.findings);
  t.match(err[0], /x\.ics cannot be used: it is no iCalendar file/);
  t.equal(await run('import', join(folder, 'y.ics'), '--into', 'calendars/x.yaml'), exitCodes.usage);
  for (const into of ['x.yaml', 'calendars/../x.yaml', 'calendars/X.yaml', 'calendars/x.json'])
    t.equal(await run('import', file, '--into', into), exitCodes.usage, into);
  t.equal(await run('import', file, '--into', 'calendars/x.yaml', '--zone', 'Mars'), exitCodes.usage);
});
