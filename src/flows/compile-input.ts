/**
 * Menus and entries as states. Asking: the prompt plays. Waiting: it is over, the first key is awaited. Collecting:
 * some keys are there. Reading: decides at once what the keys mean. Silence and wrong entries have a counter each.
 */
import { type CollectStep, type InputStep, type MenuStep, retryOf } from './ast.js';
import { collectReader, keysLeft, menuReader, type Reader, type Reading, timeUp } from './entry.js';
import type { FlowEffect } from './flow.js';
import {
  type Action,
  type Args,
  dropKeys,
  effects,
  hush,
  ignoreLateEnd,
  keepKey,
  keyOf,
  leaving,
  type Move,
  timer,
  update,
} from './machine.js';
import { entering, setting, speaking, targetOf, trailTo, ways, type Workshop } from './workshop.js';

const defaultFirstKey = 10;
const defaultBetweenKeys = 3;
/** After a gap in the engine's life, keys count again once the caller paused this long. */
const quietSeconds = 1;

/** Speaks the step's prompt: first, again, or after a mistake. */
interface InputPrompts {
  readonly ask: Action;
  readonly afterSilence: Action;
  readonly afterMistake: Action;
}

export function compileInput(workshop: Workshop, step: InputStep): void {
  const { flow, states } = workshop;
  const input = step.kind === 'menu' ? step.menu : step.collect;
  const state = (word: string): string => `${step.name}/${word}`;
  const prompts = inputPrompts(workshop, step, input.say);
  const interruptible = input.interruptible;

  const firstKey = timer(
    'first-key',
    step.name,
    input['first-key'] ?? flow.defaults['first-key'] ?? defaultFirstKey,
  );
  const betweenKeys = timer(
    'between-keys',
    step.name,
    input['between-keys'] ?? flow.defaults['between-keys'] ?? defaultBetweenKeys,
  );
  const quiet = timer('quiet', step.name, quietSeconds);

  const begin = update(({ context }) => ({
    entered: '',
    noInput: 0,
    noMatch: 0,
    ...(input.clear ? { keys: '', lateEnd: '' } : {}),
    ...(step.kind === 'menu' ? { trail: trailTo(context.trail ?? [], step.name) } : {}),
  }));
  const left = keysLeft(step, flow['keys-anywhere']);
  const read = step.kind === 'menu' ? menuReader(step, left) : collectReader(step, left);
  const joined = ({ context, event }: Args): Reading => read(context.entered, context.keys + keyOf(event));
  /** The common case of a key that wants another one needs no state in between. */
  const more = (before: readonly Action[]): Move => ({
    guard: (args) => joined(args).result === 'more' && args.context.lateEnd !== keyOf(args.event),
    target: state('collecting'),
    reenter: true,
    actions: [
      ...before,
      update((args) => {
        const reading = joined(args);
        return { keys: '', lateEnd: '', entered: reading.result === 'more' ? reading.entered : '' };
      }),
    ],
  });
  const someKeys = ({ context }: Args): boolean => context.keys !== '';
  const reading = state('reading');
  const askAnew: Move = {
    target: state('asking-anew'),
    reenter: true,
    actions: [update(() => ({ keys: '', entered: '', lateEnd: '' })), prompts.ask],
  };

  states.set(state('ready'), {
    entry: [begin, entering(step)],
    always: [
      // Who knows the way need not hear the prompt.
      { guard: someKeys, target: reading },
      { target: state('asking'), actions: [prompts.ask] },
    ],
  });

  states.set(state('asking'), {
    on: {
      // Where the prompt cannot be interrupted, keys are kept until it is over, as everywhere else.
      ...(interruptible
        ? { key: [more([hush]), ignoreLateEnd, { target: reading, actions: [keepKey, hush] }] }
        : {}),
      spoken: [{ guard: someKeys, target: reading }, { target: state('waiting') }],
    },
  });

  states.set(state('waiting'), {
    entry: [update(() => ({ lateEnd: '' })), firstKey.start],
    exit: [firstKey.stop],
    on: {
      key: [more([]), { target: reading, actions: [keepKey] }],
      [firstKey.event]: retryMoves(workshop, step, 'no-input', [], prompts.afterSilence),
      resumed: [askAnew],
    },
  });

  states.set(state('collecting'), {
    entry: [betweenKeys.start],
    exit: [betweenKeys.stop],
    on: {
      key: [more([]), { target: reading, actions: [keepKey] }],
      [betweenKeys.event]: [{ target: reading, actions: [update(() => ({ keys: timeUp }))] }],
      resumed: [askAnew],
    },
  });

  // Keys may have been lost: what comes now may be the rest of a number, and a number with a hole is never used.
  states.set(state('asking-anew'), {
    entry: [quiet.start],
    exit: [quiet.stop],
    on: {
      key: [{ target: state('asking-anew'), reenter: true }],
      [quiet.event]: [{ target: state('asking') }],
      spoken: [{ target: state('waiting') }],
      resumed: [{ actions: [dropKeys] }],
    },
  });

  const done =
    step.kind === 'menu' ? choiceMoves(workshop, step, read, prompts) : entryMoves(workshop, step, read);
  const anywhere = [...left].flatMap(([key, go]) =>
    leaving(
      `key ${key}`,
      ways(
        workshop,
        go,
        step,
        is(read, (r) => r.result === 'anywhere' && r.key === key),
        [take(read)],
        { target: state('asking'), actions: [prompts.ask] },
      ),
    ),
  );
  states.set(reading, {
    always: [
      ...done,
      {
        guard: is(read, (r) => r.result === 'more'),
        target: state('collecting'),
        actions: [take(read)],
      },
      ...anywhere,
      // Keys after a wrong one were meant for prompts that are not reached now.
      ...retryMoves(workshop, step, 'no-match', [dropKeys], prompts.afterMistake),
    ],
  });
}

