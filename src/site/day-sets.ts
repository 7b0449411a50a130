/** Pure, a file at a time. Holidays as data: calendars/<name>.yaml. */
import { checkYaml, type Finding, type Pieces, readYaml } from '../base/index.js';
import { dayText, type SpecialDays, yearOf } from '../calendar/index.js';
import { telling } from '../flows/index.js';
import { calendarFindings } from './calendar-findings.js';
import { daySetSchema } from './calendar-schema.js';
import type { SiteFiles } from './files.js';
import { readDay, type TellCalendar } from './special-days.js';

/** Days that calendars share, such as a country's holidays. */
export interface DaySet {
  readonly file: string;
  readonly years: readonly number[];
  readonly regions: readonly string[];
  readonly days: readonly SetDays[];
  /** Tells a finding about a day at its place in the file. */
  readonly tell: TellCalendar;
}

interface SetDays {
  readonly special: SpecialDays;
  /** Index in the file, for findings. */
  readonly index: number;
  /** null: all. */
  readonly regions: ReadonlySet<string> | null;
}

export interface DaySets {
  /** By name; null: the file has a fault that was told. */
  readonly sets: ReadonlyMap<string, DaySet | null>;
  /** Grows while the sets are used. */
  readonly findings: Finding[];
}

export function* readDaySets(files: SiteFiles): Pieces<DaySets> {
  const sets = new Map<string, DaySet | null>();
  const findings: Finding[] = [];
  for (const file of Object.keys(files).sort()) {
    const [, name] = /^calendars\/([a-z][a-z0-9-]*)\.yaml$/.exec(file) ?? [];
    if (name === undefined) continue;
    yield;
    sets.set(name, readDaySet(file, files[file] ?? '', findings));
  }
  return { sets, findings };
}

function readDaySet(file: string, text: string, findings: Finding[]): DaySet | null {
  const reading = readYaml(file, text);
  if (reading.result === 'broken') {
    findings.push(...reading.findings);
    return null;
  }
  const checked = checkYaml(reading.source, daySetSchema, 'site');
  if (checked.result === 'invalid') {
    findings.push(...checked.findings);
    return null;
  }
  const { years, regions, source, days } = checked.value;
  const tell = telling(reading.source, calendarFindings, findings);
  const name = file.slice('calendars/'.length, -'.yaml'.length);
  const found: SetDays[] = [];
  days.forEach(({ in: within, 'not-in': without, ...entry }, index) => {
    const path = ['days', index];
    for (const [key, named] of [
      ['in', within],
      ['not-in', without],
    ] as const) {
      named?.forEach((region, n) => {
        if (!regions.includes(region))
          tell.at([...path, key, n], 'site/unknown-region', { name, region, known: listed(regions) });
      });
    }
    const special = readDay(entry, path, source, tell);
    if (special === null) return;
    if (!years.includes(yearOf(special.from)) && !years.includes(yearOf(special.to)))
      tell.at(path, 'site/year-not-listed', { date: dayText(special.from), years: years.join(', ') });
    const those =
      within === undefined && without === undefined
        ? null
        : new Set((within ?? regions).filter((region) => !without?.includes(region)));
    found.push({ special, index, regions: those });
  });
  return { file, years, regions, days: found, tell };
}

export function listed(names: Iterable<string>): string {
  const all = [...names];
  return all.length === 0 ? 'none' : all.join(', ');
}
