/**
 * Recording a caller as states: asking, recording, stopping (a key ended it; what is stored is not known yet), and a
 * question about what was recorded, where the step reviews it.
 */
import { type RecordStep, retryOf, reviewRetryOf } from './ast.js';
import { type Asking, retryMoves, secondsOf } from './compile-input.js';
import { choiceReader, leftByChoice } from './entry.js';
import {
  type Action,
  type Args,
  dropKeys,
  effect,
  effects,
  hush,
  keyOf,
  type Move,
  update,
} from './machine.js';
import { addQuestion, reads, stateOf, take } from './question.js';
import { entering, speaking, targetOf, type Workshop } from './workshop.js';

export function compileRecord(workshop: Workshop, step: RecordStep): void {
  const { flow, states, prompts } = workshop;
  const { say, interruptible, max, min, silence, beep, end, name } = step.record;
  const state = (word: string): string => `${step.name}/${word}`;
  const retry = retryOf(flow, step, 'no-match');
  const review = { step, prefix: 'review-' } as const;
  const tooShort = targetOf(flow, retry.go ?? undefined);
  const failed = targetOf(flow, step.record.failed ?? retry.go ?? undefined);
  const start = effect({
    type: 'record',
    maxMs: Math.round(max * 1000),
    silenceMs: Math.round(silence * 1000),
    beep,
    name,
  });
  const record: Move = { target: state('recording'), reenter: true, actions: [start] };
  const deaf: readonly Move[] = [{ actions: [] }];

  const again: Action = effects(({ context }) => {
    const byTry = retry.say?.map((texts) => (retry.repeatPrompt ? [...texts, ...(say ?? [])] : texts));
    const texts = byTry?.[Math.min(context.noMatch, byTry.length) - 1] ?? say ?? [];
    return [{ type: 'speak', texts: prompts.speak(texts, context, false) }];
  });
  const asksAgain = say !== undefined || retry.say !== null;
  const counted = update(({ context }) => ({ noMatch: context.noMatch + 1 }));
  const discard = effect({ type: 'discard-recording' });
  const keep = effect({ type: 'keep-recording', name });
  const longEnough = ({ event }: Args): boolean => event.type === 'recorded' && event.ms >= min * 1000;
  const triesLeft = ({ context }: Args): boolean => context.noMatch + 1 < retry.tries;
  const stored: readonly Move[] = [
    step.record.review === undefined
      ? { guard: longEnough, target: targetOf(flow, step.go), actions: [keep] }
      : { guard: longEnough, target: stateOf(review, 'ready') },
    asksAgain
      ? { guard: triesLeft, target: state('asking'), actions: [discard, counted, again] }
      : { ...record, guard: triesLeft, actions: [discard, counted, start] },
    { target: tooShort, actions: [discard] },
  ];
  const notStored: readonly Move[] = [{ target: failed }];

  states.set(state('ready'), {
    // Keys pressed ahead would end the recording before a word is said.
    entry: [update(() => ({ noInput: 0, noMatch: 0, anew: 0, entered: '' })), dropKeys, entering(step)],
    always: [say === undefined ? record : { target: state('asking'), actions: [speaking(workshop, say)] }],
  });
  states.set(state('asking'), {
    on: {
      spoken: [record],
      key: interruptible ? [{ ...record, actions: [hush, start] }] : deaf,
    },
  });
  const stop: Move = { target: state('stopping'), actions: [effect({ type: 'stop-recording' })] };
  const isEnd = ({ event }: Args): boolean => end === 'any' || keyOf(event) === end;
  states.set(state('recording'), {
    on: {
      key: end === 'none' ? deaf : [{ ...stop, guard: isEnd }, ...deaf],
      recorded: stored,
      'record-failed': notStored,
    },
  });
  states.set(state('stopping'), { on: { key: deaf, recorded: stored, 'record-failed': notStored } });
  compileReview(workshop, step, { ...record, actions: [discard, start] }, keep);
}

/** How often a caller can record again: nobody speaks for ever. */
const mostAnew = 10;

/** To hear it, to record again, to accept it. Whatever becomes of the caller, what was said is kept. */
function compileReview(workshop: Workshop, step: RecordStep, record: Move, keep: Action): void {
  const { review } = step.record;
  if (review === undefined) return;
  const { flow, prompts } = workshop;
  const asking: Asking = { step, prefix: 'review-', say: review.say, inTurn: false };
  const keys = [review.replay, review.again, review.accept];
  const anywhere = leftByChoice(keys, flow['keys-anywhere']);
  const read = choiceReader(keys, anywhere);
  const says = (key: string) => reads(read, (found) => found.result === 'chosen' && found.keys === key);
  const replay = effects(({ context }) => [
    { type: 'replay', texts: prompts.speak(review.say, context, false) },
  ]);
  addQuestion(workshop, {
    step,
    prefix: 'review-',
    begin: [update(() => ({ noInput: 0, noMatch: 0, entered: '' }))],
    ask: speaking(workshop, review.say),
    interruptible: review.interruptible,
    ...secondsOf(workshop, review),
    read,
    longer: false,
    answers: [
      { guard: says(review.accept), target: targetOf(flow, step.go), actions: [take(read), keep] },
      {
        guard: says(review.replay),
        target: stateOf(asking, 'asking'),
        actions: [take(read), replay],
      },
      {
        ...record,
        guard: (args) => says(review.again)(args) && (args.context.anew ?? 0) < mostAnew,
        // Keys pressed ahead would end the recording before a word is said.
        actions: [
          update(({ context }) => ({ anew: (context.anew ?? 0) + 1, noMatch: 0, keys: '' })),
          ...(record.actions ?? []),
        ],
      },
    ],
    anywhere,
    afterSilence: retryMoves(workshop, asking, reviewRetryOf(flow, step, 'no-input'), 'noInput', [], [keep]),
    afterMistake: retryMoves(
      workshop,
      asking,
      reviewRetryOf(flow, step, 'no-match'),
      'noMatch',
      [dropKeys],
      [keep],
    ),
  });
}
