/** What a calendar is: when somebody is there, and why not. Types only. */
import type { UtcMs } from '../base/index.js';
import type { Day, Minute, WallTime, Weekday, Zone } from './time.js';

/** From the first minute up to, and without, the last; `from` is less than `to`. */
export interface Hours {
  readonly from: Minute;
  readonly to: Minute;
}

/** Days that are unlike their weekday, from the first to the last. */
export interface SpecialDays {
  readonly from: Day;
  readonly to: Day;
  /** In order, without overlap; empty: closed all day. */
  readonly hours: readonly Hours[];
  /** For people. */
  readonly name: string;
  /** Text of prompts/<language>.yaml that tells callers; null: none does. */
  readonly say: string | null;
  /** Nobody has confirmed the date yet; why, in words. null: it is sure. */
  readonly provisional: string | null;
  /** Where the date comes from; empty: from the calendar itself. */
  readonly source: string;
}

/** A closing in an emergency: from, and up to, without, its end. */
export interface Closing {
  readonly since: UtcMs;
  readonly until: UtcMs;
  readonly say: string | null;
}

export interface CalendarSettings {
  readonly zone: Zone;
  /** Hours of each weekday, in order, without overlap; a weekday that is not there is closed. */
  readonly weekly: ReadonlyMap<Weekday, readonly Hours[]>;
  /** Special days of the calendar's own: they override the holidays. No two have a day in common. */
  readonly days: readonly SpecialDays[];
  /** In order of the sets; where two have a day in common, one that is closed all day is before one that is not. */
  readonly holidays: readonly SpecialDays[];
  /** A closing that the site's files know of. */
  readonly emergency: Closing | null;
}

/** Exits of an `hours` step, and what a calendar can be. `holiday`: a special day that is closed all day. */
export type OpeningState = 'open' | 'closed' | 'holiday' | 'emergency';

/** The answer to "open at T?". */
export interface Opening {
  readonly state: OpeningState;
  /** The special day that decides; null: the weekly hours, or an emergency. */
  readonly special: SpecialDays | null;
  /** Text that tells callers why; null: none does. */
  readonly say: string | null;
  /** Now, where the calendar is. */
  readonly local: WallTime;
  /** When it closes; null: it is not open, or does not close within a year. */
  readonly closes: UtcMs | null;
  /** When it opens next; null: it is open, or does not open within a year. */
  readonly opens: UtcMs | null;
}

/** One day of a calendar, without emergencies. */
export interface CalendarDay {
  readonly day: Day;
  readonly weekday: Weekday;
  readonly hours: readonly Hours[];
  readonly special: SpecialDays | null;
  /** Other special days of the same day that do not count beside the one that does. */
  readonly outdone: readonly SpecialDays[];
}

/** Pure: the same question gives the same answer. */
export interface Calendar {
  readonly zone: Zone;
  /** A closing of the calendar that the site's files know of. */
  readonly emergency: Closing | null;
  /** @param closing what was closed while the engine runs; null: nothing was. */
  at(at: UtcMs, closing?: Closing | null): Opening;
  day(day: Day): CalendarDay;
}
