/** Scripted callers: the tests that stand beside a flow, as a person writes them. */
import { z } from 'zod';
import { type Finding, readYaml, type YamlSource } from '../base/index.js';

const keys = z.string().regex(/^[0-9*#A-D]+$/, 'keys are 0 to 9, *, # and A to D');

const stepSchema = z.union([
  z.literal('hangs up'),
  /** What the caller recorded is played. */
  z.literal('hears the recording'),
  /** The next text that is spoken, by name; in the caller's language. */
  z.strictObject({ hears: z.string(), in: z.string().optional(), saying: z.string().optional() }),
  z.strictObject({ presses: z.coerce.string().pipe(keys) }),
  /** Says nothing until the engine speaks again, or so many seconds. */
  z.strictObject({ 'is silent': z.union([z.literal('until asked again'), z.number().positive()]) }),
  /** Speaks into the recording, so many seconds. */
  z.strictObject({ says: z.number().positive() }),
  /** Who is rung, and what the phone does. */
  z.strictObject({
    'is put through to': z.string(),
    which: z.enum(['answers', 'is busy', 'rejects', 'does not answer', 'is unreachable']),
  }),
]);

const answerSchema = z.union([
  z.literal('not-found'),
  z.literal('fails'),
  z.literal('hangs'),
  z.record(z.string(), z.unknown()),
]);

const callerSchema = z.strictObject({
  caller: z.string(),
  dials: z.coerce.string(),
  at: z.iso
    .datetime({ offset: true, local: false })
    .or(z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[+-]\d{2}:\d{2}$/)),
  number: z.coerce.string().optional(),
  /** By source, then by the values asked for, joined by a space. */
  lookups: z.record(z.string(), z.record(z.string(), answerSchema)).default({}),
  script: z.array(stepSchema).min(1),
  case: z
    .strictObject({
      kind: z.string().optional(),
      outcome: z.string().optional(),
      subject: z.string().optional(),
      status: z.string().optional(),
    })
    .optional(),
  /** Names of recordings that are kept. */
  recordings: z.array(z.string()).optional(),
});

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
  const parsed = z.array(callerSchema).safeParse(source.value);
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
    mend: 'A step is `hears`, `presses`, `is silent`, `says`, `is put through to` or `hangs up`; see docs/flows.md.',
  };
}
