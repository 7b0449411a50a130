/** The part of onedoor.yaml's schema that says who answers callers who wait, and to whom the engine reaches out. */
import { z } from 'zod';
import { transfersSchema } from './transfers-schema.js';
import { label, name } from './words.js';

/** A language of the site is a skill under its tag. */
const skill = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9-]{0,31}$/,
    'A skill has letters, digits and -, begins with a small letter, and has at most 32 of them.',
  );
const level = z.int().min(1, 'A level is 1 to 5.').max(5, 'A level is 1 to 5.');
export const levels = z.record(skill, level);

/** Alternatives, each of skills that one agent must all have. */
const needs = z
  .union([levels, z.array(levels).min(1, 'Name at least one alternative.').max(10)])
  .transform((list) => (Array.isArray(list) ? list : [list]))
  .default([{}]);

const seconds = (least: number, longest: number) =>
  z.number().min(least, `At least ${least} seconds.`).max(longest, `At most ${longest} seconds.`);

/** A caller who has waited so long needs less. What earlier ones changed stays changed. */
const relax = z.strictObject({
  after: seconds(1, 7_200).describe('Seconds that the caller has waited.'),
  lower: levels.default({}).describe('Skill to the level that is enough from now on.'),
  drop: z.array(skill).default([]).describe('Skills that are needed no longer.'),
  add: z.array(name).default([]).describe('Queues whose agents may answer too.'),
});

/** What agents dial behind a code of the desk. */
const dispositions = z.record(
  z.string().regex(/^[0-9]{1,6}$/, 'The code of a disposition has 1 to 6 digits.'),
  label,
);

const queue = z.strictObject({
  label: label.describe('Name that people read.'),
  needs: needs.describe('Skills with the levels that one agent must have; a list: one of them is enough.'),
  relax: z
    .array(relax)
    .max(10, 'At most 10 steps.')
    .default([])
    .describe('What callers need less of the longer they wait.'),
  priority: z
    .int()
    .min(0)
    .max(10, 'A priority is 0 to 10.')
    .default(5)
    .describe('0 to 10, the highest first.'),
  calendar: name.optional().describe('Calendar that says when it is answered at all; always where left out.'),
  'max-wait': seconds(1, 7_200).default(900).describe('Seconds that a caller waits at most.'),
  ring: seconds(5, 120).default(15).describe("Seconds that an agent's phone rings."),
  'ring-at-once': z
    .int()
    .min(1, 'At least 1 agent.')
    .max(10, 'At most 10 agents.')
    .default(1)
    .describe('Agents who are rung at once for one caller; the first to answer has the caller.'),
  whisper: name
    .optional()
    .describe(
      'Text that an agent hears who picks up; it may speak {queue}, {language} and {waited, duration}.',
    ),
  record: z
    .union([z.boolean(), z.strictObject({ say: name.describe('Text that tells the caller so.') })])
    .default(false)
    .describe('Whether talks are recorded; `{ say: text }` tells the caller so before.'),
  music: z
    .enum(['default', 'none'])
    .default('default')
    .describe('What waiting callers hear between texts; none: silence, which costs the exchange nothing.'),
  strategy: z
    .enum(['longest-idle', 'most-skilled', 'least-occupied', 'round-robin'])
    .default('longest-idle')
    .describe('Which of several agents who could answer is rung.'),
  'wrap-up': seconds(0, 3_600)
    .default(20)
    .describe('Seconds after a call in which the agent is offered nothing.'),
  'pause-after-misses': z
    .int()
    .min(0)
    .max(20, 'At most 20 misses.')
    .default(1)
    .describe('Misses in a row after which an agent is paused; 0: never.'),
  'miss-delay': z
    .strictObject({
      'no-answer': seconds(0, 600).default(10).describe('The phone rang, and nobody answered.'),
      rejected: seconds(0, 600).default(10).describe('The agent turned the call down.'),
      busy: seconds(0, 600).default(30).describe('The phone was busy.'),
      unreachable: seconds(0, 600).default(30).describe('The phone could not be rung.'),
      failed: seconds(0, 600).default(10).describe('Anything else went wrong.'),
    })
    .prefault({})
    .describe('Seconds that an agent is offered nothing after a miss that does not pause, by its cause.'),
  'most-waiting': z
    .int()
    .min(1, 'At least 1.')
    .max(100_000, 'At most 100000.')
    .optional()
    .describe('Callers who wait at most; any number where left out.'),
  prefer: seconds(0, 600)
    .default(30)
    .describe(
      'Seconds that a caller waits for the agent alone whom the flow prefers, where that does not say.',
    ),
  rejoin: seconds(0, 3_600)
    .default(120)
    .describe('Whoever is gone and calls again within so many seconds has the old place again; 0: not.'),
  callback: z
    .strictObject({
      tries: z
        .int()
        .min(1)
        .max(10, 'At most 10 tries.')
        .default(3)
        .describe('How often a caller who keeps the place is dialled.'),
      pause: seconds(30, 86_400).default(300).describe('Seconds between two tries.'),
      ring: seconds(5, 120).default(25).describe('Seconds that the phone of the caller rings.'),
      within: seconds(60, 604_800)
        .default(86_400)
        .describe('Seconds after the wait began in which the caller is called back, or not at all.'),
      'when-closed': z
        .enum(['keep', 'give-up'])
        .default('keep')
        .describe('Whether callers whose turn comes while the queue is closed are kept until it opens.'),
    })
    .prefault({})
    .describe('How often and when a caller who keeps the place is dialled.'),
  dispositions: dispositions
    .optional()
    .describe('What its talks turn out to be, by code, in place of those of the site.'),
});

