/**
 * Figures of a running engine, folded from the event log as it is asked for them: what is shown is what anybody
 * recomputes from the log. The first question reads the days that are kept, later ones what has come since.
 */
import { overview } from '../acd/index.js';
import type { UtcMs } from '../base/index.js';
import { type Zone, zoneOf } from '../calendar/index.js';
import {
  asMeasured,
  contactFigures,
  createMeasures,
  exposition,
  expositionType,
  halfHourMs,
  knownHalfHours,
  measure,
  type Measures,
  queueFigures,
} from '../measures/index.js';
import type { Records } from '../records/index.js';
import type { Site } from '../site/index.js';
import type { Switchboard } from '../switchboard/index.js';
import type { FigureSpan, FiguresAsked, MeasureDesk } from '../web/index.js';

/** More than the days in which a caller who comes back counts. */
const keepDays = 8;
const dayMs = 86_400_000;
/** Whoever hangs up sooner has dialled wrongly, or thought better of it. */
const shortMs = 5_000;
const usualWithinMs = 20_000;
/** Events are read in pages; the journal's reader gives no more at once. */
const pageSize = 1_000;

/** @param now UTC milliseconds, as the engine's calls have it */
export function measureDesk(
  current: () => Pick<Site, 'calendars'>,
  switchboard: Pick<Switchboard, 'router'>,
  records: Pick<Records, 'events'>,
  now: () => UtcMs,
): MeasureDesk {
  const zone = zoneOfSite(current());
  const measures = createMeasures({ zone, keepDays, shortMs });
  let after = 0;
  let reading: Promise<Measures> | null = null;

  async function read(): Promise<Measures> {
    const since = now() - keepDays * dayMs;
    for (;;) {
      const page = await records.events({ after, since, limit: pageSize });
      for (const event of page) {
        const fact = asMeasured(event);
        if (fact !== null) measure(measures, fact, event.at);
        after = event.id;
      }
      if (page.length < pageSize) return measures;
    }
  }

  /** One reading at a time: two would count what they both read twice. */
  function upToDate(): Promise<Measures> {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  }

  const today = (): UtcMs => {
    const at = now();
    const { minute } = zone.wallTime(at);
    return Math.floor(at / 60_000) * 60_000 - minute * 60_000;
  };

  return {
    async figures({ queue, flow, from, to, withinMs = usualWithinMs }: FiguresAsked): Promise<FigureSpan> {
      const known = await upToDate();
      const stretch = { from: from ?? today(), to: to ?? now() + halfHourMs };
      const figuresIn = (within: typeof stretch) => ({
        figures: queueFigures(known, { name: queue, ...within }, withinMs),
        contacts: contactFigures(known, { flow, queue, ...within }),
      });
      const halfHours = knownHalfHours(known, queue, flow)
        .filter((start) => start >= stretch.from && start < stretch.to)
        .map((start) => ({ from: start, ...figuresIn({ from: start, to: start + 1 }) }));
      return { queue, flow, zone: zone.name, ...stretch, withinMs, ...figuresIn(stretch), halfHours };
    },
    async metrics() {
      const known = await upToDate();
      const at = now();
      const windows = [
        { name: '30m', from: at - halfHourMs },
        { name: 'today', from: today() },
      ];
      const live = overview(switchboard.router(), at);
      return { type: expositionType, text: exposition(live, known, windows, usualWithinMs, at) };
    },
  };
}

/** Half hours are those of the zone in which the site's people work: that of its first calendar. */
function zoneOfSite({ calendars }: Pick<Site, 'calendars'>): Zone {
  const [first] = calendars.values();
  const zone = first?.zone ?? zoneOf('UTC');
  if (zone === null) throw new TypeError('There is no zone UTC.');
  return zone;
}
