import fc from 'fast-check';
import t from 'tap';
import {
  type CalendarSettings,
  dayOf,
  type Hours,
  minuteOf,
  openCalendar,
  type Opening,
  type SpecialDays,
  wallText,
  type Weekday,
  type Zone,
  zoneOf,
} from '../../src/calendar/index.js';

function zone(name: string): Zone {
  const found = zoneOf(name);
  if (found === null) throw new Error(`no zone ${name}`);
  return found;
}

function day(text: string): number {
  const found = dayOf(text);
  if (found === null) throw new Error(`no day ${text}`);
  return found;
}

function hours(...texts: readonly string[]): Hours[] {
  return texts.map((text) => {
    const [from = '', to = ''] = text.split('-');
    return { from: minuteOf(from) ?? 0, to: minuteOf(to) ?? 0 };
  });
}

function special(from: string, name: string, open: readonly Hours[] = [], to = from): SpecialDays {
  return {
    from: day(from),
    to: day(to),
    hours: open,
    name,
    say: `${name}-text`,
    provisional: null,
    source: '',
  };
}

const sundayToThursday: CalendarSettings['weekly'] = new Map(
  ([7, 1, 2, 3, 4] as const).map((weekday) => [weekday, hours('07:30-14:30')]),
);

const plain: CalendarSettings = {
  zone: zone('Asia/Muscat'),
  weekly: sundayToThursday,
  days: [],
  holidays: [],
  emergency: null,
};

const muscat = (text: string): number => Date.parse(`${text}+04:00`);

/** The answer in short: its state, the special day, and when that changes, as the clock in the zone shows it. */
function told(settings: CalendarSettings, at: number, closing: CalendarSettings['emergency'] = null): string {
  const { state, special: by, closes, opens } = openCalendar(settings).at(at, closing);
  const shown = (moment: number | null): string =>
    moment === null ? '-' : wallText(settings.zone.wallTime(moment));
  const change = state === 'open' ? `until ${shown(closes)}` : `opens ${shown(opens)}`;
  return `${state}${by === null ? '' : ` by ${by.name}`}, ${change}`;
}

t.test('the weekly hours hold where nothing else does', async (t) => {
  t.equal(told(plain, muscat('2026-03-04T10:00')), 'open, until 2026-03-04T14:30');
  t.equal(told(plain, muscat('2026-03-04T07:29')), 'closed, opens 2026-03-04T07:30');
  t.equal(told(plain, muscat('2026-03-04T07:30')), 'open, until 2026-03-04T14:30', 'the first minute counts');
  t.equal(told(plain, muscat('2026-03-04T14:30')), 'closed, opens 2026-03-05T07:30', 'the last does not');
  t.equal(told(plain, muscat('2026-03-05T20:00')), 'closed, opens 2026-03-08T07:30', 'over the weekend');
});

t.test('a holiday closes, and says which one it is', async (t) => {
  const settings = { ...plain, holidays: [special('2026-03-19', 'eid', [], '2026-03-23')] };
  t.equal(told(settings, muscat('2026-03-19T10:00')), 'holiday by eid, opens 2026-03-24T07:30');
  t.equal(
    told(settings, muscat('2026-03-21T03:00')),
    'holiday by eid, opens 2026-03-24T07:30',
    'at night too',
  );
  t.equal(told(settings, muscat('2026-03-18T20:00')), 'closed, opens 2026-03-24T07:30');
  t.equal(openCalendar(settings).at(muscat('2026-03-20T10:00')).say, 'eid-text');
});

t.test('a half day has hours of its own, and is no holiday', async (t) => {
  const settings = { ...plain, holidays: [special('2026-03-18', 'eve', hours('08:00-11:00'))] };
  t.equal(told(settings, muscat('2026-03-18T09:00')), 'open by eve, until 2026-03-18T11:00');
  t.equal(told(settings, muscat('2026-03-18T12:00')), 'closed by eve, opens 2026-03-19T07:30');
});

t.test('of two holidays on one day the one that closes it counts', async (t) => {
  const settings = {
    ...plain,
    holidays: [special('2026-03-18', 'eve', hours('08:00-11:00')), special('2026-03-18', 'king')],
  };
  t.equal(told(settings, muscat('2026-03-18T09:00')), 'holiday by king, opens 2026-03-19T07:30');
  t.same(
    openCalendar(settings)
      .day(day('2026-03-18'))
      .outdone.map(({ name }) => name),
    ['eve'],
  );
});

t.test("a special day of the calendar's own overrides a holiday", async (t) => {
  const settings = {
    ...plain,
    days: [special('2026-03-20', 'hotline-at-eid', hours('09:00-12:00'))],
    holidays: [special('2026-03-19', 'eid', [], '2026-03-23')],
  };
  t.equal(told(settings, muscat('2026-03-20T10:00')), 'open by hotline-at-eid, until 2026-03-20T12:00');
  t.equal(told(settings, muscat('2026-03-19T10:00')), 'holiday by eid, opens 2026-03-20T09:00');
});

