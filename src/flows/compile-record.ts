/** Recording a caller as states: asking, recording, stopping (a key ended it; what is stored is not known yet). */
import { type RecordStep, retryOf } from './ast.js';
import {
  type Action,
  type Args,
  dropKeys,
  effect,
  effects,
  hush,
  keyOf,
  leaving,
  type Move,
  update,
} from './machine.js';
import { entering, speaking, targetOf, type Workshop } from './workshop.js';

export function compileRecord(workshop: Workshop, step: RecordStep): void {
  const { flow, states, prompts } = workshop;
  const { say, interruptible, max, min, silence, beep, end, name } = step.record;
  const state = (word: string): string => `${step.name}/${word}`;
  const retry = retryOf(flow, step, 'no-match');
  const tooShort = targetOf(flow, retry.go ?? undefined);
  const failed = targetOf(flow, step.record.failed ?? retry.go ?? undefined);
  const start = effect({
    type: 'record',
    maxMs: Math.round(max * 1000),
    silenceMs: Math.round(silence * 1000),
    beep,
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
  const longEnough = ({ event }: Args): boolean => event.type === 'recorded' && event.ms >= min * 1000;
  const triesLeft = ({ context }: Args): boolean => context.noMatch + 1 < retry.tries;
  const stored: readonly Move[] = [
    ...leaving('go', [
      {
        guard: longEnough,
        target: targetOf(flow, step.go),
        actions: [effect({ type: 'keep-recording', name })],
      },
    ]),
    asksAgain
      ? { guard: triesLeft, target: state('asking'), actions: [discard, counted, again] }
      : { ...record, guard: triesLeft, actions: [discard, counted, start] },
    ...leaving('too-short', [{ target: tooShort, actions: [discard] }]),
  ];
  const notStored: readonly Move[] = leaving(step.record.failed === undefined ? 'too-short' : 'failed', [
    { target: failed },
  ]);

  states.set(state('ready'), {
    // Keys pressed ahead would end the recording before a word is said.
    entry: [update(() => ({ noInput: 0, noMatch: 0, entered: '' })), dropKeys, entering(step)],
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
}
