/** Pure. Hours and special days as they are written become what a calendar reckons with, or findings. */
import type { YamlPath } from '../base/index.js';
import {
  type Day,
  dayOf,
  dayText,
  hijriDay,
  type Hours,
  minuteOf,
  minuteText,
  type SpecialDays,
} from '../calendar/index.js';
import type { Telling } from '../flows/index.js';
import type { calendarFindings } from './calendar-findings.js';
import type { DayEntry, HoursEntry } from './calendar-schema.js';

export type TellCalendar = Telling<typeof calendarFindings>;

/** Days of one entry, at most. */
const longest = 366;
/** A sighting of the moon moves a day by so many at most. */
const moonDays = 2;

/** In order; null where something is wrong with them. */
export function readHours(entry: HoursEntry, path: YamlPath, tell: TellCalendar): readonly Hours[] | null {
  if (entry === 'closed') return [];
  if (entry === 'all-day') return [{ from: 0, to: 1440 }];
  const texts = typeof entry === 'string' ? [entry] : entry;
  const found: Hours[] = [];
  let sound = true;
  texts.forEach((text, index) => {
    const place = typeof entry === 'string' ? path : [...path, index];
    const [, first, last] = /^\s*(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s*$/.exec(text) ?? [];
    const from = minuteOf(first ?? '');
    const to = minuteOf(last ?? '');
    if (from === null || to === null) tell.at(place, 'site/hours-form', { text });
    else if (to <= from) tell.at(place, 'site/hours-backwards', { text });
    else {
      const other = found.find((hours) => hours.from < to && from < hours.to);
      if (other === undefined) {
        found.push({ from, to });
        return;
      }
      tell.at(place, 'site/hours-overlap', { text, other: textOf(other) });
    }
    sound = false;
  });
  return sound ? found.sort((a, b) => a.from - b.from) : null;
}

function textOf({ from, to }: Hours): string {
  return `${minuteText(from)}-${minuteText(to)}`;
}

/** null where something is wrong with the entry. */
export function readDay(
  entry: DayEntry,
  path: YamlPath,
  source: string,
  tell: TellCalendar,
): SpecialDays | null {
  const { name, say } = entry;
  const hours = readHours(entry.hours ?? 'closed', [...path, 'hours'], tell);
  const dates = datesOf(entry, path, tell);
  if (hours === null || dates === null) return null;
  const [from, to] = dates;
  if (to < from) {
    tell.at(path, 'site/days-backwards', { from: dayText(from), to: dayText(to) });
    return null;
  }
  if (to - from >= longest) {
    tell.at(path, 'site/days-too-long', { days: to - from + 1 });
    return null;
  }
  const provisional = reasonOf(entry, path, tell);
  if (provisional === undefined) return null;
  return { from, to, hours, name, say: say ?? null, provisional, source: entry.source ?? source };
}

/** The first and the last day; a date that was announced goes before the Hijri reckoning. */
function datesOf(entry: DayEntry, path: YamlPath, tell: TellCalendar): readonly [Day, Day] | null {
  const { date, to, hijri, 'to-hijri': toHijri, name } = entry;
  if (date === undefined && hijri === undefined) {
    tell.at(path, 'site/no-date', { name });
    return null;
  }
  const read = (text: string | undefined, key: string, reckon: (text: string) => Day | null): Day | null => {
    const day = reckon(text ?? '');
    if (day === null && text !== undefined) tell.at([...path, key], 'site/no-such-day', { text });
    return day;
  };
  const first = read(date, 'date', dayOf);
  const last = read(to, 'to', dayOf);
  const firstHijri = read(hijri, 'hijri', hijriDay);
  const lastHijri = read(toHijri, 'to-hijri', hijriDay);
  if (date !== undefined) {
    if (first === null || (to !== undefined && last === null)) return null;
    if (hijri !== undefined && firstHijri === null) return null;
    if (firstHijri !== null && Math.abs(firstHijri - first) > moonDays) {
      const fields = { hijri: hijri ?? '', reckoned: dayText(firstHijri), name, date };
      tell.at([...path, 'date'], 'site/hijri-far', fields);
    }
    return [first, last ?? first];
  }
  if (firstHijri === null || (toHijri !== undefined && lastHijri === null)) return null;
  return [firstHijri, lastHijri ?? firstHijri];
}

/** Why the date is not sure; null: it is. undefined: something is wrong. */
function reasonOf(
  { date, hijri, status, why, name }: DayEntry,
  path: YamlPath,
  tell: TellCalendar,
): string | null | undefined {
  if (date === undefined) {
    if (status === 'confirmed') {
      tell.at([...path, 'status'], 'site/hijri-unconfirmed', { name });
      return undefined;
    }
    return why ?? `reckoned from the Hijri date ${hijri ?? ''} (Umm al-Qura); the moon decides`;
  }
  if (status !== 'provisional') return null;
  if (why !== undefined) return why;
  tell.at([...path, 'status'], 'site/provisional-why', { name });
  return undefined;
}
