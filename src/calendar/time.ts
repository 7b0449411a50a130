/**
 * Time zones, days and the Hijri calendar: the only module that knows `temporal-polyfill`. A day is a whole number of
 * days since 1970-01-01, so that days are counted, compared and looked up without a date library; what a zone makes of
 * a day is the library's alone. Pure.
 */
import { Temporal } from 'temporal-polyfill/full';
import type { UtcMs } from '../base/index.js';

/** Days since 1970-01-01 in the proleptic Gregorian calendar, in no time zone. */
export type Day = number;

/** Minutes since midnight as a clock on the wall shows them, 0 to 1440; 1440 is the midnight at the day's end. */
export type Minute = number;

const dayMs = 86_400_000;

/** Monday is 1, Sunday is 7 (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** 1970-01-01 was a Thursday. */
export function weekdayOf(day: Day): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;
}

/** `2026-03-01`. */
export function dayText(day: Day): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The day that is written `2026-03-01`, from 1900 to 2100; null where it is no such day. */
export function dayOf(text: string): Day | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (found === null) return null;
  const day = Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])) / dayMs;
  // The 30th of February would be the 2nd of March.
  if (dayText(day) !== text) return null;
  const year = yearOf(day);
  return year < 1900 || year > 2100 ? null : day;
}

export function yearOf(day: Day): number {
  return new Date(day * dayMs).getUTCFullYear();
}

export function dayInYear(year: number): Day {
  return Date.UTC(year, 0, 1) / dayMs;
}

/** `07:30`; 1440 is `24:00`. */
export function minuteText(minute: Minute): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Minute of a `07:30`, up to `24:00`; null where it is no such time. */
export function minuteOf(text: string): Minute | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (found === null) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2])];
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null;
  return hour * 60 + minute;
}

/** The day on which a Hijri date (`1447-09-29`) falls by the Umm al-Qura reckoning; null where there is no such date. */
export function hijriDay(text: string): Day | null {
  const found = /^(1[34]\d{2})-(\d{2})-(\d{2})$/.exec(text);
  if (found === null) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  try {
    const date = Temporal.PlainDate.from(
      { calendar: 'islamic-umalqura', year, month, day },
      { overflow: 'reject' },
    );
    return dayOf(date.withCalendar('iso8601').toString());
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A moment as the clock on the wall shows it. */
export interface WallTime {
  readonly day: Day;
  readonly minute: Minute;
}

export interface Zone {
  readonly name: string;
  wallTime(at: UtcMs): WallTime;
  /**
   * The first moment at which the clock shows that minute of that day, or a later one. Where the clock is set forward
   * over it, the moment at which it is set; where the clock shows it twice, the first time, or the last one.
   */
  momentOf(day: Day, minute: Minute, which?: 'first' | 'last'): UtcMs;
}

/** The zone of a name such as `Asia/Muscat`; null where there is none. */
export function zoneOf(name: string): Zone | null {
  // Fixed offsets have no name, and say nothing about a place.
  if (!/^[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return null;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return {
    name,
    wallTime(at) {
      const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name).toPlainDateTime();
      const day = Date.UTC(local.year, local.month - 1, local.day) / dayMs;
      return { day, minute: local.hour * 60 + local.minute };
    },
    momentOf(day, minute, which = 'first') {
      const wall = Temporal.PlainDateTime.from(dayText(day)).add({ minutes: minute });
      const disambiguation = which === 'first' ? 'earlier' : 'later';
      const found = wall.toZonedDateTime(name, { disambiguation });
      if (found.toPlainDateTime().equals(wall)) return found.epochMilliseconds;
      const before = wall.toZonedDateTime(name, { disambiguation: 'earlier' });
      return before.getTimeZoneTransition('next')?.epochMilliseconds ?? found.epochMilliseconds;
    },
  };
}

/** `2026-03-01T07:30`, without a zone: as the clock on the wall shows it. */
export function wallText({ day, minute }: WallTime): string {
  return `${dayText(day)}T${minuteText(minute)}`;
}

/**
 * The moment that a person means by `14:30` (the next time that the clock shows it), `2026-03-01T14:30` (both in the
 * zone) or `2026-03-01T14:30+04:00`; null where it is none of them.
 */
export function momentIn(zone: Zone, text: string, now: UtcMs): UtcMs | null {
  const time = minuteOf(text);
  if (time !== null) {
    const { day } = zone.wallTime(now);
    const today = zone.momentOf(day, time);
    return today > now ? today : zone.momentOf(day + 1, time);
  }
  const local = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2})(?::00)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const day = dayOf(local?.[1] ?? '');
  const minute = minuteOf(local?.[2] ?? '');
  if (day === null || minute === null) return null;
  const offset = local?.[3];
  if (offset === undefined) return zone.momentOf(day, minute);
  const at = Date.parse(`${wallText({ day, minute })}${offset}`);
  return Number.isNaN(at) ? null : at;
}