const agent = z.strictObject({
  name: label.describe('Name that people read.'),
  phone: name.describe('One of `phones`.'),
  skills: levels.default({}).describe('Skills with their levels, 1 to 5.'),
  language: z
    .string()
    .optional()
    .describe('Language in which the engine speaks to the agent; the first of the site where left out.'),
  queues: z
    .array(name)
    .min(1, 'An agent answers at least one queue.')
    .describe('Queues that the agent answers.'),
});

const prefix = z.string().regex(/^\+[0-9]{1,15}$/, 'A prefix is + and digits.');

const numberRules = z.strictObject({
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'A country is an ISO 3166 code of two capitals, such as OM or MY.'))
    .min(1, 'Name at least one country.')
    .describe('ISO 3166; a number without a country is of the first.'),
  only: z.array(prefix).default([]).describe('Beginnings of which a number must have one; none: any.'),
  refuse: z.array(prefix).default([]).describe('Beginnings that are refused.'),
});

const callbackRules = numberRules.extend({
  trunk: name
    .optional()
    .describe('One of `trunks`: by it callers who keep their place in a queue are called back.'),
  show: z
    .string()
    .regex(/^\+?[0-9]{1,20}$/, 'A number that is shown has digits, with or without a + in front.')
    .optional()
    .describe('Number that their phones show; where left out, the one that they had called.'),
});

const code = z.string().regex(/^\*[0-9*#]{1,7}$/, 'A code is * and up to 7 digits, * or #.');

const talkingCode = z.string().regex(/^\*[0-9]{1,3}$/, 'A code is * and 1 to 3 digits.');

const desk = z.strictObject({
  codes: z
    .strictObject({
      'sign-in': code.default('*11').describe('Sign in.'),
      'sign-out': code.default('*12').describe('Sign out.'),
      ready: code.default('*13').describe('Be ready again, after a pause or before wrap-up is over.'),
      pause: code.default('*14').describe('The digit of the reason follows.'),
      'end-wrap-up': code.default('*15').describe('End wrap-up.'),
      'record-off': code.default('*90').describe('While talking: what is said from now on is not recorded.'),
      'record-on': code.default('*91').describe('While talking: it is recorded again.'),
      dispose: code.default('*48').describe('The code of a disposition follows.'),
    })
    .prefault({})
    .describe('What agents dial.'),
  talking: z
    .strictObject({
      blind: talkingCode.default('*1').describe('Move the caller; the code of the target and # follow.'),
      attended: talkingCode.default('*2').describe('Speak with the target first; its code and # follow.'),
      conference: talkingCode
        .default('*3')
        .describe('Take the target in; its code and # follow, or # alone while speaking with it.'),
      complete: talkingCode.default('*4').describe('Leave caller and target alone.'),
      back: talkingCode.default('*0').describe('Let the target go.'),
    })
    .prefault({})
    .describe('What whoever talks to a caller presses, where the site has `transfers`.'),
  pauses: z
    .record(z.string().regex(/^[0-9]$/, 'A reason has one digit.'), label)
    .default({ 1: 'break', 2: 'meal', 3: 'training', 4: 'meeting' })
    .describe('Reasons to pause, by the digit that is dialled after the code.'),
});

const routing = z.strictObject({
  priority: seconds(0, 3_600).default(60).describe('Seconds of waiting that one step of priority is worth.'),
  grace: seconds(0, 3_600)
    .default(60)
    .describe('A phone that registers again within so many seconds brings its agent back.'),
  remember: z
    .int()
    .min(1, 'At least 1 day.')
    .max(90, 'At most 90 days.')
    .default(7)
    .describe(
      'Days for which it is remembered who talked with a caller last, where a flow prefers that agent.',
    ),
});

export const outreach = {
  routing: routing.prefault({}).describe('What holds for all queues.'),
  desk: desk.prefault({}).describe('What agents can dial on their phones.'),
  skills: z
    .record(skill, z.strictObject({ label: label.describe('Name that people read.') }))
    .default({})
    .describe('What agents can, by name; each language of the site is one.'),
  queues: z.record(name, queue).default({}).describe('Where callers wait, by name.'),
  agents: z.record(name, agent).default({}).describe('Who answers, by name.'),
  transfers: transfersSchema
    .optional()
    .describe('Where callers can be moved to by whoever talks to them; nowhere where left out.'),
  dispositions: dispositions
    .default({})
    .describe('What a talk turns out to have been, as agents say after it: code to name.'),
  callbacks: callbackRules.optional().describe('Numbers that callers may leave to be called back.'),
  messages: numberRules.optional().describe('Numbers to which the engine writes.'),
};
