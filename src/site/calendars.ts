/** Pure. The calendars of onedoor.yaml: weekly hours, holidays by set and region, special days, an emergency. */
import type { Finding, Pieces, UtcMs, YamlPath, YamlSource } from '../base/index.js';
import {
  type Calendar,
  type Closing,
  dayText,
  type Hours,
  momentIn,
  minuteOf,
  openCalendar,
  type SpecialDays,
  type Weekday,
  type Zone,
  zoneOf,
} from '../calendar/index.js';
import { type FlowTexts, telling } from '../flows/index.js';
import { calendarFindings } from './calendar-findings.js';
import type { CalendarEntry } from './calendar-schema.js';
import { type DaySet, type DaySets, listed, readDaySets } from './day-sets.js';
import type { SiteFiles } from './files.js';
import type { SiteSettings } from './settings.js';
import { readDay, readHours, type TellCalendar } from './special-days.js';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** So long ahead a year without holidays, and a day that nobody has confirmed, are pointed out. */
const yearAheadMs = 60 * 86_400_000;
const confirmDays = 14;

interface Reading {
  readonly settings: SiteSettings;
  readonly texts: FlowTexts | null;
  readonly sets: DaySets['sets'];
  readonly tell: TellCalendar;
  readonly now: UtcMs | null;
}

/**
 * @param texts null: they have faults of their own; nothing is said of their use.
 * @param now for what is over, or comes soon; null: nothing is said of it.
 */
export function* calendarsOf(
  settings: SiteSettings,
  source: YamlSource,
  files: SiteFiles,
  texts: FlowTexts | null,
  now: UtcMs | null,
): Pieces<{ readonly calendars: ReadonlyMap<string, Calendar>; readonly findings: readonly Finding[] }> {
  const { sets, findings } = yield* readDaySets(files);
  const reading: Reading = { settings, texts, sets, tell: telling(source, calendarFindings, findings), now };
  const calendars = new Map<string, Calendar>();
  for (const [name, entry] of Object.entries(settings.calendars)) {
    yield;
    const calendar = readCalendar(reading, name, entry);
    if (calendar !== null) calendars.set(name, calendar);
  }
  return { calendars, findings };
}

function readCalendar(reading: Reading, name: string, entry: CalendarEntry): Calendar | null {
  const { tell } = reading;
  const at = (...path: YamlPath): YamlPath => ['calendars', name, ...path];
  const weekly = readWeek(entry.weekly, at('weekly'), tell);
  const days = readDays(reading, entry, at('days'));
  const holidays = entry.holidays.flatMap((set, index) =>
    holidaysOf(reading, name, set, at('holidays', index)),
  );
  const zone = zoneOf(entry.zone);
  if (zone === null) {
    tell.at(at('zone'), 'site/unknown-zone', { zone: entry.zone });
    return null;
  }
  const written = [...Object.values(entry.weekly), ...entry.days.map(({ hours }) => hours ?? 'closed')];
  if (written.every((hours) => hours === 'closed' || hours.length === 0))
    tell.key(at(), 'site/never-open', { name });
  const emergency =
    entry.emergency === undefined ? null : readClosing(reading, name, entry.emergency, zone, at('emergency'));
  return openCalendar({ zone, weekly, days, holidays, emergency });
}

function readWeek(
  week: CalendarEntry['weekly'],
  path: YamlPath,
  tell: TellCalendar,
): ReadonlyMap<Weekday, readonly Hours[]> {
  const weekly = new Map<Weekday, readonly Hours[]>();
  for (const [key, entry] of Object.entries(week)) {
    const place = [...path, key];
    const [first, last = first, ...rest] = key.split('-').map((word) => weekdays.indexOf(word as 'mon'));
    const hours = readHours(entry, place, tell);
    if (first === undefined || last === undefined || first < 0 || last < 0 || rest.length > 0) {
      tell.key(place, 'site/weekday-form', { text: key });
      continue;
    }
    for (let n = 0; n <= (last - first + 7) % 7; n++) {
      const index = (first + n) % 7;
      const weekday = (index + 1) as Weekday;
      if (weekly.has(weekday)) tell.key(place, 'site/weekday-twice', { day: weekdays[index] ?? '' });
      weekly.set(weekday, hours ?? []);
    }
  }
  return weekly;
}

