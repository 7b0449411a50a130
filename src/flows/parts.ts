/**
 * Pure. Steps that stand for several: what a callback or a survey asks is asked by menus and entries of their own, so
 * that keys, silence and mistakes are the same everywhere. A part is named `<step>@<part>`, which no step can be.
 */
import type { CallbackStep, CaseStep, CollectStep, Flow, MenuStep, Step, SurveyStep } from './ast.js';
import { update } from './machine.js';

export function partName(step: Step, part: string): string {
  return `${step.name}@${part}`;
}

/** The flow with the parts of its steps: what is compiled. */
export function withParts(flow: Flow): Flow {
  const steps = new Map(flow.steps);
  for (const step of flow.steps.values()) for (const part of partsOf(step)) steps.set(part.name, part);
  return { ...flow, steps };
}

function partsOf(step: Step): readonly Step[] {
  if (step.kind === 'callback') return callbackParts(step);
  return step.kind === 'survey' ? surveyParts(step) : [];
}

/** Longest and shortest number that can be keyed: E.164 has at most 15 digits, with 00 in front of them 17. */
const keyedDigits = { min: 3, max: 17, end: '#' } as const;

const input = { interruptible: true, clear: false } as const;

function callbackParts(step: CallbackStep): readonly Step[] {
  const { say, yes, no, enter, number, subject, details, into } = step.callback;
  const retries = {
    'no-input': { ...step.callback['no-input'], go: `${step.name}/withheld` },
    'no-match': { ...step.callback['no-match'], go: `${step.name}/withheld` },
  };
  const confirm: MenuStep = {
    kind: 'menu',
    name: partName(step, 'confirm'),
    menu: {
      ...input,
      say,
      keys: {
        [yes]: { go: partName(step, 'open') },
        [no]: { go: enter === undefined ? `${step.name}/withheld` : partName(step, 'enter') },
      },
      ...retries,
    },
  };
  const open: CaseStep = {
    kind: 'case',
    name: partName(step, 'open'),
    case: { kind: 'request', subject, details: { ...details, number }, into },
    go: step.callback['keep-place'] === undefined ? `${step.name}/accepted` : `${step.name}/keeping`,
  };
  if (enter === undefined) return [confirm, open];
  const collect: CollectStep = {
    kind: 'collect',
    name: partName(step, 'enter'),
    collect: { ...input, secret: false, say: enter, into: number, digits: keyedDigits, ...retries },
    go: `${step.name}/checking`,
  };
  return [confirm, open, collect];
}

/** Where an answer lies until it is kept; no flow can name it. */
export const answerValue = '@answer';

function surveyParts(step: SurveyStep): readonly Step[] {
  const { scale, questions } = step.survey;
  const keys = Array.from({ length: scale.to - scale.from + 1 }, (_, n) => String(scale.from + n));
  return questions.map(
    ({ question, say }): MenuStep => ({
      kind: 'menu',
      name: partName(step, question),
      menu: {
        ...input,
        say,
        keys: Object.fromEntries(
          keys.map((key) => [key, { go: `${step.name}/keeping`, set: { [answerValue]: key } }]),
        ),
        // Who says nothing is not asked for ever: the next question, or the end.
        'no-input': { tries: 1, ...step.survey['no-input'], go: `${step.name}/after` },
        'no-match': { tries: 2, ...step.survey['no-match'], go: `${step.name}/after` },
      },
    }),
  );
}

/** `back` leads to a menu that the flow has, never into the middle of a step. */
export function leaveParts(step: Step) {
  const part = `${step.name}@`;
  return update(({ context }) => ({
    trail: (context.trail ?? []).filter((menu) => !menu.startsWith(part)),
  }));
}
