/** A flow as it was written, checked for form: what the checker reads and the compiler turns into a machine. */
import type { z } from 'zod';
import type { StepKind } from './flow.js';
import type { flowSchema, Retry } from './schema.js';
import type { stepSchemas } from './step-schemas.js';

type StepOf<Kind extends StepKind> = Readonly<z.output<(typeof stepSchemas)[Kind]>> & {
  readonly kind: Kind;
  readonly name: string;
};

export type MenuStep = StepOf<'menu'>;
export type CollectStep = StepOf<'collect'>;
export type SayStep = StepOf<'say'>;
export type LookupStep = StepOf<'lookup'>;
export type RecordStep = StepOf<'record'>;
export type DecideStep = StepOf<'decide'>;
export type SetStep = StepOf<'set'>;
export type DialStep = StepOf<'dial'>;
export type CaseStep = StepOf<'case'>;
export type HoursStep = StepOf<'hours'>;
export type CallStep = StepOf<'call'>;
export type ReturnStep = StepOf<'return'>;
export type HangUpStep = StepOf<'hang-up'>;
export type QueueStep = StepOf<'queue'>;
export type CallbackStep = StepOf<'callback'>;
export type MessageStep = StepOf<'message'>;
export type SurveyStep = StepOf<'survey'>;

export type Step =
  | MenuStep
  | CollectStep
  | SayStep
  | LookupStep
  | RecordStep
  | DecideStep
  | SetStep
  | DialStep
  | CaseStep
  | HoursStep
  | CallStep
  | ReturnStep
  | HangUpStep
  | QueueStep
  | CallbackStep
  | MessageStep
  | SurveyStep;

/** A step that waits for keys. */
export type InputStep = MenuStep | CollectStep;

export type Flow = Omit<Readonly<z.output<typeof flowSchema>>, 'steps'> & {
  readonly steps: ReadonlyMap<string, Step>;
};

/** A retry with its defaults filled in; `go` is null where neither step nor flow names one. */
export interface ResolvedRetry {
  readonly tries: number;
  /** By try; null: the step's own prompt. */
  readonly say: readonly (readonly string[])[] | null;
  readonly repeatPrompt: boolean;
  readonly go: string | null;
}

/** Stands under `prefer` in place of an expression: the agent who talked with the caller last. */
export const lastAgent = 'last-agent';

/** Whether it matters to the flow who talked with its callers before. */
export function prefersLastAgent({ steps }: Flow): boolean {
  for (const step of steps.values())
    if (step.kind === 'queue' && step.queue.prefer?.agent === lastAgent) return true;
  return false;
}

const defaultTries = 3;

/** What silence or a wrong entry does at a step: its own settings, then the flow's, then 3 tries. */
export function retryOf(
  flow: Flow,
  step: InputStep | RecordStep,
  which: 'no-input' | 'no-match',
): ResolvedRetry {
  if (step.kind === 'record') return resolve(step.record['too-short'], undefined);
  const own = step.kind === 'menu' ? step.menu : step.collect;
  return resolve(own[which], flow.defaults[which]);
}

/** What silence or a wrong key does when an entry is to be confirmed; its exits are those of the entry. */
export function confirmRetryOf(
  flow: Flow,
  { collect }: CollectStep,
  which: 'no-input' | 'no-match',
): ResolvedRetry {
  const { go, ...rest } = collect.confirm?.[which] ?? {};
  const exit = go ?? collect[which]?.go;
  return resolve(exit === undefined ? rest : { ...rest, go: exit }, flow.defaults[which]);
}

/** What silence or a wrong key does when a recording is reviewed. */
export function reviewRetryOf(
  flow: Flow,
  { record }: RecordStep,
  which: 'no-input' | 'no-match',
): ResolvedRetry {
  return resolve(record.review?.[which], flow.defaults[which]);
}

function resolve(own: Retry | undefined, fallback: Retry | undefined): ResolvedRetry {
  return {
    tries: own?.tries ?? fallback?.tries ?? defaultTries,
    say: own?.say ?? fallback?.say ?? null,
    // A step's own words stand for themselves; whether the prompt follows goes with the words.
    repeatPrompt:
      (own?.say ? own['repeat-prompt'] : (own?.['repeat-prompt'] ?? fallback?.['repeat-prompt'])) ?? false,
    go: own?.go ?? fallback?.go ?? null,
  };
}

/** A flow that a step leads into, with the parameters that it gives. */
export interface LedTo {
  readonly name: string;
  readonly given: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  /** The step goes on when it returns; false: it is gone through by another call, later. */
  readonly within: boolean;
}

/** The flow that a step leads into; null: none. */
export function ledTo(step: Step): LedTo | null {
  if (step.kind === 'call') {
    const { flow, with: given } = step.call;
    return { name: flow, given, path: ['steps', step.name, 'call'], within: true };
  }
  const keep = step.kind === 'callback' ? step.callback['keep-place'] : undefined;
  if (keep === undefined) return null;
  const path = ['steps', step.name, 'callback', 'keep-place'];
  return { name: keep.flow, given: keep.with, path, within: false };
}

/** What a step is, under its name: the kind, where the name says something else, and the flow that it leads into. */
export function captionOf(step: Step): string | null {
  const led = ledTo(step);
  if (led === null) return step.kind === step.name ? null : step.kind;
  return led.within ? `${step.kind} ${led.name}` : `${step.kind}, later ${led.name}`;
}
