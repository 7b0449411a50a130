/**
 * Waiting for an agent as states. Queueing: the queue has not answered yet, or not yet told the place. Queued: texts and music in turn, until an
 * agent is there, the caller's patience or ours is over, or a key leads elsewhere. Talking: keys are theirs.
 */
import type { Json, JsonObject } from '../base/index.js';
import { lastAgent, type QueueStep } from './ast.js';
import type { FlowEffect, FlowEvent, FlowPreference, QueueResult } from './flow.js';
import {
  type Action,
  type Args,
  dropKeys,
  type Guard,
  effects,
  keyOf,
  leaving,
  type Move,
  timer,
  update,
} from './machine.js';
import { entering, targetOf, values, ways, type Workshop } from './workshop.js';

const results: readonly QueueResult[] = ['talked', 'closed', 'full', 'nobody', 'no-answer', 'failed'];

export function compileQueue(workshop: Workshop, step: QueueStep): void {
  const { flow, states, prompts } = workshop;
  const { name, need, priority = null, say, again, keys, into } = step.queue;
  const state = (word: string): string => `${step.name}/${word}`;
  const needed = values(workshop, need);
  const preferred = preferenceIn(workshop, step);
  const limit = step.queue['no-answer-after'];
  const refused = (result: 'closed' | 'full' | 'nobody'): readonly [string, string | undefined] =>
    step.queue[result] === undefined ? exits.failed : [result, step.queue[result]];
  const exits = {
    talked: ['answered', step.queue.answered],
    'no-answer': ['no-answer-after', limit?.go],
    failed: ['failed', step.queue.failed],
  } as const;
  const exitOf = (result: QueueResult): readonly [string, string | undefined] =>
    result === 'closed' || result === 'full' || result === 'nobody' ? refused(result) : exits[result];
  const ended: readonly Move[] = results.flatMap((result) => {
    const [exit, go] = exitOf(result);
    const guard: Guard = ({ event }) => event.type === 'queue-ended' && event.result === result;
    return leaving(exit, [{ guard, target: targetOf(flow, go) }]);
  });

  // The place changes while one waits: it is asked for anew before each text.
  const asksFirst = into !== undefined && say !== undefined;
  const askPlace = effects(() => [{ type: 'ask-place' }]);
  const keepPlace = update(({ context, event }) =>
    into === undefined || event.type !== 'place-told'
      ? {}
      : { vars: { ...context.vars, [into]: placeOf(event) } },
  );

  states.set(state('queueing'), {
    entry: [
      // Keys pressed ahead were meant for questions, not for leaving the queue.
      dropKeys,
      entering(step),
      effects((args) => [
        { type: 'queue', queue: name, needs: needsOf(needed(args)), prefer: preferred(args), priority },
      ]),
    ],
    on: {
      'queue-waiting': asksFirst ? [{ actions: [askPlace] }] : [{ target: state('queued') }],
      'place-told': [{ target: state('queued'), actions: [keepPlace] }],
      // What the caller is told first is not cut short by a key, nor does an agent who is there wait for more.
      key: [{ actions: [] }],
      'queue-connected': [{ target: state('talking') }],
      'queue-ended': ended,
    },
  });

  const longest = limit?.seconds === undefined ? null : timer('no-answer', step.name, limit.seconds);
  const keep = step.queue['keep-place'];
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
    ...(event.type === 'key'
      ? [{ type: 'leave-queue', result: event.key === keep?.key ? 'held' : 'left' } as const]
      : []),
    ...(event.type === longest?.event
      ? [{ type: 'leave-queue', result: limit?.['keep-place'] === true ? 'held' : 'no-answer' } as const]
      : []),
  ]);
  const words = say ?? again?.say;
  const wayOn = (key: string, go: string): Move[] =>
    leaving(
      `key ${key}`,
      ways(workshop, go, step, (args: Args) => keyOf(args.event) === key, [], {
        actions: words === undefined ? [] : [...(pause === null ? [] : [pause.stop]), speak(words)],
      }),
    );
  const own: Readonly<Record<string, string>> = keep === undefined ? keys : { ...keys, [keep.key]: keep.go };
  const anywhere = Object.entries(flow['keys-anywhere']).filter(([key]) => !Object.hasOwn(own, key));

  states.set(state('queued'), {
    entry: [...(longest === null ? [] : [longest.start]), ...(say === undefined ? play : [speak(say)])],
    exit: [...(longest === null ? [] : [longest.stop]), ...(pause === null ? [] : [pause.stop]), leave],
    on: {
      spoken: [{ actions: play }],
      ...(pause === null || again === undefined
        ? {}
        : {
            [pause.event]: [{ actions: [into === undefined ? speak(again.say) : askPlace] }],
            'place-told': [{ actions: [keepPlace, speak(again.say)] }],
          }),
      ...(longest === null
        ? {}
        : { [longest.event]: leaving('no-answer-after', [{ target: targetOf(flow, limit?.go) }]) }),
      // Any other key means nothing while one waits.
      key: [...Object.entries(own), ...anywhere]
        .flatMap(([key, go]) => wayOn(key, go))
        .concat({ actions: [] }),
      'queue-connected': [{ target: state('talking') }],
      'queue-ended': ended,
    },
  });
  states.set(state('talking'), { on: { key: [{ actions: [] }], 'queue-ended': ended } });
}

/** What is no text names nobody: a row without an agent must not cost the caller the queue. */
function preferenceIn(
  workshop: Workshop,
  { queue: { prefer } }: QueueStep,
): (args: Args) => FlowPreference | null {
  if (prefer === undefined) return () => null;
  const forMs = prefer.for === undefined ? null : Math.round(prefer.for * 1000);
  if (prefer.agent === lastAgent) return () => ({ whom: 'last-agent', forMs });
  const evaluate = workshop.expressions.compile(prefer.agent);
  return ({ context }) => {
    const agent = evaluate(context);
    return typeof agent === 'string' && agent !== '' ? { whom: 'agent', agent, forMs } : null;
  };
}

const minuteMs = 60_000;

/** What texts speak of a place. Rounded up: nobody minds an agent who comes sooner. */
function placeOf({ position, waitMs }: Extract<FlowEvent, { type: 'place-told' }>): JsonObject {
  const minutes = waitMs === null ? 0 : Math.max(1, Math.ceil(waitMs / minuteMs));
  return { position, minutes, known: waitMs !== null };
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
