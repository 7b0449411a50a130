/**
 * A question that keys answer, as states. Asking: the prompt plays. Waiting: it is over, the first key is awaited.
 * Collecting: some keys are there. Reading: decides at once what the keys mean.
 */
import type { Step } from './ast.js';
import { type Reader, type Reading, timeUp } from './entry.js';
import {
  type Action,
  type Args,
  dropKeys,
  type Guard,
  hush,
  ignoreLateEnd,
  keepKey,
  keyOf,
  leaving,
  type Move,
  timer,
  update,
} from './machine.js';
import { ways, type Workshop } from './workshop.js';

/** After a gap in the engine's life, keys count again once the caller paused this long. */
const quietSeconds = 1;

export interface Question {
  readonly step: Step;
  /** Before the words of its states, so that a step can ask more than one question: '' or e.g. `confirm-`. */
  readonly prefix: '' | `${string}-`;
  /** What entering the question does before anything is asked. */
  readonly begin: readonly Action[];
  readonly ask: Action;
  readonly interruptible: boolean;
  /** Seconds. */
  readonly firstKey: number;
  readonly betweenKeys: number;
  readonly read: Reader;
  /** Whether an answer can have more than one key. */
  readonly longer: boolean;
  /** What the answers do; each is guarded. */
  readonly answers: readonly Move[];
  /** Keys with a meaning everywhere that the question leaves to them. */
  readonly anywhere: ReadonlyMap<string, string>;
  /** The last of each has no guard. */
  readonly afterSilence: readonly Move[];
  readonly afterMistake: readonly Move[];
}

const forget = update(() => ({ keys: '', entered: '', lateEnd: '' }));
const noLateEnd = update(() => ({ lateEnd: '' }));
const timeOver = update(() => ({ keys: timeUp }));
const someKeys: Guard = ({ context }) => context.keys !== '';
const dropAll: readonly Move[] = [{ actions: [dropKeys] }];

/** Name of a question's state. */
export function stateOf({ step, prefix }: Pick<Question, 'step' | 'prefix'>, word: string): string {
  return `${step.name}/${prefix}${word}`;
}

/** Adds the question's states; it begins in `ready`. */
export function addQuestion(workshop: Workshop, question: Question): void {
  const { states } = workshop;
  const { step, read, ask, interruptible, longer } = question;
  const state = (word: string): string => stateOf(question, word);
  const firstKey = timer('first-key', step.name, question.firstKey);
  const betweenKeys = timer('between-keys', step.name, question.betweenKeys);
  const quiet = timer('quiet', step.name, quietSeconds);
  const reading = state('reading');

  const joined = ({ context, event }: Args): Reading => read(context.entered, context.keys + keyOf(event));
  const wantsMore: Guard = (args) =>
    joined(args).result === 'more' && args.context.lateEnd !== keyOf(args.event);
  const joinKey = update((args) => {
    const found = joined(args);
    return { keys: '', lateEnd: '', entered: found.result === 'more' ? found.entered : '' };
  });
  /** The common case of a key that wants another one needs no state in between. */
  const more = (...before: readonly Action[]): Move => ({
    guard: wantsMore,
    target: state('collecting'),
    actions: [...before, joinKey],
  });
  const askAnew: Move = {
    target: state('asking-anew'),
    reenter: true,
    actions: [forget, ask],
  };
  const readKey: Move = { target: reading, actions: [keepKey] };

  states.set(state('ready'), {
    entry: question.begin,
    always: [
      // Who knows the way need not hear the prompt.
      { guard: someKeys, target: reading },
      { target: state('asking'), actions: [ask] },
    ],
  });

  states.set(state('asking'), {
    on: {
      // Where the prompt cannot be interrupted, keys are kept until it is over, as everywhere else.
      ...(interruptible
        ? {
            key: [
              ...(longer ? [more(hush)] : []),
              ignoreLateEnd,
              { target: reading, actions: [keepKey, hush] },
            ],
          }
        : {}),
      spoken: [{ guard: someKeys, target: reading }, { target: state('waiting') }],
    },
  });

  states.set(state('waiting'), {
    entry: [noLateEnd, firstKey.start],
    exit: [firstKey.stop],
    on: {
      key: [...(longer ? [more()] : []), readKey],
      [firstKey.event]: question.afterSilence,
      resumed: [askAnew],
    },
  });

  if (longer) {
    states.set(state('collecting'), {
      entry: [betweenKeys.start],
      exit: [betweenKeys.stop],
      on: {
        // Stays where it is, and begins to wait anew.
        key: [{ guard: wantsMore, actions: [joinKey, betweenKeys.start] }, readKey],
        [betweenKeys.event]: [{ target: reading, actions: [timeOver] }],
        resumed: [askAnew],
      },
    });
  }

  // Keys may have been lost: what comes now may be the rest of a number, and a number with a hole is never used.
  states.set(state('asking-anew'), {
    entry: [quiet.start],
    exit: [quiet.stop],
    on: {
      key: [{ target: state('asking-anew'), reenter: true }],
      [quiet.event]: [{ target: state('asking') }],
      spoken: [{ target: state('waiting') }],
      resumed: dropAll,
    },
  });

  const anywhere = [...question.anywhere].flatMap(([key, go]) =>
    leaving(
      `key ${key}`,
      ways(
        workshop,
        go,
        step,
        reads(read, (found) => found.result === 'anywhere' && found.key === key),
        [take(read)],
        { target: state('asking'), actions: [ask] },
      ),
    ),
  );
  states.set(reading, {
    always: [
      ...question.answers,
      ...(longer
        ? [
            {
              guard: reads(read, (found) => found.result === 'more'),
              target: state('collecting'),
              actions: [take(read)],
            },
          ]
        : []),
      ...anywhere,
      ...question.afterMistake,
    ],
  });
}

const readNow = (read: Reader, { context }: Args): Reading => read(context.entered, context.keys);

/** Whether the keys that are there mean this. */
export function reads(read: Reader, wanted: (reading: Reading) => boolean): Guard {
  return (args) => wanted(readNow(read, args));
}

/** The entry that the keys that are there make; '' where they make none. */
export function entryOf(read: Reader, args: Args): string {
  const found = readNow(read, args);
  return found.result === 'entered' ? found.value : '';
}

/** Consumes the keys that were read. */
export function take(read: Reader): Action {
  return update((args) => {
    const found = readNow(read, args);
    switch (found.result) {
      case 'chosen':
      case 'anywhere':
        return { keys: found.rest, entered: '' };
      case 'entered':
        return { keys: found.rest, entered: '', lateEnd: found.lateEnd };
      case 'more':
        return { keys: '', entered: found.entered };
      case 'no-match':
        return { keys: '', entered: '' };
      default:
        return found satisfies never;
    }
  });
}
