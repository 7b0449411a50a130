import t from 'tap';
import { dayOf, dayText, readIcs, type Zone, zoneOf } from '../../src/calendar/index.js';

const muscat = zoneOf('Asia/Muscat') as Zone;

function calendar(...events: readonly string[]): string {
  const parts = events.map((event, n) => `BEGIN:VEVENT\nUID:${n}\n${event}\nEND:VEVENT`);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...parts, 'END:VCALENDAR'].join('\n').replaceAll('\n', '\r\n');
}

/** What a file gives for 2026 and 2027, a line for each event; what was left out begins with a dash. */
function told(text: string, from = '2026-01-01', to = '2027-12-31'): string[] {
  const reading = readIcs(text, muscat, dayOf(from) ?? 0, dayOf(to) ?? 0);
  if (reading.result === 'broken') return [`broken: ${reading.why}`];
  return [
    ...reading.days.map(({ from: first, to: last, name }) =>
      first === last ? `${dayText(first)} ${name}` : `${dayText(first)}/${dayText(last)} ${name}`,
    ),
    ...reading.left.map((why) => `- ${why}`),
  ];
}

t.test('events of whole days are taken, the end being the day after', async (t) => {
  t.same(
    told(
      calendar(
        'SUMMARY:Eid\nDTSTART;VALUE=DATE:20260319\nDTEND;VALUE=DATE:20260324',
        'SUMMARY:One day\nDTSTART;VALUE=DATE:20260115',
        'SUMMARY:Three days\nDTSTART;VALUE=DATE:20260601\nDURATION:P3D',
        'SUMMARY:Long ago\nDTSTART;VALUE=DATE:20200115',
        'SUMMARY:Not at all\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20260701',
      ),
    ),
    ['2026-01-15 One day', '2026-03-19/2026-03-23 Eid', '2026-06-01/2026-06-03 Three days'],
  );
});

t.test('recurring events are expanded, with their exceptions', async (t) => {
  t.same(told(calendar('SUMMARY:Jubilee\nDTSTART;VALUE=DATE:20150723\nRRULE:FREQ=YEARLY')), [
    '2026-07-23 Jubilee',
    '2027-07-23 Jubilee',
  ]);
  t.same(
    told(
      calendar(
        'SUMMARY:Staff day\nDTSTART;VALUE=DATE:20260105\nRRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=4\nEXDATE;VALUE=DATE:20260202',
      ),
    ),
    ['2026-01-05 Staff day', '2026-03-02 Staff day', '2026-04-06 Staff day'],
  );
  const event = 'BEGIN:VEVENT\r\nUID:a\r\n';
  const moved = [
    'BEGIN:VCALENDAR',
    `${event}SUMMARY:Week\r\nDTSTART;VALUE=DATE:20260301\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT`,
    `${event}RECURRENCE-ID;VALUE=DATE:20260308\r\nSUMMARY:Week, moved\r\nDTSTART;VALUE=DATE:20260310\r\nEND:VEVENT`,
    'END:VCALENDAR',
  ].join('\r\n');
  t.same(told(moved), ['2026-03-01 Week', '2026-03-10 Week, moved', '2026-03-15 Week']);
});

t.test('an event with times counts where it takes whole days of the zone', async (t) => {
  t.same(
    told(
      calendar(
        'SUMMARY:A day in UTC\nDTSTART:20260304T200000Z\nDTEND:20260305T200000Z',
        'SUMMARY:A day there\nDTSTART;TZID=Asia/Muscat:20260310T000000\nDTEND;TZID=Asia/Muscat:20260312T000000',
        'SUMMARY:Meeting\nDTSTART;TZID=Asia/Muscat:20260401T123000\nDTEND;TZID=Asia/Muscat:20260401T143000',
        'SUMMARY:Elsewhere\nDTSTART;TZID=Arabian Standard Time:20260401T000000\nDTEND;TZID=Arabian Standard Time:20260402T000000',
      ),
    ),
    [
      '2026-03-05 A day in UTC',
      '2026-03-10/2026-03-11 A day there',
      '- "Meeting" was left out: on 2026-04-01 it takes no whole day; write that day with its hours by hand.',
      '- "Elsewhere" was left out: its time zone Arabian Standard Time is not known here.',
    ],
  );
});

t.test('rules that would never end are bounded', async (t) => {
  const rule = (text: string): string[] =>
    told(calendar(`SUMMARY:x\nDTSTART;VALUE=DATE:20260101\nRRULE:${text}`));
  t.match(rule('FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30'), ['- "x" was left out: it repeats more often']);
  // The first repetition is the beginning itself, whatever the rule says, where no condition forbids it.
  t.same(rule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'), []);
  t.same(rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'), []);
  t.same(rule('FREQ=DAILY;INTERVAL=7;BYDAY=MO'), [], 'Thursdays that are Mondays');
  t.equal(rule('FREQ=DAILY;BYDAY=MO').length, 104);
  t.match(rule('FREQ=DAILY;BYDAY=MO;COUNT=3'), ['- "x" was left out: its rule is too particular']);
  t.match(
    told(calendar('SUMMARY:old\nDTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY'), '2026-01-01', '2026-12-31'),
    ['- "old" was left out: it and those before it repeat more than 20,000 times.'],
  );
});

t.test('hostile and broken files are refused', async (t) => {
  t.match(told('')[0], /^broken: it is n/);
  t.match(told('hello')[0], /^broken: it is no iCalendar file/);
  t.match(told('BEGIN:VCARD\r\nEND:VCARD')[0], /^broken: it is not one VCALENDAR/);
  t.match(told(`BEGIN:VCALENDAR\r\nX:${'x'.repeat(1_000_001)}`)[0], /^broken: it is longer than/);
  t.match(told('BEGIN:VCALENDAR\r\n'.repeat(5_001))[0], /^broken: it has more than 5,000 parts/);
  t.match(told(calendar('SUMMARY:x\nDTSTART:garbage'))[0], /^(broken|-)/);
  t.match(told(calendar('SUMMARY:x'))[0], /^- "x" was left out: it has no beginning/);
  t.match(
    told(calendar('SUMMARY:for ever\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20290101'))[0],
    /lasts more than 366 days/,
  );
  t.same(told(calendar('SUMMARY:a\\nb\u0007\u001b[2Jc\nDTSTART;VALUE=DATE:20260101')), [
    '2026-01-01 a b [2Jc',
  ]);
});
