/** Menus and entries: what keys mean there, and what silence and wrong entries do. Each of the two has a counter. */
import { extended } from '../base/index.js';
import { checkOf } from './entry-check.js';
import {
  type CollectStep,
  confirmRetryOf,
  type InputStep,
  type MenuStep,
  type ResolvedRetry,
  retryOf,
} from './ast.js';
import { choiceReader, entryReader, leftByChoice, leftByEntry, type Reader } from './entry.js';
import type { FlowContext, FlowEffect } from './flow.js';
import { type Action, type Args, dropKeys, effects, leaving, type Move, update } from './machine.js';
import { addQuestion, entryOf, type Question, reads, stateOf, take } from './question.js';
import { keepingSecret } from './secrets.js';
import { entering, setting, speaking, targetOf, trailTo, ways, type Workshop } from './workshop.js';

const defaultFirstKey = 10;
const defaultBetweenKeys = 3;

export function compileInput(workshop: Workshop, step: InputStep): void {
  const { flow } = workshop;
  const input = step.kind === 'menu' ? step.menu : step.collect;
  // Who has not chosen a language yet hears the choice in each.
  const inTurn =
    step.kind === 'menu' && Object.values(step.menu.keys).some(({ language }) => language !== undefined);
  const ask = speaking(workshop, input.say, inTurn);
  const asking: Asking = { step, prefix: '', say: input.say, inTurn };
  const begin = update(({ context }) => ({
    entered: '',
    noInput: 0,
    noMatch: 0,
    ...(step.kind === 'collect' && step.collect.confirm !== undefined ? { held: '', anew: 0 } : {}),
    ...(input.clear ? { keys: '', lateEnd: '' } : {}),
    ...(step.kind === 'menu' ? { trail: trailTo(context.trail ?? [], step.name) } : {}),
  }));
  const anywhere =
    step.kind === 'menu'
      ? leftByChoice(Object.keys(step.menu.keys), flow['keys-anywhere'])
      : leftByEntry(step.collect.digits.end, flow['keys-anywhere']);
  const read =
    step.kind === 'menu'
      ? choiceReader(Object.keys(step.menu.keys), anywhere)
      : entryReader(step.collect.digits, anywhere);
  addQuestion(workshop, {
    step,
    prefix: '',
    begin: [begin, entering(step)],
    ask,
    interruptible: input.interruptible,
    ...secondsOf(workshop, input),
    read,
    longer: step.kind === 'collect' || Object.keys(step.menu.keys).some((choice) => choice.length > 1),
    answers:
      step.kind === 'menu'
        ? choiceMoves(workshop, step, read, ask)
        : entryMoves(workshop, step, read, asking),
    anywhere,
    afterSilence: retryMoves(workshop, asking, retryOf(flow, step, 'no-input'), {
      exit: 'no-input',
      count: 'noInput',
    }),
    // Keys after a wrong one were meant for prompts that are not reached now.
    afterMistake: retryMoves(workshop, asking, retryOf(flow, step, 'no-match'), mistake),
  });
  if (step.kind === 'collect') compileConfirm(workshop, step, ask);
}

/** How long a question waits for keys, in seconds. */
export function secondsOf(
  { flow }: Workshop,
  own: { readonly 'first-key'?: number | undefined; readonly 'between-keys'?: number | undefined },
): Pick<Question, 'firstKey' | 'betweenKeys'> {
  return {
    firstKey: own['first-key'] ?? flow.defaults['first-key'] ?? defaultFirstKey,
    betweenKeys: own['between-keys'] ?? flow.defaults['between-keys'] ?? defaultBetweenKeys,
  };
}

