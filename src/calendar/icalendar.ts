/**
 * iCalendar files (RFC 5545) as days: the only module that knows `ical.js`. Recurring events are expanded. Whatever a
 * file says, so many events, repetitions and days are the end. Pure.
 */
import ICAL from 'ical.js';
import type { UtcMs } from '../base/index.js';
import { type Day, dayOf, dayText, type Zone, zoneOf } from './time.js';

/** An event as whole days, the first and the last. */
export interface ImportedDays {
  readonly from: Day;
  readonly to: Day;
  readonly name: string;
}

export type IcsReading =
  | {
      readonly result: 'read';
      /** In order. */
      readonly days: readonly ImportedDays[];
      /** What was left out and why, in sentences. */
      readonly left: readonly string[];
    }
  | { readonly result: 'broken'; readonly why: string };

/** Beyond these a file is refused, or an event left out: nobody's holidays are so many. */
const most = {
  /** Characters of a file. */
  size: 1_000_000,
  /** Lines that begin a component (`BEGIN:`). */
  components: 5_000,
  /** Repetitions that are looked at, of all events together. */
  repetitions: 20_000,
  /** Days that a file gives. */
  days: 2_000,
  /** Days of one event. */
  length: 366,
  /** Characters of a name. */
  name: 100,
} as const;

/**
 * The events of a file that meet the days from the first to the last, as whole days.
 *
 * @param zone where the calendar is: an event with times counts where it takes whole days of this zone.
 */