t.test('an emergency closes whatever else holds, and ends by itself', async (t) => {
  const closing = { since: muscat('2026-03-04T09:00'), until: muscat('2026-03-04T12:00'), say: 'storm' };
  const at = (time: string): string => told(plain, muscat(`2026-03-04T${time}`), closing);
  t.equal(at('08:59'), 'open, until 2026-03-04T09:00', 'an announced one is known before');
  t.equal(at('09:00'), 'emergency, opens 2026-03-04T12:00');
  t.equal(at('11:59'), 'emergency, opens 2026-03-04T12:00');
  t.equal(at('12:00'), 'open, until 2026-03-04T14:30', 'nothing has to run for that');
  const long = { ...closing, until: muscat('2026-03-04T20:00') };
  t.equal(told(plain, muscat('2026-03-04T10:00'), long), 'emergency, opens 2026-03-05T07:30');
  const inFiles = { since: long.until, until: muscat('2026-03-05T10:00'), say: null };
  t.equal(
    told({ ...plain, emergency: inFiles }, muscat('2026-03-04T10:00'), long),
    'emergency, opens 2026-03-05T10:00',
    'one after the other',
  );
  t.equal(openCalendar(plain).at(closing.since, closing).say, 'storm');
});

t.test('hours over midnight are those of two days, and close once', async (t) => {
  const weekly = new Map([
    [3, hours('20:00-24:00')],
    [4, hours('00:00-02:00')],
  ] as const);
  const settings = { ...plain, weekly };
  t.equal(told(settings, muscat('2026-03-04T22:00')), 'open, until 2026-03-05T02:00');
  t.equal(told(settings, muscat('2026-03-05T01:59')), 'open, until 2026-03-05T02:00');
});

t.test('a line that is always open never closes, one that never opens never does', async (t) => {
  const everyDay = ([1, 2, 3, 4, 5, 6, 7] as const).map(
    (weekday) => [weekday, hours('00:00-24:00')] as const,
  );
  t.equal(told({ ...plain, weekly: new Map(everyDay) }, muscat('2026-03-04T22:00')), 'open, until -');
  t.equal(told({ ...plain, weekly: new Map() }, muscat('2026-03-04T22:00')), 'closed, opens -');
});

t.test('where the clock is set forward, hours in the gap begin and end when it is set', async (t) => {
  // Europe/Berlin, 2026-03-29: at 02:00 the clock shows 03:00.
  const berlin = (open: string) => ({
    ...plain,
    zone: zone('Europe/Berlin'),
    days: [special('2026-03-29', 'gap', hours(open))],
  });
  const utc = (time: string): number => Date.parse(`2026-03-29T${time}Z`);
  t.equal(told(berlin('01:30-02:30'), utc('00:59')), 'open by gap, until 2026-03-29T03:00');
  t.match(told(berlin('01:30-02:30'), utc('01:00')), 'closed by gap');
  t.equal(told(berlin('02:30-05:00'), utc('00:59')), 'closed by gap, opens 2026-03-29T03:00');
  t.equal(told(berlin('02:30-05:00'), utc('01:00')), 'open by gap, until 2026-03-29T05:00');
  t.match(told(berlin('02:10-02:50'), utc('01:00')), 'closed by gap', 'hours that do not exist');
});

t.test('where the clock is set back, who is there in one of the two hours is there in both', async (t) => {
  // 2026-10-25: at 03:00 the clock shows 02:00 again.
  const settings = {
    ...plain,
    zone: zone('Europe/Berlin'),
    days: [special('2026-10-25', 'back', hours('01:00-02:30'))],
  };
  const utc = (time: string): number => Date.parse(`2026-10-25T${time}Z`);
  t.match(told(settings, utc('00:15')), 'open by back', 'the first 02:15');
  t.match(told(settings, utc('01:15')), 'open by back', 'the second');
  t.match(told(settings, utc('01:30')), 'closed by back');
});

t.test('a day that a zone skips, or begins an hour late, is taken as it comes', async (t) => {
  // Samoa went from the 29th to the 31st of December 2011.
  const apia = {
    ...plain,
    zone: zone('Pacific/Apia'),
    weekly: new Map([[5, hours('09:00-17:00')]] as const),
  };
  t.equal(
    told(apia, Date.parse('2011-12-30T09:00:00Z')),
    'closed, opens 2012-01-06T09:00',
    'that Friday was not',
  );
  // Beirut 2026-03-29: the day begins at 01:00.
  const beirut = {
    ...plain,
    zone: zone('Asia/Beirut'),
    days: [special('2026-03-29', 'early', hours('00:00-03:00'))],
  };
  t.equal(told(beirut, Date.parse('2026-03-28T22:00:00Z')), 'open by early, until 2026-03-29T03:00');
});