function choiceMoves(workshop: Workshop, step: MenuStep, read: Reader, ask: Action): Move[] {
  return Object.entries(step.menu.keys).flatMap(([keys, { go, language, set }]) => {
    const actions: Action[] = [take(read)];
    if (language !== undefined) {
      actions.push(
        update(({ context }) => ({ caller: { ...context.caller, language, languageChosen: true } })),
        effects((): FlowEffect[] => [{ type: 'set-language', language }]),
      );
    }
    if (set !== undefined) actions.push(setting(workshop, set));
    return leaving(
      `key ${keys}`,
      ways(
        workshop,
        go,
        step,
        reads(read, (found) => found.result === 'chosen' && found.keys === keys),
        actions,
        { target: `${step.name}/asking`, actions: [ask] },
      ),
    );
  });
}

/** What is entered is checked, then confirmed, then kept, each where the step wants it. */
function entryMoves(workshop: Workshop, step: CollectStep, read: Reader, asking: Asking): Move[] {
  const { into, check, confirm, secret } = step.collect;
  const entered = reads(read, (found) => found.result === 'entered');
  const fulfils = checkOf(check, into, workshop.expressions);
  const right = (args: Args): boolean => entered(args) && fulfils(args.context, entryOf(read, args));
  const moves: Move[] =
    confirm === undefined
      ? leaving('go', [
          {
            guard: right,
            target: targetOf(workshop.flow, step.go),
            actions: [
              ...(secret
                ? [keepingSecret(into, (args) => entryOf(read, args))]
                : keeping(into, (args) => entryOf(read, args))),
              take(read),
            ],
          },
        ])
      : [
          {
            guard: right,
            target: stateOf({ step, prefix: 'confirm-' }, 'ready'),
            actions: [update((args) => ({ held: entryOf(read, args) })), take(read)],
          },
        ];
  if (check?.say === undefined) return moves;
  const retry: ResolvedRetry = {
    ...retryOf(workshop.flow, step, 'no-match'),
    say: [check.say],
    repeatPrompt: check['repeat-prompt'],
  };
  const [again, leave] = retryMoves(workshop, asking, retry, mistake);
  // What is entered and not right comes here; the guard of the first still counts the tries.
  const wrong: Move[] = [];
  if (again !== undefined)
    wrong.push({ ...again, guard: (args) => entered(args) && again.guard?.(args) !== false });
  if (leave !== undefined) wrong.push({ ...leave, guard: entered });
  return [...moves, ...wrong];
}

/** The entry is the caller's: kept as personal data, and in the flow's memory. */
function keeping(into: string, valueIn: (args: Args) => string): Action[] {
  return [
    effects((args) => [{ type: 'keep-entry', name: into, value: valueIn(args) }]),
    update((args) => ({ vars: extended(args.context.vars, { [into]: valueIn(args) }), held: '' })),
  ];
}