const readNow = (read: Reader, { context }: Args): Reading => read(context.entered, context.keys);

function is(read: Reader, wanted: (reading: Reading) => boolean): (args: Args) => boolean {
  return (args) => wanted(readNow(read, args));
}

/** Consumes the keys that were read. */
function take(read: Reader): Action {
  return update((args) => {
    const reading = readNow(read, args);
    switch (reading.result) {
      case 'chosen':
      case 'anywhere':
        return { keys: reading.rest, entered: '' };
      case 'entered':
        return { keys: reading.rest, entered: '', lateEnd: reading.lateEnd };
      case 'more':
        return { keys: '', entered: reading.entered };
      case 'no-match':
        return { keys: '', entered: '' };
      default:
        return reading satisfies never;
    }
  });
}

function choiceMoves(workshop: Workshop, step: MenuStep, read: Reader, prompts: InputPrompts): Move[] {
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
        is(read, (r) => r.result === 'chosen' && r.keys === keys),
        actions,
        { target: `${step.name}/asking`, actions: [prompts.ask] },
      ),
    );
  });
}

function entryMoves(workshop: Workshop, step: CollectStep, read: Reader): Move[] {
  const { into } = step.collect;
  const valueIn = (args: Args): string => {
    const reading = readNow(read, args);
    return reading.result === 'entered' ? reading.value : '';
  };
  return leaving('go', [
    {
      guard: is(read, (r) => r.result === 'entered'),
      target: targetOf(workshop.flow, step.go),
      actions: [
        effects((args) => [{ type: 'keep-entry', name: into, value: valueIn(args) }]),
        update((args) => ({ vars: { ...args.context.vars, [into]: valueIn(args) } })),
        take(read),
      ],
    },
  ]);
}

/** Asks again while there are tries left, else leaves. */
function retryMoves(
  workshop: Workshop,
  step: InputStep,
  which: 'no-input' | 'no-match',
  first: readonly Action[],
  prompt: Action,
): Move[] {
  const { tries, go } = retryOf(workshop.flow, step, which);
  const count = which === 'no-input' ? 'noInput' : 'noMatch';
  const counted = update(({ context }) => ({ entered: '', [count]: context[count] + 1 }));
  return [
    {
      guard: ({ context }) => context[count] + 1 < tries,
      target: `${step.name}/asking`,
      actions: [...first, counted, prompt],
    },
    ...leaving(which, [{ target: targetOf(workshop.flow, go ?? undefined), actions: [...first, counted] }]),
  ];
}

function inputPrompts(workshop: Workshop, step: InputStep, say: readonly string[]): InputPrompts {
  // Who has not chosen a language yet hears the choice in each.
  const inTurn =
    step.kind === 'menu' && Object.values(step.menu.keys).some(({ language }) => language !== undefined);
  const ask = speaking(workshop, say, inTurn);
  const after = (which: 'no-input' | 'no-match'): Action => {
    const retry = retryOf(workshop.flow, step, which);
    if (retry.say === null) return ask;
    const byTry = retry.say.map((texts) => (retry.repeatPrompt ? [...texts, ...say] : texts));
    const count = which === 'no-input' ? 'noInput' : 'noMatch';
    return effects(({ context }) => {
      const texts = byTry[Math.min(context[count], byTry.length) - 1] ?? say;
      return [{ type: 'speak', texts: workshop.prompts.speak(texts, context, inTurn) }];
    });
  };
  return { ask, afterSilence: after('no-input'), afterMistake: after('no-match') };
}
