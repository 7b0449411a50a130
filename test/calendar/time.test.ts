import t from 'tap';
import {
  dayOf,
  dayText,
  hijriDay,
  minuteOf,
  minuteText,
  momentIn,
  weekdayOf,
  type Zone,
  zoneOf,
} from '../../src/calendar/index.js';

t.test('days that do not exist are none', async (t) => {
  for (const text of [
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '1899-12-31',
    '2101-01-01',
    'today',
  ])
    t.equal(dayOf(text), null, text);
  t.equal(dayText(dayOf('2028-02-29') ?? 0), '2028-02-29');
  t.equal(weekdayOf(dayOf('2026-03-01') ?? 0), 7, 'a Sunday');
  t.equal(weekdayOf(dayOf('1901-01-01') ?? 0), 2, 'a Tuesday');
});

t.test('minutes of the day reach to its end', async (t) => {
  t.equal(minuteOf('24:00'), 1440);
  for (const text of ['24:01', '25:00', '7', '07:60', '7.30']) t.equal(minuteOf(text), null, text);
  t.equal(minuteText(minuteOf('7:05') ?? 0), '07:05');
});

t.test('Hijri dates are those of Umm al-Qura', async (t) => {
  const shown = (text: string): string => {
    const day = hijriDay(text);
    return day === null ? 'none' : dayText(day);
  };
  t.equal(shown('1447-09-01'), '2026-02-18');
  t.equal(shown('1447-10-01'), '2026-03-20');
  t.equal(shown('1448-01-01'), '2026-06-16');
  t.equal(shown('1448-09-30'), 'none', 'a month of 29 days');
  for (const text of ['1447-13-01', '1447-01-31', '2026-03-20', '1447/09/01', 'eid'])
    t.equal(shown(text), 'none', text);
});

t.test('zones are known by their names alone', async (t) => {
  for (const name of ['Asia/Muscat', 'Asia/Kuala_Lumpur', 'America/Argentina/Buenos_Aires', 'UTC'])
    t.ok(zoneOf(name), name);
  for (const name of ['Mars/Phobos', '+04:00', '', 'Asia/Muscat ', '../etc', 'asia'])
    t.notOk(zoneOf(name), name);
});

t.test('a moment is meant in the zone, unless it says otherwise', async (t) => {
  const muscat = zoneOf('Asia/Muscat') as Zone;
  const now = Date.parse('2026-03-04T10:00:00+04:00');
  const meant = (text: string): string | null => {
    const at = momentIn(muscat, text, now);
    return at === null ? null : new Date(at).toISOString();
  };
  t.equal(meant('14:30'), '2026-03-04T10:30:00.000Z');
  t.equal(meant('09:00'), '2026-03-05T05:00:00.000Z', 'the next time that the clock shows it');
  t.equal(meant('2026-03-06T08:00'), '2026-03-06T04:00:00.000Z');
  t.equal(meant('2026-03-06 08:00'), '2026-03-06T04:00:00.000Z');
  t.equal(meant('2026-03-06T08:00Z'), '2026-03-06T08:00:00.000Z');
  t.equal(meant('2026-03-06T08:00+08:00'), '2026-03-06T00:00:00.000Z');
  for (const text of ['2026-02-30T08:00', 'noon', '2026-03-06', '2026-03-06T25:00', '26:00'])
    t.equal(meant(text), null, text);
});