export function readIcs(text: string, zone: Zone, first: Day, last: Day): IcsReading {
  const broken = (why: string): IcsReading => ({ result: 'broken', why });
  if (text.length > most.size)
    return broken(`it is longer than ${most.size.toLocaleString('en')} characters`);
  if ((text.match(/^BEGIN:/gim) ?? []).length > most.components)
    return broken(`it has more than ${most.components.toLocaleString('en')} parts`);
  try {
    const root = new ICAL.Component(ICAL.parse(text) as ConstructorParameters<typeof ICAL.Component>[0]);
    if (root.name !== 'vcalendar') return broken('it is not one VCALENDAR');
    return expanded(root.getAllSubcomponents('vevent'), zone, first, last);
  } catch (error) {
    // The parser throws whatever it stumbles over; a file that it cannot read is the file's fault.
    return broken(`it is no iCalendar file: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Import {
  readonly zone: Zone;
  readonly first: Day;
  readonly last: Day;
  readonly days: ImportedDays[];
  readonly left: string[];
  /** Repetitions that may still be looked at. */
  budget: number;
}

function expanded(components: readonly ICAL.Component[], zone: Zone, first: Day, last: Day): IcsReading {
  const taking: Import = { zone, first, last, days: [], left: [], budget: most.repetitions };
  const exceptions = new Map<string, ICAL.Component[]>();
  const events: ICAL.Component[] = [];
  for (const component of components) {
    if (!component.hasProperty('recurrence-id')) events.push(component);
    else {
      const uid = String(component.getFirstPropertyValue('uid'));
      exceptions.set(uid, [...(exceptions.get(uid) ?? []), component]);
    }
  }
  for (const component of events) {
    const uid = String(component.getFirstPropertyValue('uid'));
    take(taking, component, exceptions.get(uid) ?? []);
  }
  const days = taking.days.sort((a, b) => a.from - b.from || a.to - b.to);
  if (days.length > most.days)
    return { result: 'broken', why: `it gives more than ${most.days.toLocaleString('en')} days` };
  return { result: 'read', days, left: taking.left };
}

/** As the library documents it; its own type of it leads nowhere. */
interface Occurrence {
  readonly item: ICAL.Event;
  readonly startDate: ICAL.Time;
  readonly endDate: ICAL.Time;
}

function take(taking: Import, component: ICAL.Component, exceptions: readonly ICAL.Component[]): void {
  const name = nameOf(component);
  const leave = (why: string): number => taking.left.push(`"${name}" was left out: ${why}.`);
  if (component.getFirstPropertyValue('status') === 'CANCELLED') return;
  if (!component.hasProperty('dtstart')) {
    leave('it has no beginning');
    return;
  }
  if (!component.hasProperty('rrule') && !component.hasProperty('rdate')) {
    const event = new ICAL.Event(component, { exceptions: [] });
    add(taking, component, event.startDate, event.endDate);
    return;
  }
  const tamed = tame(component);
  if (typeof tamed === 'string') {
    leave(tamed);
    return;
  }
  const event = new ICAL.Event(component, { exceptions: [...exceptions] });
  const repetitions = event.iterator();
  for (;;) {
    if (taking.budget-- <= 0) {
      leave(`it and those before it repeat more than ${most.repetitions.toLocaleString('en')} times`);
      return;
    }
    const next = repetitions.next() as ICAL.Time | null | undefined;
    // Its own calendar is not asked for the zone: a day more or less does no harm here.
    if (!next || (dayOf(next.toString().slice(0, 10)) ?? Number.POSITIVE_INFINITY) > taking.last + 1) return;
    if (!tamed(next)) continue;
    const { item, startDate, endDate } = event.getOccurrenceDetails(next) as unknown as Occurrence;
    if (item.component.getFirstPropertyValue('status') !== 'CANCELLED')
      add(taking, item.component, startDate, endDate);
  }
}

/**
 * Takes out of a rule what would have the library look for a day that never comes, for ever, and gives it back as a
 * condition on the days; or says why the event cannot be taken.
 */
function tame(component: ICAL.Component): string | ((time: ICAL.Time) => boolean) {
  const conditions: ((time: ICAL.Time) => boolean)[] = [];
  for (const property of component.getAllProperties('rrule')) {
    const rule = property.getFirstValue() as ICAL.Recur;
    if (['SECONDLY', 'MINUTELY', 'HOURLY'].includes(rule.freq))
      return 'it repeats more often than once a day';
    const parts = rule.parts as Record<string, readonly (string | number)[] | undefined>;
    const months = parts['BYMONTH'];
    const monthDays = parts['BYMONTHDAY'];
    const weekdays = parts['BYDAY'];
    // The library moves the 30th of February to March.
    if (months !== undefined) conditions.push((time) => months.map(Number).includes(time.month));
    if (rule.freq !== 'DAILY' && rule.freq !== 'WEEKLY') continue;
    if (months === undefined && (rule.freq === 'WEEKLY' || (monthDays ?? weekdays) === undefined)) continue;
    if (rule.count) return 'its rule is too particular (a count together with chosen days)';
    delete parts['BYMONTH'];
    if (rule.freq === 'WEEKLY') continue;
    delete parts['BYMONTHDAY'];
    delete parts['BYDAY'];
    delete parts['BYSETPOS'];
    if (monthDays !== undefined) conditions.push((time) => monthDays.map(Number).includes(time.day));
    if (weekdays !== undefined) {
      const names = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
      conditions.push((time) => weekdays.includes(names[time.dayOfWeek() - 1] ?? ''));
    }
  }
  return (time) => conditions.every((holds) => holds(time));
}

function add(taking: Import, component: ICAL.Component, start: ICAL.Time, end: ICAL.Time | null): void {
  const { zone, first, last } = taking;
  const name = nameOf(component);
  const leave = (why: string): number => taking.left.push(`"${name}" was left out: ${why}.`);
  const days = start.isDate ? plainDays(start, end) : wholeDays(zone, component, start, end);
  if (typeof days === 'string') {
    leave(days);
    return;
  }
  const [from, to] = days;
  if (to < first || from > last) return;
  if (to < from) leave(`on ${dayText(from)} it ends before it begins`);
  else if (to - from >= most.length) leave(`it lasts more than ${most.length} days`);
  else taking.days.push({ from, to, name });
}

type Days = readonly [from: Day, to: Day];

/** RFC 5545, section 3.6.1: the end of an event of days is the day after it; without one it lasts a day. */
function plainDays(start: ICAL.Time, end: ICAL.Time | null): Days | string {
  const from = dayOf(start.toString().slice(0, 10));
  const after = dayOf((end ?? start).toString().slice(0, 10));
  if (from === null || after === null) return 'its days do not exist';
  return [from, after === from ? from : after - 1];
}

function wholeDays(
  zone: Zone,
  component: ICAL.Component,
  start: ICAL.Time,
  end: ICAL.Time | null,
): Days | string {
  const tzid = component.getFirstProperty('dtstart')?.getParameter('tzid');
  const own = typeof tzid === 'string' ? zoneOf(tzid) : zone;
  if (own === null) return `its time zone ${String(tzid).slice(0, most.name)} is not known here`;
  const begins = momentOf(own, start);
  const ends = end === null ? begins : momentOf(own, end);
  if (begins === null || ends === null) return 'its days do not exist';
  const firstDay = zone.wallTime(begins).day;
  const from = zone.momentOf(firstDay, 0) === begins ? firstDay : firstDay + 1;
  const to = zone.wallTime(ends).day - 1;
  return to < from
    ? `on ${dayText(firstDay)} it takes no whole day; write that day with its hours by hand`
    : [from, to];
}

function momentOf(own: Zone, time: ICAL.Time): UtcMs | null {
  const text = time.toString();
  if (text.endsWith('Z')) return Date.parse(text);
  const day = dayOf(text.slice(0, 10));
  return day === null ? null : own.momentOf(day, time.hour * 60 + time.minute);
}

function nameOf(component: ICAL.Component): string {
  const summary = component.getFirstPropertyValue('summary');
  const name = typeof summary === 'string' ? summary.replace(/[\p{Cc}\s]+/gu, ' ').trim() : '';
  return name === '' ? 'without a name' : name.slice(0, most.name);
}
