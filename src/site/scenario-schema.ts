/** The schema of a scenario: `scenarios/*.yaml`, what `onedoor simulate` runs. */
import { z } from 'zod';
import { levels, outreach } from './outreach.js';
import { label, name } from './words.js';

const seconds = (least: number, longest: number) =>
  z.number().min(least, `At least ${least} seconds.`).max(longest, `At most ${longest} seconds.`);
const longestCall = 36_000;

/** A length of time by chance. */
const distribution = (least: number) =>
  z.union([
    z.strictObject({ fixed: seconds(least, longestCall).describe('Always so many seconds.') }),
    z.strictObject({
      exponential: seconds(Math.max(least, 0.1), longestCall).describe('Mean, seconds.'),
    }),
    z.strictObject({
      lognormal: z
        .strictObject({
          mean: seconds(Math.max(least, 0.1), longestCall).describe('Seconds.'),
          deviation: seconds(0.1, longestCall).describe('Standard deviation, seconds.'),
        })
        .describe('As most talks are: many short ones, few long ones.'),
    }),
  ]);

/** `07:30`. What it means is checked with the file. */
const time = z.string().regex(/^\d{1,2}:\d{2}$/, 'A time is written 07:30.');
const calls = z.number().min(0).max(100_000, 'At most 100,000 calls in a half hour.');
const agents = z.int().min(0).max(5_000, 'At most 5,000 agents.');
const weight = z.number().positive('A share is above 0.').max(1_000_000);
const span = z
  .enum(['half-hour', 'day'])
  .default('half-hour')
  .describe('Whether each half hour must reach it, or the day as a whole.');

export const scenarioSchema = z.strictObject({
  onedoor: z
    .literal(1, 'This Onedoor reads format 1: write `onedoor: 1`.')
    .describe('Version of this format: 1.'),
  scenario: label.describe('Name that people read.'),
  seed: z.int().min(0).max(2_147_483_647).default(1).describe('The same seed gives the same run.'),
  replications: z
    .int()
    .min(2, 'At least 2: of one alone nobody knows how sure it is.')
    .max(1_000, 'At most 1,000.')
    .default(20)
    .describe('Independent runs of the whole time.'),
  arrivals: z
    .union([
      z.strictObject({
        'an-hour': z.number().positive().max(200_000).describe('Calls an hour, all the time.'),
        hours: z.number().min(0.5).max(168, 'At most a week.').describe('Hours that are counted.'),
        'warm-up': z.number().min(0).max(24).default(1).describe('Hours before them that are not.'),
      }),
      z.strictObject({
        'a-day': z
          .number()
          .positive()
          .max(1_000_000)
          .optional()
          .describe('Calls a day, shared out by the half hours; left out: these are numbers of calls.'),
        'half-hours': z.record(time, calls).describe('Calls that come in the half hour that begins then.'),
      }),
    ])
    .describe('How many call, and when.'),
  callers: z.record(name, weight).describe('Queue to the share of callers who wait there, in any measure.'),
  languages: z
    .record(z.string(), weight)
    .default({})
    .describe('Language to the share of callers who need it; it is a skill of agents.'),
  patience: z
    .union([z.literal('none'), distribution(0.1)])
    .describe('How long callers wait before they hang up; none: they never do.'),
  talk: distribution(0.1).describe('How long agent and caller talk.'),
  'wrap-up': seconds(0, 3_600).optional().describe('Seconds after each call; left out: as each queue says.'),
  'back-after': seconds(1, 36_000)
    .default(60)
    .describe('Seconds until an agent who was paused for missed calls is ready again.'),
  'pick-up': distribution(0).default({ fixed: 0 }).describe('How long an agent takes to answer an offer.'),
  queues: outreach.queues
    .unwrap()
    .optional()
    .describe('As in onedoor.yaml; left out: those of onedoor.yaml.'),
  agents: z
    .array(
      z.strictObject({
        count: z.int().min(1).max(5_000).describe('So many agents are alike.'),
        skills: levels.default({}).describe('Skills with their levels, 1 to 5.'),
        queues: z
          .array(name)
          .min(1, 'An agent answers at least one queue.')
          .describe('Queues that they answer.'),
      }),
    )
    .min(1, 'There must be agents.')
    .describe('Who there is; those who are signed in are drawn from all kinds alike.'),
  staff: z
    .union([agents, z.record(time, agents)])
    .optional()
    .describe('Agents signed in: all the time, or from a time on; left out: to be found.'),
  target: z
    .union([
      z.strictObject({
        'service-level': z.number().min(1).max(99.9, 'A service level is 1 to 99.9 %.').describe('Percent.'),
        within: seconds(1, 3_600).default(20).describe('Seconds.'),
        formula: z
          .enum([
            'early-abandons-met',
            'answered-only',
            'all-offered',
            'early-abandons-left-out',
            'short-abandons-met',
          ])
          .default('early-abandons-left-out')
          .describe('One of the five service levels; docs/staffing.md has them.'),
        of: span,
      }),
      z.strictObject({
        'speed-of-answer': seconds(0.1, 3_600).describe('Mean wait of answered callers, seconds.'),
        of: span,
      }),
    ])
    .optional()
    .describe('What is good enough.'),
});

export type ScenarioSettings = z.output<typeof scenarioSchema>;
