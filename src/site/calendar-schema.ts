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
  date: z.string().optional(),
  /** The last day, where there are several. */
  to: z.string().optional(),
  hijri: z.string().optional(),
  'to-hijri': z.string().optional(),
  name: words,
  hours: hours.optional(),
  say: text.optional(),
  status: z.enum(['confirmed', 'provisional']).optional(),
  why: words.optional(),
  source: words.optional(),
};

export const calendarsSchema = z
  .record(
    name,
    z.strictObject({
      zone: z.string(),
      weekly: z.record(z.string(), hours).default({}),
      /** Sets of calendars/<name>.yaml: `oman`, or with a region `malaysia/selangor`. */
      holidays: z.array(z.string()).max(20, 'At most 20 sets.').default([]),
      days: z.array(z.strictObject(dayFields)).max(1_000, 'At most 1,000 special days.').default([]),
      emergency: z
        .strictObject({ from: z.string().optional(), until: z.string(), say: text.optional() })
        .optional(),
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