/** "You entered ..., press 1 if that is right": the value counts for nothing before. */
function compileConfirm(workshop: Workshop, step: CollectStep, askEntry: Action): void {
  const { into, confirm } = step.collect;
  if (confirm === undefined) return;
  const { flow } = workshop;
  const withValue = (context: FlowContext): FlowContext => ({
    ...context,
    vars: extended(context.vars, { [into]: context.held ?? '' }),
  });
  const asking: Asking = { step, prefix: 'confirm-', say: confirm.say, inTurn: false, seen: withValue };
  const keys = [confirm.yes, confirm.no];
  const anywhere = leftByChoice(keys, flow['keys-anywhere']);
  const read = choiceReader(keys, anywhere);
  const says = (key: string, more: boolean | null = null) =>
    reads(
      read,
      (found) =>
        found.result === 'chosen' && found.keys === key && (more === null || (found.rest !== '') === more),
    );
  const { tries, go } = retryOf(flow, step, 'no-match');
  const rejectable = ({ context }: Args): boolean => (context.anew ?? 0) + 1 < tries;
  const reject = update(({ context }) => ({
    held: '',
    noInput: 0,
    noMatch: 0,
    anew: (context.anew ?? 0) + 1,
  }));
  const leave = (which: 'no-input' | 'no-match'): ResolvedRetry => confirmRetryOf(flow, step, which);
  const exitOf = (which: 'no-input' | 'no-match'): string =>
    confirm[which]?.go === undefined ? which : `confirm ${which}`;
  addQuestion(workshop, {
    step,
    prefix: 'confirm-',
    begin: [update(() => ({ noInput: 0, noMatch: 0 }))],
    ask: speakingSeen(workshop, asking, confirm.say),
    interruptible: confirm.interruptible,
    ...secondsOf(workshop, confirm),
    read,
    longer: false,
    answers: [
      ...leaving('go', [
        {
          guard: says(confirm.yes),
          target: targetOf(flow, step.go),
          actions: [...keeping(into, ({ context }) => context.held ?? ''), take(read)],
        },
      ]),
      {
        // Who rejects and types on has heard enough.
        guard: (args) => says(confirm.no, true)(args) && rejectable(args),
        target: stateOf({ step, prefix: '' }, 'reading'),
        actions: [reject, take(read)],
      },
      {
        guard: (args) => says(confirm.no, false)(args) && rejectable(args),
        target: stateOf({ step, prefix: '' }, 'asking'),
        actions: [reject, take(read), askEntry],
      },
      // A caller who rejects for ever is helped as one who enters what does not fit.
      ...leaving('no-match', [
        { guard: says(confirm.no), target: targetOf(flow, go ?? undefined), actions: [reject, dropKeys] },
      ]),
    ],
    anywhere,
    afterSilence: retryMoves(workshop, asking, leave('no-input'), {
      exit: exitOf('no-input'),
      count: 'noInput',
    }),
    afterMistake: retryMoves(workshop, asking, leave('no-match'), { ...mistake, exit: exitOf('no-match') }),
  });
}

/** What a question needs to be asked again. */
export interface Asking extends Pick<Question, 'step' | 'prefix'> {
  readonly say: readonly string[];
  readonly inTurn: boolean;
  /** What its texts see of the context; without: all of it as it is. */
  readonly seen?: (context: FlowContext) => FlowContext;
}

/** What asking again counts, and by which way it is given up. */
export interface Retrying {
  readonly exit: string;
  readonly count: 'noInput' | 'noMatch';
  /** Done each time, and when it is given up. */
  readonly first?: readonly Action[];
  readonly last?: readonly Action[];
}

const mistake: Retrying = { exit: 'no-match', count: 'noMatch', first: [dropKeys] };

/** Asks again while there are tries left, else leaves. */
export function retryMoves(
  workshop: Workshop,
  asking: Asking,
  { tries, say, repeatPrompt, go }: ResolvedRetry,
  { exit, count, first = [], last = [] }: Retrying,
): Move[] {
  const counted = update(({ context }) =>
    count === 'noInput'
      ? { entered: '', noInput: context.noInput + 1 }
      : { entered: '', noMatch: context.noMatch + 1 },
  );
  const byTry = say?.map((texts) => (repeatPrompt ? [...texts, ...asking.say] : texts)) ?? [asking.say];
  const prompt = effects(({ context }) => {
    const texts = byTry[Math.min(context[count], byTry.length) - 1] ?? asking.say;
    return [spoken(workshop, asking, texts, context)];
  });
  return [
    {
      guard: ({ context }) => context[count] + 1 < tries,
      target: stateOf(asking, 'asking'),
      actions: [...first, counted, prompt],
    },
    ...leaving(exit, [
      { target: targetOf(workshop.flow, go ?? undefined), actions: [...first, counted, ...last] },
    ]),
  ];
}

function speakingSeen(workshop: Workshop, asking: Asking, texts: readonly string[]): Action {
  return effects(({ context }) => [spoken(workshop, asking, texts, context)]);
}

function spoken(
  { prompts }: Workshop,
  { seen, inTurn }: Asking,
  texts: readonly string[],
  context: FlowContext,
): FlowEffect {
  return { type: 'speak', texts: prompts.speak(texts, seen?.(context) ?? context, inTurn) };
}
