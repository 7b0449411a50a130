/** The schemas of all kinds of steps: those of schema.ts, and those that reach for people outside the call. */
import { z } from 'zod';
import {
  answerKey,
  expression,
  expressions,
  go,
  oneKey,
  retry,
  seconds,
  stepSchemas as inCall,
  stepName,
  texts,
  valueName,
  wayOnKey,
} from './schema.js';

/** Silence and mistakes where the step itself says where they lead. */
const tries = retry.omit({ go: true });
const outcome = stepName.optional().describe('What was reached with the caller, e.g. answered.');

const skillName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9-]{0,31}$/, 'A need is named like a skill: letters, digits and "-"');

const queue = z.strictObject({
  name: stepName.describe('Name of a queue in onedoor.yaml.'),
  need: z
    .record(skillName, expression)
    .default({})
    .describe(
      'Beside what the queue needs. A number from 1 to 5: a level of that skill; a text: names a skill.',
    ),
  prefer: z
    .union([
      expression,
      z.strictObject({
        agent: expression.describe("last-agent, or CEL; an agent's name."),
        for: seconds(1, 600).optional().describe("Seconds; default: the queue's `prefer`."),
      }),
    ])
    .transform((prefer) =>
      typeof prefer === 'string' ? { agent: prefer, short: true } : { ...prefer, short: false },
    )
    .optional()
    .describe(
      'The agent whom the caller waits for alone at first: last-agent (who talked with the caller last), or CEL that gives a name.',
    ),
  priority: z.int().min(0).max(10).optional().describe("0 to 10, the highest first; default: the queue's."),
  say: texts.optional().describe('Spoken when the caller begins to wait; music follows.'),
  again: z
    .strictObject({
      say: texts.describe('What is spoken.'),
      every: seconds(10, 600).default(30).describe('Seconds of music in between.'),
    })
    .optional()
    .describe('Spoken again and again while the caller waits.'),
  into: valueName
    .optional()
    .describe(
      'Gets the place in the queue anew before each text: position (1: the next), minutes (rounded up; 0: not known), known.',
    ),
  keys: z.record(oneKey, wayOnKey).default({}).describe('Keys by which a waiting caller leaves the queue.'),
  'no-answer-after': z
    .strictObject({
      seconds: seconds(1, 7_200).optional().describe("Seconds; default, and at most: the queue's max-wait."),
      go: go.describe('Where the caller goes then.'),
      'keep-place': z
        .boolean()
        .default(false)
        .describe('Whether the place is kept for a callback to which this way leads.'),
    })
    .refine(
      (limit) => !limit['keep-place'] || limit.seconds !== undefined,
      "A place is kept within the queue's own max-wait: name the seconds",
    )
    .optional()
    .describe('How long a caller waits at most.'),
  'keep-place': z
    .strictObject({
      key: answerKey.describe('Key that leads there.'),
      go: go.describe('A step that leads to a callback; nobody is rung for the caller meanwhile.'),
    })
    .optional()
    .describe('How a waiting caller comes to hang up, keep the place and be called back.'),
  closed: go.optional().describe('The queue is closed.'),
  full: go.optional().describe('Too many wait already.'),
  nobody: go.optional().describe('No agent is signed in.'),
  answered: go.optional().describe('Where the caller goes when both have talked and the agent hung up.'),
  failed: go.optional().describe('Also for closed, full and nobody where these have no exit of their own.'),
});

const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'A country is an ISO 3166 code of two capitals, such as OM or MY');

const callback = z
  .strictObject({
    say: texts.describe('Speaks the number and asks whether it is the right one.'),
    yes: oneKey.default('1').describe('Key that says so.'),
    no: oneKey.default('2').describe('Key for another number.'),
    enter: texts.optional().describe('Asks for a number; without it only the number that calls can be left.'),
    countries: z
      .array(country)
      .min(1, 'Name at least one country')
      .optional()
      .describe(
        "Those of the site's countries whose numbers can be left here; one without a country is of the first. All where left out.",
      ),
    number: valueName.default('callbackNumber').describe('Gets the number, as E.164 has it.'),
    subject: expression.default('"callback"').describe("CEL; the case's subject."),
    details: expressions.default({}).describe('Values that are kept with the case, as personal data.'),
    into: valueName.optional().describe('Gets the reference that is told to the caller.'),
    'no-input': tries.optional().describe('What happens when the caller keeps silent.'),
    'no-match': tries.optional().describe('What happens when an entry does not fit.'),
    'keep-place': z
      .strictObject({
        flow: stepName.describe('Flow that whoever answers goes through; it leads to the queue.'),
        with: expressions.default({}).describe("The flow's parameters."),
      })
      .optional()
      .describe('Who keeps a place in a queue is called back by the engine, when an agent is there.'),
    kept: go.optional().describe('The case is open, and the place is kept: the caller can hang up.'),
    accepted: go.optional().describe('The case is open; a person calls back.'),
    refused: go.optional().describe('The number is none that we call.'),
    withheld: go.optional().describe('The caller leaves no number.'),
  })
  .refine(({ yes, no }) => yes !== no, 'yes and no are the same key');

const message = z.strictObject({
  text: texts.describe('What is written, by the same texts that are spoken.'),
  to: expression.default('caller.number').describe('CEL; a number.'),
  timeout: seconds(1, 30).default(10).describe('Seconds until the message counts as failed.'),
  filler: texts.optional().describe('Spoken while the caller waits.'),
  'filler-after': seconds(0.1, 10).default(1).describe('Seconds until the filler is spoken.'),
  sent: go.optional().describe('The channel took it.'),
  failed: go.optional().describe('It was refused, or nobody knows.'),
  'no-number': go.optional().describe('There is no number, or none to which we write.'),
});

const survey = z.strictObject({
  name: stepName.describe('Name of the survey in the record.'),
  ask: z
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe('How many of the questions a caller is asked; default: all.'),
  scale: z
    .strictObject({
      from: z.int().min(0).max(9).describe('The lowest answer.'),
      to: z.int().min(0).max(9).describe('The highest answer.'),
    })
    .refine(({ from, to }) => from < to, 'from is not smaller than to')
    .default({ from: 1, to: 5 })
    .describe('Keys that are answers.'),
  questions: z
    .array(
      z.strictObject({
        question: stepName.describe('Name of the question in the record.'),
        section: stepName.default('general').describe('Section of the survey that it belongs to.'),
        say: texts.describe('Speaks the question.'),
      }),
    )
    .min(1, 'A survey asks at least one question')
    .max(50, 'A survey has at most 50 questions')
    .describe('The questions, in the order in which they are asked.'),
  'no-input': tries.optional().describe('What happens when the caller keeps silent.'),
  'no-match': tries.optional().describe('What happens when a key is no answer.'),
});

/** One schema for each kind of step; the kind is the key that names it. */
export const stepSchemas = {
  ...inCall,
  queue: z.strictObject({ queue, outcome }),
  callback: z.strictObject({ callback, outcome }),
  message: z.strictObject({ message, outcome }),
  survey: z.strictObject({ survey, go: go.optional().describe('Where the caller goes next.'), outcome }),
} as const;
