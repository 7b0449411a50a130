/** Pure. What holds on a day, and why: as rows for people and as data for programs. */
import {
  type Calendar,
  type Closing,
  type Day,
  dayText,
  type Hours,
  minuteText,
  type SpecialDays,
  wallText,
} from '../calendar/index.js';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

export interface ShownDay {
  readonly calendar: string;
  readonly zone: string;
  readonly date: string;
  readonly weekday: string;
  /** `07:30-14:30`; empty: closed all day. */
  readonly hours: readonly string[];
  /** What the hours come from. */
  readonly why: 'weekly hours' | 'special day';
  readonly special: ShownSpecial | null;
  /** Other special days of the same day, which do not count beside this one. */
  readonly outdone: readonly ShownSpecial[];
  /** Closings that meet the day, `2026-03-04T09:00/2026-03-04T14:00` in the calendar's zone. */
  readonly emergencies: readonly {
    readonly from: string;
    readonly until: string;
    readonly say: string | null;
  }[];
}

interface ShownSpecial {
  readonly name: string;
  readonly say: string | null;
  readonly provisional: string | null;
  readonly source: string;
}

/** @param closing what was closed at once in the engine that runs; null: nothing */
export function showDay(name: string, calendar: Calendar, day: Day, closing: Closing | null): ShownDay {
  const { zone } = calendar;
  const { hours, special, outdone, weekday } = calendar.day(day);
  const [begins, ends] = [zone.momentOf(day, 0), zone.momentOf(day + 1, 0)];
  const emergencies = [closing, calendar.emergency]
    .filter((one) => one !== null)
    .filter(({ since, until }) => since < ends && begins < until)
    .map(({ since, until, say }) => ({
      from: wallText(zone.wallTime(Math.max(since, begins))),
      until: wallText(zone.wallTime(until)),
      say,
    }));
  return {
    calendar: name,
    zone: zone.name,
    date: dayText(day),
    weekday: weekdays[weekday - 1] ?? '',
    hours: hours.map(hoursText),
    why: special === null ? 'weekly hours' : 'special day',
    special: special === null ? null : shown(special),
    outdone: outdone.map(shown),
    emergencies,
  };
}

function hoursText({ from, to }: Hours): string {
  return `${minuteText(from)}-${minuteText(to)}`;
}

function shown({ name, say, provisional, source }: SpecialDays): ShownSpecial {
  return { name, say, provisional, source };
}

export const dayColumns = ['date', 'day', 'calendar', 'open', 'why'];

export function dayRow(one: ShownDay): string[] {
  const { date, weekday, calendar, hours, special, outdone, emergencies } = one;
  const why = [
    special === null ? 'weekly hours' : special.name,
    ...(special?.provisional == null ? [] : [`provisional: ${special.provisional}`]),
    ...outdone.map(({ name }) => `beside it: ${name}`),
    ...emergencies.map(({ from, until }) => `EMERGENCY from ${from} until ${until}`),
  ];
  return [date, weekday, calendar, hours.length === 0 ? 'closed' : hours.join(', '), why.join('; ')];
}
