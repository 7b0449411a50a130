/** `onedoor calendar show|close|open|import`: opening hours, for the people who keep them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { findingLine, OnedoorError } from '../base/index.js';
import {
  type Calendar,
  type Closing,
  type Day,
  dayInYear,
  dayOf,
  dayText,
  readIcs,
  wallText,
  yearOf,
  type Zone,
  zoneOf,
} from '../calendar/index.js';
import { loadSite } from '../site/index.js';
import { calendarList, calendarStatus } from '../web/schemas.js';
import { dayColumns, dayRow, type ShownDay, showDay } from './calendar-show.js';
import { engineClient } from './engine-client.js';
import { textTable } from './table.js';
import { CliFailure, exitCodes, printJson, settingsOf, type World } from './world.js';

/** Days that are shown at once, at most. */
const mostDays = 366;

interface ShowAsked {
  readonly calendar?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

interface ImportAsked {
  readonly into: string;
  readonly zone?: string;
  readonly from?: string;
  readonly to?: string;
  readonly replace?: true;
}

export function addCalendarCommands(program: Command, world: World): void {
  const calendar = program.command('calendar').description('when somebody is there, and why not');
  calendar
    .command('show [date]')
    .description('what holds on a day, and why; today where no day is given')
    .option('--calendar <name>', 'this one only')
    .option('--from <date>', 'from this day on')
    .option('--to <date>', 'to this day')
    .option('--json', 'print a JSON array')
    .action((date: string | undefined, asked: ShowAsked) => show(world, date, asked));
  calendar
    .command('close <name>')
    .description('close a calendar at once, in the engine that runs; it opens again by itself')
    .requiredOption('--until <time>', "14:30, or 2026-03-04T14:30, in the calendar's zone")
    .option('--say <text>', 'text of the prompts that tells callers why')
    .action((name: string, body: { readonly until: string; readonly say?: string }) =>
      change(world, name, 'close', body),
    );
  calendar
    .command('open <name>')
    .description('open a calendar that was closed at once')
    .action((name: string) => change(world, name, 'open', undefined));
  calendar
    .command('import <file>')
    .description('make holidays of an iCalendar file (.ics)')
    .requiredOption('--into <path>', 'calendars/<name>.yaml of the site')
    .option('--zone <name>', "time zone; by default that of the site's calendars")
    .option('--from <date>', "from this day on; by default this year's first")
    .option('--to <date>', "to this day; by default next year's last")
    .option('--replace', 'write over a file that is there')
    .action((file: string, asked: ImportAsked) => importIcs(world, file, asked));
}

async function show(world: World, date: string | undefined, asked: ShowAsked): Promise<void> {
  const calendars = await calendarsIn(world, asked.calendar);
  const closings = await closingsNow(world);
  const now = Date.now();
  const days: ShownDay[] = [];
  for (const [name, calendar] of calendars) {
    const today = calendar.zone.wallTime(now).day;
    const first = dayAsked(asked.from ?? date, today);
    const last = dayAsked(asked.to ?? asked.from ?? date, first);
    if (last < first || last - first >= mostDays) {
      throw new CliFailure(
        exitCodes.usage,
        `From ${dayText(first)} to ${dayText(last)} are no 1 to ${mostDays} days.`,
      );
    }
    for (let day = first; day <= last; day++)
      days.push(showDay(name, calendar, day, closings.get(name) ?? null));
  }
  if (asked.json) printJson(world, days);
  else for (const line of textTable(dayColumns, days.map(dayRow))) world.out(line);
}

async function calendarsIn(
  world: World,
  only: string | undefined,
): Promise<readonly (readonly [string, Calendar])[]> {
  const { siteFolder } = settingsOf(world);
  const reading = await loadSite(siteFolder);
  if (reading.result === 'broken') {
    const lines = reading.findings.map((finding) =>
      findingLine({ ...finding, file: relative(process.cwd(), join(siteFolder, finding.file)) }),
    );
    throw new CliFailure(exitCodes.findings, lines.join('\n'));
  }
  const { calendars } = reading.site;
  if (calendars.size === 0)
    throw new CliFailure(exitCodes.failed, 'The site has no `calendars:` in onedoor.yaml.');
  if (only === undefined) return [...calendars];
  const calendar = calendars.get(only);
  if (calendar !== undefined) return [[only, calendar]];
  throw new CliFailure(
    exitCodes.usage,
    `There is no calendar "${only}". There are: ${[...calendars.keys()].join(', ')}.`,
  );
}

/** What is closed at once in the engine that runs; nothing where none does. */
async function closingsNow(world: World): Promise<ReadonlyMap<string, Closing>> {
  try {
    const { calendars } = await engineClient(settingsOf(world).stateFolder).get(
      '/calendars',
      {},
      calendarList,
    );
    return new Map(
      calendars.flatMap(({ name, closing }): [string, Closing][] =>
        closing === null || closing.from === 'files' ? [] : [[name, closing]],
      ),
    );
  } catch (error) {
    if (error instanceof OnedoorError && error.code === 'ONEDOOR_CLI_NO_ENGINE') return new Map();
    throw error;
  }
}

function dayAsked(text: string | undefined, otherwise: Day): Day {
  if (text === undefined) return otherwise;
  const day = dayOf(text);
  if (day === null) throw new CliFailure(exitCodes.usage, `"${text}" is no day; write it as 2026-03-20.`);
  return day;
}

async function change(world: World, name: string, verb: 'close' | 'open', body: unknown): Promise<void> {
  const engine = engineClient(settingsOf(world).stateFolder);
  const path = `/calendars/${encodeURIComponent(name)}/${verb}`;
  const { state, zone, closing, opens, closes } = await engine.post(path, body ?? {}, calendarStatus);
  const known = zoneOf(zone);
  const shown = (at: number | null): string =>
    at === null || known === null ? 'further notice' : wallText(known.wallTime(at)).replace('T', ' ');
  if (closing !== null) {
    world.out(`${name} is closed until ${shown(closing.until)} (${zone}); it opens ${shown(opens)}.`);
    if (verb === 'open')
      world.err('The closing stands in the files of the site: take it out of onedoor.yaml.');
  } else {
    const then = state === 'open' ? `until ${shown(closes)}` : `it opens ${shown(opens)}`;
    world.out(`${name} is ${state === 'open' ? 'open' : 'closed as usual'}, ${then} (${zone}).`);
  }
}

const importName = /^(?:.*\/)?calendars\/([a-z][a-z0-9-]{0,31})\.yaml$/;

async function importIcs(world: World, file: string, asked: ImportAsked): Promise<void> {
  const { siteFolder } = settingsOf(world);
  const name = importName.exec(asked.into)?.[1];
  if (name === undefined)
    throw new CliFailure(exitCodes.usage, `--into is "${asked.into}"; write calendars/<name>.yaml.`);
  const path = join(siteFolder, 'calendars', `${name}.yaml`);
  if (existsSync(path) && !asked.replace)
    throw new CliFailure(exitCodes.usage, `${path} is there already; --replace writes over it.`);
  const zone = await importZone(world, asked.zone);
  const year = yearOf(zone.wallTime(Date.now()).day);
  const first = dayAsked(asked.from, dayInYear(year));
  const last = dayAsked(asked.to, dayInYear(yearOf(first) + 2) - 1);
  const reading = readIcs(textOf(file), zone, first, last);
  if (reading.result === 'broken')
    throw new CliFailure(exitCodes.findings, `${file} cannot be used: ${reading.why}.`);
  for (const why of reading.left) world.err(why);
  const days = reading.days.map(({ from, to, name: event }) => ({
    date: dayText(from),
    ...(to === from ? {} : { to: dayText(to) }),
    name: event,
  }));
  const years = Array.from({ length: yearOf(last) - yearOf(first) + 1 }, (_, n) => yearOf(first) + n);
  const source = `imported from ${basename(file)}, ${dayText(first)} to ${dayText(last)}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, stringify({ onedoor: 1, name: basename(file, '.ics'), source, years, days }));
  world.out(`${days.length} ${days.length === 1 ? 'event' : 'events'} written to ${path}.`);
  world.err(
    `Name it under \`holidays: [${name}]\` of a calendar in onedoor.yaml, then run onedoor flow check.`,
  );
}

async function importZone(world: World, asked: string | undefined): Promise<Zone> {
  if (asked !== undefined) {
    const zone = zoneOf(asked);
    if (zone !== null) return zone;
    throw new CliFailure(exitCodes.usage, `There is no time zone "${asked}"; write one such as Asia/Muscat.`);
  }
  const zones = new Map((await calendarsIn(world, undefined)).map(([, { zone }]) => [zone.name, zone]));
  const [zone] = zones.values();
  if (zone !== undefined && zones.size === 1) return zone;
  throw new CliFailure(
    exitCodes.usage,
    `The site has several time zones; say which with --zone: ${[...zones.keys()].join(', ')}.`,
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliFailure(exitCodes.usage, `${file} cannot be read: ${why}.`, cause);
  }
}
