export type {
  Calendar,
  CalendarDay,
  CalendarSettings,
  Closing,
  Hours,
  Opening,
  OpeningState,
  SpecialDays,
} from './calendar.js';
export { type IcsReading, type ImportedDays, readIcs } from './icalendar.js';
export { openCalendar } from './opening.js';
export {
  type Day,
  dayInYear,
  dayOf,
  dayText,
  hijriDay,
  type Minute,
  minuteOf,
  minuteText,
  momentIn,
  wallText,
  type Weekday,
  weekdayOf,
  yearOf,
  type Zone,
  zoneOf,
} from './time.js';
