/** The holidays that the repository ships. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { dayInYear, dayOf, openCalendar, type SpecialDays, zoneOf } from '../../src/calendar/index.js';
import { readDaySets } from '../../src/site/day-sets.js';
import { atOnce } from '../kit/at-once.js';

const files = Object.fromEntries(
  ['oman', 'malaysia'].map((name) => [
    `calendars/${name}.yaml`,
    readFileSync(new URL(`../../../calendars/${name}.yaml`, import.meta.url), 'utf8'),
  ]),
);
const { sets, findings } = atOnce(readDaySets(files));

function daysOf(name: string, region: string | null): SpecialDays[] {
  return (sets.get(name)?.days ?? [])
    .filter(({ regions }) => regions === null || (region !== null && regions.has(region)))
    .map(({ special }) => special);
}

/** How many days of a year are closed by the set. */
function closedDays(days: readonly SpecialDays[], year: number): number {
  const zone = zoneOf('UTC');
  if (zone === null) throw new Error('no UTC');
  const calendar = openCalendar({ zone, weekly: new Map(), days: [], holidays: days, emergency: null });
  let closed = 0;
  for (let day = dayInYear(year); day < dayInYear(year + 1); day++)
    if (calendar.day(day).special !== null) closed++;
  return closed;
}

t.test('they have no fault, and both years', async (t) => {
  t.same(findings, []);
  for (const name of ['oman', 'malaysia']) t.same(sets.get(name)?.years, [2026, 2027], name);
});

t.test('every state and territory of Malaysia has its days', async (t) => {
  const regions = sets.get('malaysia')?.regions ?? [];
  t.equal(regions.length, 16);
  for (const region of regions) {
    for (const year of [2026, 2027]) {
      const closed = closedDays(daysOf('malaysia', region), year);
      t.ok(closed >= 14 && closed <= 26, `${region} ${year}: ${closed} days`);
    }
  }
});

t.test('a day that hangs on the moon is provisional unless it was announced', async (t) => {
  const announced = daysOf('oman', null).filter(
    ({ provisional, name }) => provisional === null && name === 'Eid al-Fitr',
  );
  t.equal(announced.length, 1);
  for (const { name, provisional, from } of daysOf('malaysia', 'selangor')) {
    if (/Raya|Muharram|Maulidur|Nuzul/.test(name)) t.type(provisional, 'string', `${name} ${from}`);
  }
});

t.test('they are those that were announced', async (t) => {
  const on = (name: string, region: string | null, date: string): string[] =>
    daysOf(name, region)
      .filter(({ from, to }) => from <= (dayOf(date) ?? 0) && (dayOf(date) ?? 0) <= to)
      .map((day) => day.name);
  t.same(on('oman', null, '2026-03-23'), ['Eid al-Fitr']);
  t.same(on('oman', null, '2026-03-24'), []);
  t.same(on('oman', null, '2026-11-26'), ['National Day']);
  t.same(on('malaysia', 'sarawak', '2026-11-08'), [], 'no Deepavali in Sarawak');
  t.same(on('malaysia', 'penang', '2026-11-08'), ['Deepavali']);
  t.same(on('malaysia', 'penang', '2026-11-09'), ['In lieu of Deepavali']);
  t.same(on('malaysia', 'kedah', '2026-11-09'), [], 'Sunday is a working day there');
  t.same(on('malaysia', 'kuala-lumpur', '2026-02-01'), ['Federal Territory Day', 'Thaipusam']);
});