/** The same answer by the slow way: what the clock on the wall shows, found by the platform's own formatter. */
function openByTheClock(settings: CalendarSettings, at: number): boolean {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: settings.zone.name,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const date = day(`${parts['year']}-${parts['month']}-${parts['day']}`);
  const minute = Number(parts['hour']) * 60 + Number(parts['minute']);
  const weekday = (['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts['weekday'] ?? '') +
    1) as Weekday;
  const on = ({ from, to }: SpecialDays): boolean => from <= date && date <= to;
  const own = settings.days.find(on);
  const closed = settings.holidays.find((one) => on(one) && one.hours.length === 0);
  const open = (own ?? closed ?? settings.holidays.find(on))?.hours ?? settings.weekly.get(weekday) ?? [];
  return open.some(({ from, to }) => from <= minute && minute < to);
}

const someHours = fc
  .uniqueArray(fc.integer({ min: 0, max: 48 }), { maxLength: 4 })
  .map((cuts) => cuts.sort((a, b) => a - b))
  .map((cuts): Hours[] =>
    cuts.length < 2
      ? []
      : cuts.length < 4
        ? [{ from: (cuts[0] ?? 0) * 30, to: (cuts[1] ?? 0) * 30 }]
        : [
            { from: (cuts[0] ?? 0) * 30, to: (cuts[1] ?? 0) * 30 },
            { from: (cuts[2] ?? 0) * 30, to: (cuts[3] ?? 0) * 30 },
          ],
  );
const firstDay = day('2026-01-01');
const someDays = fc
  .record({
    from: fc.integer({ min: 0, max: 364 }),
    length: fc.integer({ min: 0, max: 4 }),
    hours: someHours,
  })
  .map(({ from, length, hours: open }): SpecialDays => {
    const begin = firstDay + from;
    return {
      from: begin,
      to: begin + length,
      hours: open,
      name: `day-${from}`,
      say: null,
      provisional: null,
      source: '',
    };
  });

const someSettings = fc
  .record({
    zone: fc.constantFrom(
      'Asia/Muscat',
      'Asia/Kuala_Lumpur',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
    ),
    weekly: fc.array(someHours, { minLength: 7, maxLength: 7 }),
    days: fc.array(someDays, { maxLength: 3 }),
    holidays: fc.array(someDays, { maxLength: 5 }),
  })
  .map(
    ({ zone: name, weekly, days, holidays }): CalendarSettings => ({
      zone: zone(name),
      weekly: new Map(weekly.map((open, index) => [(index + 1) as Weekday, open])),
      days,
      holidays,
      emergency: null,
    }),
  );

/** Hours that the clock shows twice, or not at all: the days on which it is set in 2026, in those zones. */
const setDays = ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04'].map(day);
const someMoment = fc
  .integer({ min: 0, max: 365 * 96 })
  .map((quarter) => Date.parse('2026-01-01T00:00:00Z') + quarter * 900_000);

t.test('what a calendar answers is what the clock on the wall says', async (t) => {
  const seed = Date.now() % 2 ** 31;
  t.comment(`seed ${seed}`);
  fc.assert(
    fc.property(someSettings, fc.array(someMoment, { minLength: 20, maxLength: 20 }), (settings, moments) => {
      const calendar = openCalendar(settings);
      for (const at of moments) {
        if (setDays.includes(settings.zone.wallTime(at).day)) continue;
        const answer: Opening = calendar.at(at);
        if ((answer.state === 'open') !== openByTheClock(settings, at)) return false;
      }
      return true;
    }),
    { seed, numRuns: 200 },
  );
});

t.test('it opens when it says, not before, and closes when it says', async (t) => {
  const seed = Date.now() % 2 ** 31;
  t.comment(`seed ${seed}`);
  const isOpen = (calendar: ReturnType<typeof openCalendar>, at: number): boolean =>
    calendar.at(at).state === 'open';
  fc.assert(
    fc.property(someSettings, someMoment, (settings, at) => {
      const calendar = openCalendar(settings);
      const { state, opens, closes } = calendar.at(at);
      const change = state === 'open' ? closes : opens;
      if (change === null) return true;
      if (change <= at || isOpen(calendar, change) === (state === 'open')) return false;
      // Nothing changes in between, as far as one can see by looking every so often.
      const step = Math.max(900_000, Math.floor((change - at) / 200));
      for (let moment = at; moment < change; moment += step)
        if (isOpen(calendar, moment) !== (state === 'open')) return false;
      return isOpen(calendar, change - 1) === (state === 'open');
    }),
    { seed, numRuns: 200 },
  );
});
