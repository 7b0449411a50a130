import type { MessageStep } from './ast.js';
import { compileAwaited } from './compile-awaited.js';
import { effects } from './machine.js';
import { targetOf, type Workshop } from './workshop.js';

/** Writing to somebody, as states: sending, and those of a text that bridges the wait. */
export function compileMessage(workshop: Workshop, step: MessageStep): void {
  const { text, to, timeout, filler } = step.message;
  const numberOf = workshop.expressions.compile(to);
  compileAwaited(workshop, step, {
    word: 'sending',
    ask: effects(({ context }) => {
      const number = numberOf(context);
      return [
        {
          type: 'message',
          texts: workshop.prompts.speak(text, context, false),
          to: typeof number === 'string' ? number : typeof number === 'number' ? String(number) : '',
          timeoutMs: Math.round(timeout * 1000),
        },
      ];
    }),
    answer: 'message-ended',
    results: ['sent', 'failed', 'no-number'] as const,
    resultOf: (event) => (event.type === 'message-ended' ? event.result : null),
    keep: [],
    exit: (result) => targetOf(workshop.flow, step.message[result]),
    filler,
    fillerAfter: step.message['filler-after'],
  });
}