function readDays(reading: Reading, entry: CalendarEntry, path: YamlPath): readonly SpecialDays[] {
  const { tell } = reading;
  const days: SpecialDays[] = [];
  entry.days.forEach((one, index) => {
    const special = readDay(one, [...path, index], '', tell);
    if (special === null) return;
    const other = days.find(({ from, to }) => from <= special.to && special.from <= to);
    if (other !== undefined) {
      const day = dayText(Math.max(other.from, special.from));
      tell.at([...path, index], 'site/days-overlap', { name: special.name, other: other.name, day });
      return;
    }
    checkDay(reading, special, [...path, index], tell);
    days.push(special);
  });
  return days;
}

/** Days of a set, or of one of its regions. */
function holidaysOf(
  reading: Reading,
  calendar: string,
  named: string,
  path: YamlPath,
): readonly SpecialDays[] {
  const { sets, tell } = reading;
  const [name = '', ...within] = named.split('/');
  const region = within.length === 0 ? undefined : within.join('/');
  const set = sets.get(name);
  if (set === undefined) tell.at(path, 'site/unknown-holidays', { name, known: listed(sets.keys()) });
  // A file with faults has told them itself.
  if (set === undefined || set === null) return [];
  const known = listed(set.regions);
  if (region === undefined && set.regions.length > 0) {
    tell.at(path, 'site/region-needed', { name, known });
    return [];
  }
  if (region !== undefined && !set.regions.includes(region)) {
    tell.at(path, 'site/unknown-region', { name, region, known });
    return [];
  }
  checkYears(reading, calendar, name, set, path);
  const days = set.days.filter(
    ({ regions }) => regions === null || (region !== undefined && regions.has(region)),
  );
  for (const { special, index } of days) checkDay(reading, special, ['days', index], set.tell);
  return days.map(({ special }) => special);
}

function checkYears(
  { now, tell }: Reading,
  calendar: string,
  name: string,
  set: DaySet,
  path: YamlPath,
): void {
  if (now === null) return;
  // In the last weeks of a year its successor's days should be there.
  const missing = [now, now + yearAheadMs]
    .map((at) => new Date(at).getUTCFullYear())
    .find((year) => !set.years.includes(year));
  if (missing === undefined) return;
  tell.at(path, 'site/year-not-covered', { name, calendar, year: missing, last: Math.max(...set.years) });
}

/** What only the site knows of a special day: its text, and whether it comes soon. */
function checkDay(reading: Reading, special: SpecialDays, path: YamlPath, tell: TellCalendar): void {
  const { now } = reading;
  if (special.say !== null) checkText(reading, special.say, [...path, 'say'], tell);
  if (now === null || special.provisional === null) return;
  const ahead = special.from - Math.floor(now / 86_400_000);
  if (ahead < 0 || ahead > confirmDays) return;
  const { name, from, provisional: reason } = special;
  tell.at(path, 'site/provisional-soon', { name, date: dayText(from), reason });
}

function checkText({ settings, texts }: Reading, text: string, path: YamlPath, tell: TellCalendar): void {
  if (texts === null) return;
  const missing = settings.languages.filter((language) => !texts.has(language, text));
  if (missing.length > 0) {
    tell.at(path, 'site/day-text', { text, languages: missing.join(' and ') });
    return;
  }
  const slots = new Set(settings.languages.flatMap((language) => texts.slots(language, text)));
  if (slots.size > 0) tell.at(path, 'site/day-text-filled', { text, slots: [...slots].join(', ') });
}

function readClosing(
  reading: Reading,
  name: string,
  entry: NonNullable<CalendarEntry['emergency']>,
  zone: Zone,
  path: YamlPath,
): Closing | null {
  const { tell, now } = reading;
  const { from, until, say } = entry;
  const read = (text: string, key: string): UtcMs | null => {
    // A time without a day would be another one every day.
    const moment = minuteOf(text) === null ? momentIn(zone, text, 0) : null;
    if (moment === null) tell.at([...path, key], 'site/closing-time', { text });
    return moment;
  };
  const since = from === undefined ? 0 : read(from, 'from');
  const end = read(until, 'until');
  if (say !== undefined) checkText(reading, say, [...path, 'say'], tell);
  if (since === null || end === null) return null;
  if (end <= since) {
    tell.at([...path, 'until'], 'site/closing-backwards', {});
    return null;
  }
  if (now !== null && end <= now) tell.at([...path, 'until'], 'site/closing-over', { name });
  return { since, until: end, say: say ?? null };
}
