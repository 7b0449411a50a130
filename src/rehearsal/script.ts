/** Scripted callers: the tests that stand beside a flow, as a person writes them. */
import { z } from 'zod';
import { type Finding, readYaml, type YamlSource } from '../base/index.js';

const keys = z.string().regex(/^[0-9*#A-D]+$/, 'keys are 0 to 9, *, # and A to D');

const stepSchema = z.union([
  z.literal('hangs up'),
  z
    .literal('is called back')
    .describe('The caller kept a place, hung up, and the turn has come: answers the phone.'),
  z.strictObject({
    'is called back': z
      .enum(['answers', 'is busy', 'rejects', 'does not answer', 'is unreachable'])
      .describe('The same, and what the caller does.'),
  }),
  z.literal('hears the recording').describe('What the caller recorded is played.'),
  z.strictObject({
    hears: z.string().describe('The next text that is spoken, by its name.'),
    in: z.string().optional().describe('Its language.'),
    saying: z.string().optional().describe('Words that it must contain.'),
  }),
  z.strictObject({ presses: z.coerce.string().pipe(keys).describe('Keys, one after the other.') }),
  z.strictObject({
    'is silent': z
      .union([z.literal('until asked again'), z.number().positive()])
      .describe('Until the engine speaks again, or so many seconds.'),
  }),
  z.strictObject({ says: z.number().positive().describe('Speaks into the recording, so many seconds.') }),
  z.strictObject({
    'queues for': z.string().describe('Name of the queue in which the caller must wait.'),
    waits: z
      .number()
      .min(0)
      .max(7_200)
      .default(30)
      .describe('Seconds after which an agent is rung; 30 by default.'),
    agent: z
      .enum([
        'answers',
        'talks on',
        'is busy',
        'rejects',
        'does not answer',
        'is unreachable',
        'is never free',
        'nobody',
        'queue is full',
        'queue is closed',
      ])
      .default('nobody')
      .describe(
        'What the agent does; by default nobody is signed in. `talks on`: until the caller hangs up.',
      ),
  }),
  z.strictObject({
    receives: z.string().describe('A message that was sent to the caller, by the name of a text.'),
    saying: z.string().optional().describe('Words that it must contain.'),
  }),
  z.strictObject({
    'is put through to': z.string().describe('Name of the phone that must ring.'),
    which: z
      .enum(['answers', 'talks on', 'is busy', 'rejects', 'does not answer', 'is unreachable'])
      .describe('What the phone does. `talks on`: until the caller hangs up.'),
  }),
]);

const answerSchema = z.union([
  z.literal('not-found'),
  z.literal('fails'),
  z.literal('hangs'),
  z.record(z.string(), z.unknown()),
]);

const moment = z.iso
  .datetime({ offset: true, local: false })
  .or(z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[+-]\d{2}:\d{2}$/));

const callerSchema = z.strictObject({
  caller: z.string().describe('What the caller comes to; the name of the test.'),
  dials: z.coerce.string().describe('The number dialled, in quotes.'),
  at: moment.describe('When, e.g. 2026-03-04T10:00+04:00.'),
  id: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/)
    .optional()
    .describe('Id of the contact: it decides which questions a survey asks.'),
  number: z.coerce.string().optional().describe("The caller's number; without: nobody knows it."),
  lookups: z
    .record(z.string(), z.record(z.string(), answerSchema))
    .default({})
    .describe('Answers by source, then by the values asked for, joined by a space.'),
  closings: z
    .record(
      z.string(),
      z.strictObject({
        until: moment.describe('When it opens again.'),
        say: z.string().optional().describe('Text that tells the caller why.'),
      }),
    )
    .default({})
    .describe('Calendars that are closed in an emergency when the caller calls.'),
  messages: z.enum(['sent', 'fail', 'hang']).default('sent').describe('What becomes of messages.'),
  script: z.array(stepSchema).min(1).describe('What happens, in order.'),
  case: z
    .strictObject({
      kind: z.string().optional().describe('Kind of the last case.'),
      outcome: z.string().optional().describe('Outcome of the call.'),
      subject: z.string().optional().describe('Subject of the last case.'),
      status: z.string().optional().describe('Status of the last case.'),
    })
    .optional()
    .describe('What the records must say when the call is over.'),
  survey: z.record(z.string(), z.int()).optional().describe('Answers of surveys, by question.'),
  recordings: z.array(z.string()).optional().describe('Names of the recordings that are kept.'),
});

export const scriptSchema = z.array(callerSchema);

export type ScriptStep = z.infer<typeof stepSchema>;
export type LookupScript = z.infer<typeof answerSchema>;

/** One scripted caller, with the place of each step for messages. */
export interface ScriptedCaller extends z.infer<typeof callerSchema> {
  readonly file: string;
  readonly line: number;
  /** Line of each step. */
  readonly stepLines: readonly number[];
}

export type ScriptReading =
  | { readonly result: 'read'; readonly callers: readonly ScriptedCaller[] }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

/** Pure. Reads a `*.test.yaml` beside a flow. */
export function readScript(file: string, text: string): ScriptReading {
  const reading = readYaml(file, text);
  if (reading.result === 'broken') return reading;
  const { source } = reading;
  const parsed = scriptSchema.safeParse(source.value);
  if (!parsed.success)
    return { result: 'broken', findings: parsed.error.issues.map((issue) => finding(source, issue)) };
  return {
    result: 'read',
    callers: parsed.data.map((caller, i) => ({
      ...caller,
      file,
      line: source.at([i]).line,
      stepLines: caller.script.map((_step, j) => source.at([i, 'script', j]).line),
    })),
  };
}

function finding(source: YamlSource, issue: z.core.$ZodIssue): Finding {
  return {
    file: source.file,
    ...source.at(issue.path),
    code: 'script/form',
    what: `This is not a scripted caller: ${issue.message}.`,
    why: 'The test cannot run.',
    mend: 'A step is `hears`, `presses`, `is silent`, `says`, `queues for`, `receives`, `is put through to`, `hangs up` or `is called back`; see docs/flows.md.',
  };
}
