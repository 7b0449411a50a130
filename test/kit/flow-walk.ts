/** Walks a compiled flow: each line of a walk gives one input and says what must come of it. */
import type { Test } from 'tap';
import { findingLine, type JsonObject, type Key } from '../../src/base/index.js';
import {
  type CompiledFlow,
  compileFlow,
  type FlowEffect,
  type FlowEvent,
  type FlowSnapshot,
  type FlowTexts,
  type FlowTimer,
  parseFlow,
} from '../../src/flows/index.js';

/** `name[slot,slot]` is a text with slots; the others have none. */
export function textsWith(slots: Readonly<Record<string, readonly string[]>> = {}): FlowTexts {
  return { has: () => true, slots: (_language, text) => slots[text] ?? [] };
}

/** The flow, compiled; throws its findings where its form is wrong. */
export function flowFrom(text: string, texts: FlowTexts = textsWith()): CompiledFlow {
  const { flow, findings } = parseFlow(text, 'flow.yaml');
  if (flow === null) throw new Error(findings.map(findingLine).join('\n'));
  return compileFlow(flow, texts);
}

/** A flow of these steps with the first as its start, one language and exits for silence and mistakes. */
export function flowOf(steps: string, head = ''): string {
  const start = /^ {2}§?([a-z0-9-]+):/m.exec(steps)?.[1] ?? '';
  const defaults = /^defaults:/m.test(head)
    ? ''
    : 'defaults: { no-input: { go: silent }, no-match: { go: wrong } }\n';
  const languages = /^languages:/m.test(head) ? '' : 'languages: [en]\n';
  const ends = ['silent', 'wrong', 'end']
    .filter((name) => !new RegExp(`^ {2}${name}:`, 'm').test(steps))
    .map((name) => `  ${name}: { hang-up: }\n`);
  return `onedoor: 1\nflow: tried\n${languages}${head}start: ${start}\n${defaults}steps:\n${steps}${ends.join('')}`;
}

export interface Walker {
  snapshot(): FlowSnapshot;
  /** Gives one input and tells in short what came of it. */
  give(input: Input): string;
}

/** A key, `spoken`, `resumed`, `timer WORD` of the step where the flow stands, or a whole event. */
export type Input = string | FlowEvent;

export interface WalkOptions {
  readonly vars?: JsonObject;
  readonly keys?: string;
  readonly language?: string;
  readonly languageChosen?: boolean;
  /** By default there is one. */
  readonly number?: null;
}

/** A test of a walk: `begin` is what comes of starting; then input and what comes of it. */
export type Walks = (
  name: string,
  text: string,
  begin: string,
  lines: readonly (readonly [Input, string])[],
  options?: WalkOptions,
) => void;

/** Tests of walks, with these texts. */
export function walksWith(t: Test, texts?: FlowTexts): Walks {
  return (name, text, begin, lines, options) => {
    t.test(name, async (t) => {
      const walker = walk(flowFrom(text, texts), options);
      t.equal(walker.begun, begin);
      for (const [input, wanted] of lines) t.equal(walker.give(input), wanted, JSON.stringify(input));
    });
  };
}

/** Starts the flow; `begun` tells what came of that. */
export function walk(flow: CompiledFlow, options: WalkOptions = {}): Walker & { readonly begun: string } {
  const first = flow.start({
    vars: options.vars ?? {},
    caller: {
      language: options.language ?? flow.languages[0] ?? '',
      languageChosen: options.languageChosen ?? false,
      number: options.number === null ? null : '+96880077222',
    },
    keys: options.keys ?? '',
  });
  if (first.result === 'failed') throw new Error(first.why);
  let snapshot = first.snapshot;
  return {
    begun: told(first.snapshot, first.effects, first.timers),
    snapshot: () => snapshot,
    give(input) {
      const step = flow.step(snapshot, eventOf(input, snapshot));
      if (step.result === 'failed') return `failed: ${step.why}`;
      // What is stored is all that there is.
      snapshot = JSON.parse(JSON.stringify(step.snapshot)) as FlowSnapshot;
      return told(snapshot, step.effects, step.timers);
    },
  };
}

