/**
 * Waiting for an agent as states. Queueing: the queue has not answered yet. Queued: texts and music in turn, until an
 * agent is there, the caller's patience or ours is over, or a key leads elsewhere. Talking: keys are theirs.
 */
import type { Json } from '../base/index.js';
import type { QueueStep } from './ast.js';
import type { FlowEffect, QueueResult } from './flow.js';
import { type Action, type Args, dropKeys, effects, keyOf, type Move, timer } from './machine.js';
import { entering, targetOf, values, ways, type Workshop } from './workshop.js';

const results: readonly QueueResult[] = ['talked', 'closed', 'full', 'nobody', 'no-answer', 'failed'];

export function compileQueue(workshop: Workshop, step: QueueStep): void {
  const { flow, states, prompts } = workshop;
  const { name, need, priority = null, say, again, keys } = step.queue;
  const state = (word: string): string => `${step.name}/${word}`;
  const needed = values(workshop, need);
  const limit = step.queue['no-answer-after'];
  const exits: Readonly<Record<QueueResult, string | undefined>> = {
    talked: step.queue.answered,
    closed: step.queue.closed ?? step.queue.failed,
    full: step.queue.full ?? step.queue.failed,
    nobody: step.queue.nobody ?? step.queue.failed,
    'no-answer': limit?.go,
    failed: step.queue.failed,
  };
  const ended: readonly Move[] = results.map((result) => ({
    guard: ({ event }) => event.type === 'queue-ended' && event.result === result,
    target: targetOf(flow, exits[result]),
  }));

  states.set(state('queueing'), {
    entry: [
      // Keys pressed ahead were meant for questions, not for leaving the queue.
      dropKeys,
      entering(step),
      effects((args) => [{ type: 'queue', queue: name, needs: needsOf(needed(args)), priority }]),
    ],
    on: { 'queue-waiting': [{ target: state('queued') }], 'queue-ended': ended },
  });

  const longest = limit?.seconds === undefined ? null : timer('no-answer', step.name, limit.seconds);
  const pause = again === undefined ? null : timer('again', step.name, again.every);
  const speak = (texts: readonly string[]): Action =>
    effects(({ context }) => [
      { type: 'music', on: false },
      { type: 'speak', texts: prompts.speak(texts, context, false) },
    ]);
  const play = [
    effects((): FlowEffect[] => [{ type: 'music', on: true }]),
    ...(pause === null ? [] : [pause.start]),
  ];
  const leave = effects(({ event }) => [
    { type: 'hush' },
    { type: 'music', on: false },
    ...(event.type === 'key' ? [{ type: 'leave-queue', result: 'left' } as const] : []),
    ...(event.type === longest?.event ? [{ type: 'leave-queue', result: 'no-answer' } as const] : []),
  ]);
  const words = say ?? again?.say;
  const wayOn = (key: string, go: string): Move[] =>
    ways(workshop, go, step, (args: Args) => keyOf(args.event) === key, [], {
      actions: words === undefined ? [] : [...(pause === null ? [] : [pause.stop]), speak(words)],
    });
  const anywhere = Object.entries(flow['keys-anywhere']).filter(([key]) => !Object.hasOwn(keys, key));

  states.set(state('queued'), {
    entry: [...(longest === null ? [] : [longest.start]), ...(say === undefined ? play : [speak(say)])],
    exit: [...(longest === null ? [] : [longest.stop]), ...(pause === null ? [] : [pause.stop]), leave],
    on: {
      spoken: [{ actions: play }],
      ...(pause === null || again === undefined ? {} : { [pause.event]: [{ actions: [speak(again.say)] }] }),
      ...(longest === null ? {} : { [longest.event]: [{ target: targetOf(flow, limit?.go) }] }),
      // Any other key means nothing while one waits.
      key: [...Object.entries(keys), ...anywhere]
        .flatMap(([key, go]) => wayOn(key, go))
        .concat({ actions: [] }),
      'queue-connected': [{ target: state('talking') }],
      'queue-ended': ended,
    },
  });
  states.set(state('talking'), { on: { key: [{ actions: [] }], 'queue-ended': ended } });
}

/** A skill is named so; what a caller keyed is never one, and never becomes part of the event log by this way. */
const skill = /^[a-z][A-Za-z0-9-]{0,31}$/;

/** Skill to level. A number is a level of the skill of that name, a text names a skill; null, false and '' need nothing. */
function needsOf(named: Readonly<Record<string, Json>>): Readonly<Record<string, number>> {
  const needs: Record<string, number> = {};
  const need = (name: string, level: number): void => {
    needs[name] = Math.max(needs[name] ?? 0, level);
  };
  for (const [name, value] of Object.entries(named)) {
    if (value === null || value === false || value === '') continue;
    if (value === true) need(name, 1);
    else if (typeof value === 'string' && skill.test(value)) need(value, 1);
    else if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5)
      need(name, value);
    else throw new TypeError(`what "${name}" needs is neither a level from 1 to 5 nor a skill`);
  }
  return needs;
}
