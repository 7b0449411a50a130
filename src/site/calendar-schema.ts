/** What an administrator may write of opening hours: `calendars:` in onedoor.yaml, and calendars/*.yaml. */
import { z } from 'zod';

const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    'A name has small letters, digits and -, begins with a letter, at most 32.',
  );

const words = z.string().min(1, 'Say it in words.').max(200, 'At most 200 characters.');
const text = z.string().regex(/^[a-z][a-z0-9-]*$/, 'A text is named as in prompts/<language>.yaml.');

/** `07:30-14:30`, several of them, `all-day` or `closed`. */
const hours = z.union([z.string(), z.array(z.string()).max(12, 'At most 12 times a day.')]);

const dayFields = {
  date: z.string().optional().describe('The day, e.g. 2026-11-18.'),
  to: z.string().optional().describe('The last day, where there are several.'),
  hijri: z.string().optional().describe('The day by the Islamic calendar, e.g. 1447-10-01.'),
  'to-hijri': z.string().optional().describe('The last day by the Islamic calendar.'),
  name: words.describe('Name of the day.'),
  hours: hours.optional().describe('Hours of the day; closed where left out.'),
  say: text.optional().describe('Text that tells callers why.'),
  status: z.enum(['confirmed', 'provisional']).optional().describe('Whether the date is certain.'),
  why: words.optional().describe('Why it is provisional.'),
  source: words.optional().describe('Where the date comes from.'),
};

export const calendarsSchema = z
  .record(
    name,
    z.strictObject({
      zone: z.string().describe('Time zone, e.g. Asia/Muscat.'),
      weekly: z
        .record(z.string(), hours)
        .default({})
        .describe('Hours by weekday, e.g. sun-thu: 07:30-14:30.'),
      holidays: z
        .array(z.string())
        .max(20, 'At most 20 sets.')
        .default([])
        .describe('Sets of calendars/<name>.yaml: `oman`, or with a region `malaysia/selangor`.'),
      days: z
        .array(z.strictObject(dayFields))
        .max(1_000, 'At most 1,000 special days.')
        .default([])
        .describe('Special days of this calendar; they count before holidays.'),
      emergency: z
        .strictObject({
          from: z.string().optional().describe('When it began; at once where left out.'),
          until: z.string().describe('When it ends.'),
          say: text.optional().describe('Text that tells callers why.'),
        })
        .optional()
        .describe('Closed whatever else says, for a time.'),
    }),
  )
  .refine((calendars) => Object.keys(calendars).length <= 100, 'At most 100 calendars.')
  .default({});

export const daySetSchema = z.strictObject({
  /** Version of this format. */
  onedoor: z.literal(1, 'This Onedoor reads format 1: write `onedoor: 1`.'),
  /** For people. */
  name: words,
  /** Where the dates come from; an entry can have a source of its own. */
  source: z.string().min(1, 'Say where the dates come from.').max(1_000, 'At most 1,000 characters.'),
  /** Years that are covered whole. */
  years: z.array(z.int().min(1900).max(2100)).min(1, 'Name the years that are covered.').max(50),
  regions: z.array(name).max(100, 'At most 100 regions.').default([]),
  days: z
    .array(
      z.strictObject({
        ...dayFields,
        /** Regions that have it; left out: all. */
        in: z.array(z.string()).min(1, 'Name a region, or leave `in` out.').optional(),
        /** Regions that do not have it. */
        'not-in': z.array(z.string()).min(1, 'Name a region, or leave `not-in` out.').optional(),
      }),
    )
    .max(5_000, 'At most 5,000 days.'),
});

export type CalendarEntry = z.output<typeof calendarsSchema>[string];
export type DayEntry = CalendarEntry['days'][number];
export type HoursEntry = z.output<typeof hours>;
