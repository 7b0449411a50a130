/**
 * Pure. "Open at T?": emergency, then the calendar's own special day, then holiday, then the weekly hours. What a day
 * holds is worked out once and kept: a question costs a look into a map and a few comparisons.
 */
import { extended, type UtcMs } from '../base/index.js';
import type { Calendar, CalendarDay, CalendarSettings, Closing, Hours, SpecialDays } from './calendar.js';
import { type Day, type WallTime, weekdayOf, type Zone } from './time.js';

/** A day as moments: when it begins and ends, and when the calendar is open in it. */
interface Plan extends CalendarDay {
  readonly from: UtcMs;
  readonly to: UtcMs;
  readonly open: readonly { readonly from: UtcMs; readonly to: UtcMs }[];
}

/** So far ahead is looked for the next opening or closing. */
const horizonDays = 366;
/** Days that are kept; beyond these all are worked out anew. */
const mostKept = 1_000;
const utcDayMs = 86_400_000;

export function openCalendar(settings: CalendarSettings): Calendar {
  const { zone, weekly, emergency } = settings;
  const own = byDay(settings.days);
  const holidays = byDay(settings.holidays);
  const plans = new Map<Day, Plan>();
  const plansOfUtcDay = new Map<number, readonly Plan[]>();

  function dayIn(day: Day): CalendarDay {
    const weekday = weekdayOf(day);
    const candidates = [...(own.get(day) ?? []), ...closedFirst(holidays.get(day) ?? [])];
    const special = candidates[0] ?? null;
    const hours = special?.hours ?? weekly.get(weekday) ?? [];
    return { day, weekday, hours, special, outdone: candidates.slice(1) };
  }

  /** The same without a list of what is outdone: for looking far ahead. */
  function hoursIn(day: Day): readonly Hours[] {
    if (own.has(day) || holidays.has(day)) return dayIn(day).hours;
    return weekly.get(weekdayOf(day)) ?? [];
  }

  function planOf(day: Day): Plan {
    const kept = plans.get(day);
    if (kept !== undefined) return kept;
    if (plans.size >= mostKept) plans.clear();
    const plan = planned(zone, dayIn(day));
    plans.set(day, plan);
    return plan;
  }

  function planAt(at: UtcMs): Plan {
    const utcDay = Math.floor(at / utcDayMs);
    let near = plansOfUtcDay.get(utcDay);
    if (near === undefined) {
      if (plansOfUtcDay.size >= mostKept) plansOfUtcDay.clear();
      // A zone is less than a day away from UTC, so a day of UTC meets at most three of its days.
      const { day } = zone.wallTime(utcDay * utcDayMs);
      near = [day, day + 1, day + 2].map(planOf);
      plansOfUtcDay.set(utcDay, near);
    }
    return near.find((plan) => plan.from <= at && at < plan.to) ?? planOf(zone.wallTime(at).day);
  }

  /** When the hours are open at or after a moment. */
  function nextOpen(at: UtcMs): UtcMs | null {
    const plan = planAt(at);
    for (const { from, to } of plan.open) if (at < to) return Math.max(at, from);
    for (let day = plan.day + 1; day <= plan.day + horizonDays; day++) {
      if (hoursIn(day).length === 0) continue;
      // On a day that the clock skips the hours may not exist.
      const first = planOf(day).open[0];
      if (first !== undefined) return first.from;
    }
    return null;
  }

  /** When hours that are open at a moment end, over midnight too. */
  function nextClosed(at: UtcMs): UtcMs | null {
    const plan = planAt(at);
    const end = plan.open.find(({ from, to }) => from <= at && at < to)?.to ?? at;
    if (end < plan.to) return end;
    for (let day = plan.day + 1; day <= plan.day + horizonDays; day++) {
      const [first] = hoursIn(day);
      if (first !== undefined && first.from === 0 && first.to === 1440) continue;
      const { from, to, open } = planOf(day);
      const [opening] = open;
      if (opening === undefined || opening.from > from) return from;
      if (opening.to < to) return opening.to;
    }
    return null;
  }

  return {
    zone,
    emergency,
    day: dayIn,
    at(at, closing = null) {
      const closings = [closing, emergency].filter((one) => one !== null);
      const active = closings.find((one) => covers(one, at));
      const plan = planAt(at);
      const { special, open } = plan;
      const isOpen = active === undefined && open.some((hours) => hours.from <= at && at < hours.to);
      const local = localOf(zone, plan, at);
      if (isOpen) {
        const begins = closings.map(({ since }) => since).filter((since) => since > at);
        const closes = Math.min(nextClosed(at) ?? Number.POSITIVE_INFINITY, ...begins);
        const until = Number.isFinite(closes) ? closes : null;
        return { state: 'open', special, say: null, local, closes: until, opens: null };
      }
      const opens = opensAfter(at, closings, nextOpen);
      if (active !== undefined)
        return { state: 'emergency', special: null, say: active.say, local, closes: null, opens };
      const state = special !== null && special.hours.length === 0 ? 'holiday' : 'closed';
      return { state, special, say: special?.say ?? null, local, closes: null, opens };
    },
  };
}

function covers({ since, until }: Closing, at: UtcMs): boolean {
  return since <= at && at < until;
}

/** Two closings can follow one another: each can be met twice at most. */
function opensAfter(
  at: UtcMs,
  closings: readonly Closing[],
  nextOpen: (at: UtcMs) => UtcMs | null,
): UtcMs | null {
  let opens: UtcMs | null = nextOpen(at);
  for (let n = 0; n < 2 * closings.length && opens !== null; n++) {
    const moment: UtcMs = opens;
    const inTheWay = closings.find((closing) => covers(closing, moment));
    if (inTheWay === undefined) break;
    opens = nextOpen(inTheWay.until);
  }
  return opens;
}

/** What the clock shows. The zone itself is asked only where the day has not 24 hours. */
function localOf(zone: Zone, { day, from, to }: Plan, at: UtcMs): WallTime {
  if (to - from !== utcDayMs) return zone.wallTime(at);
  return { day, minute: Math.floor((at - from) / 60_000) };
}

function byDay(days: readonly SpecialDays[]): ReadonlyMap<Day, readonly SpecialDays[]> {
  const found = new Map<Day, SpecialDays[]>();
  for (const special of days) {
    for (let day = special.from; day <= special.to; day++) {
      const there = found.get(day);
      if (there === undefined) found.set(day, [special]);
      else there.push(special);
    }
  }
  return found;
}

/** Who is sure to be closed is not opened by another's half day. */
function closedFirst(days: readonly SpecialDays[]): readonly SpecialDays[] {
  const closed = days.filter(({ hours }) => hours.length === 0);
  return [...closed, ...days.filter(({ hours }) => hours.length > 0)];
}

function planned(zone: Zone, day: CalendarDay): Plan {
  const from = zone.momentOf(day.day, 0);
  const to = zone.momentOf(day.day + 1, 0);
  const open: { from: UtcMs; to: UtcMs }[] = [];
  for (const hours of day.hours) {
    const opens = hours.from === 0 ? from : zone.momentOf(day.day, hours.from);
    // Where the clock shows an hour twice, who is there in one is there between the two.
    const closes = hours.to === 1440 ? to : Math.min(to, zone.momentOf(day.day, hours.to, 'last'));
    // Hours that the clock skips.
    if (opens >= closes) continue;
    const before = open.at(-1);
    if (before !== undefined && opens <= before.to) before.to = Math.max(before.to, closes);
    else open.push({ from: opens, to: closes });
  }
  return extended(day, { from, to, open });
}
