/** The calendars of a running engine: as they are now, closed and opened at once. */
import { OnedoorError, type UtcMs } from '../base/index.js';
import { type Calendar, type Closing, momentIn } from '../calendar/index.js';
import type { Site } from '../site/index.js';
import type { Switchboard } from '../switchboard/index.js';
import type { CalendarDesk, CalendarStatus } from '../web/index.js';

/** A closing can last so long: what is longer belongs into the site's files. */
const longestMs = 366 * 86_400_000;

/**
 * @param current the site version in force
 * @param now UTC milliseconds, as the engine's calls have it
 */
export function calendarDesk(
  current: () => Pick<Site, 'calendars' | 'languages' | 'texts'>,
  switchboard: Pick<Switchboard, 'closings' | 'closeCalendar' | 'openCalendar'>,
  now: () => UtcMs,
): CalendarDesk {
  const find = (name: string): Calendar => {
    const { calendars } = current();
    const calendar = calendars.get(name);
    if (calendar !== undefined) return calendar;
    const known = [...calendars.keys()].join(', ') || 'none';
    throw new OnedoorError('ONEDOOR_WEB_NO_CALENDAR', { name, known });
  };
  const status = (name: string, calendar: Calendar): CalendarStatus =>
    statusOf(name, calendar, switchboard.closings().get(name) ?? null, now());

  return {
    list: () => [...current().calendars].map(([name, calendar]) => status(name, calendar)),
    async close(name, until, say) {
      const calendar = find(name);
      const at = now();
      const end = momentIn(calendar.zone, until, at);
      if (end === null || end <= at || end > at + longestMs)
        throw new OnedoorError('ONEDOOR_WEB_CLOSING_TIME', { until, zone: calendar.zone.name });
      if (say !== null) checkText(current(), say);
      await switchboard.closeCalendar(name, end, say);
      return status(name, calendar);
    },
    async open(name) {
      const calendar = find(name);
      if (switchboard.closings().has(name)) await switchboard.openCalendar(name);
      return status(name, calendar);
    },
  };
}

/** Callers would hear nothing, or a sentence with a hole. */
function checkText({ languages, texts }: Pick<Site, 'languages' | 'texts'>, text: string): void {
  const missing = languages.filter((language) => !texts.has(language, text));
  const slots = new Set(
    languages.flatMap((language) => (texts.has(language, text) ? texts.slots(language, text) : [])),
  );
  const why =
    missing.length > 0
      ? `it is missing in ${missing.join(' and ')}`
      : slots.size > 0
        ? `it needs values (${[...slots].join(', ')})`
        : null;
  if (why !== null) throw new OnedoorError('ONEDOOR_WEB_CLOSING_TEXT', { text, why });
}

function statusOf(name: string, calendar: Calendar, requested: Closing | null, at: UtcMs): CalendarStatus {
  const { state, special, opens, closes } = calendar.at(at, requested);
  const holds = (closing: Closing | null): closing is Closing =>
    closing !== null && closing.since <= at && at < closing.until;
  const closing = holds(requested)
    ? ({ ...requested, from: 'request' } as const)
    : holds(calendar.emergency)
      ? ({ ...calendar.emergency, from: 'files' } as const)
      : null;
  return { name, zone: calendar.zone.name, state, special: special?.name ?? null, opens, closes, closing };
}