function eventOf(input: Input, snapshot: FlowSnapshot): FlowEvent {
  if (typeof input !== 'string') return input;
  if (input === 'spoken' || input === 'resumed') return { type: input };
  const timer = /^timer (\S+)$/.exec(input)?.[1];
  if (timer !== undefined) {
    return { type: 'timer', event: `timer.${timer}.${snapshot.state.split('.')[0] ?? ''}` };
  }
  return { type: 'key', key: input as Key };
}

/** `state | effects | timers`, without the ways by which steps were left, e.g. `main.asking | hush, enter main, say menu/en`. */
function told(snapshot: FlowSnapshot, effects: readonly FlowEffect[], timers: readonly FlowTimer[]): string {
  const state = snapshot.done ? `${snapshot.state} done` : snapshot.state;
  const parts = [
    state,
    effects.flatMap((effect) => (effect.type === 'repeat' ? [] : [effectInShort(effect)])).join(', '),
    timers
      .map((timer) => (timer.type === 'arm' ? `${timer.id} in ${timer.delayMs}` : `no ${timer.id}`))
      .join(', '),
  ];
  while (parts.at(-1) === '') parts.pop();
  return parts.join(' | ').replace('|  |', '| |');
}

function effectInShort(effect: Exclude<FlowEffect, { type: 'repeat' }>): string {
  switch (effect.type) {
    case 'enter':
      return `enter ${effect.step}`;
    case 'speak':
      return `say ${effect.texts
        .map(({ text, language, slots }) => {
          const filled = Object.keys(slots).length === 0 ? '' : JSON.stringify(slots);
          return `${text}/${language}${filled}`;
        })
        .join(' ')}`;
    case 'look-up':
      return `look up ${effect.source} ${JSON.stringify(effect.with)} in ${effect.timeoutMs}`;
    case 'replay':
      return `replay, then ${effect.texts.map(({ text, language }) => `${text}/${language}`).join(' ')}`;
    case 'record':
      return `record max ${effect.maxMs} silence ${effect.silenceMs}${effect.beep ? ' beep' : ''}`;
    case 'keep-recording':
      return `keep recording ${effect.name}`;
    case 'dial':
      return `dial ${effect.phone} for ${effect.ringMs}`;
    case 'case':
      return `case ${effect.kind} ${effect.subject} ${JSON.stringify(effect.details)}`;
    case 'ask-hours':
      return `ask hours ${effect.calendar}`;
    case 'set-language':
      return `language ${effect.language}`;
    case 'keep-entry':
      return `entered ${effect.name}=${effect.value}`;
    case 'outcome':
      return `outcome ${effect.outcome}`;
    case 'push':
      return `push ${effect.flow} ${JSON.stringify(effect.with)}`;
    case 'return':
      return `return ${JSON.stringify(effect.results)}`;
    case 'queue':
      return `queue ${effect.queue} ${JSON.stringify(effect.needs)} priority ${effect.priority}${effect.prefer === null ? '' : ` prefer ${JSON.stringify(effect.prefer)}`}`;
    case 'ask-place':
      return 'ask for the place';
    case 'leave-queue':
      return `leave queue ${effect.result}`;
    case 'music':
      return effect.on ? 'music' : 'no music';
    case 'keep-place':
      return `keep the place for ${effect.number} by ${effect.flow}${JSON.stringify(effect.with)}`;
    case 'check-number':
      return `check ${effect.number}`;
    case 'message':
      return `write ${effect.texts.map(({ text, slots }) => `${text}${JSON.stringify(slots)}`).join(' ')} to ${effect.to} in ${effect.timeoutMs}`;
    case 'choose-questions':
      return `choose ${effect.ask} of ${effect.questions.join('+')}`;
    case 'keep-answer':
      return `answer ${effect.survey}/${effect.section}/${effect.question}=${effect.answer}`;
    case 'hush':
    case 'stop-recording':
    case 'discard-recording':
    case 'hang-up':
      return effect.type;
    default:
      return effect satisfies never;
  }
}
