/** Steps that ask the world outside for an answer, with a text that bridges a long wait. */
import type { Step } from './ast.js';
import { type Action, type MachineEvent, type Move, timer } from './machine.js';
import { entering, speaking, type Workshop } from './workshop.js';

export interface Awaited<Result extends string> {
  /** The word of the state that waits. */
  readonly word: string;
  readonly ask: Action;
  /** The event that answers. */
  readonly answer: MachineEvent['type'];
  readonly results: readonly Result[];
  readonly resultOf: (event: MachineEvent) => Result | null;
  /** What the answer leaves behind. */
  readonly keep: readonly Action[];
  /** The state that a result leads to. */
  readonly exit: (result: Result) => string;
  readonly filler: readonly string[] | undefined;
  /** Seconds. */
  readonly fillerAfter: number;
}

export function compileAwaited<Result extends string>(
  workshop: Workshop,
  step: Step,
  { word, ask, answer, results, resultOf, keep, exit, filler, fillerAfter }: Awaited<Result>,
): void {
  const { states } = workshop;
  const state = (name: string): string => `${step.name}/${name}`;
  const answered = (to: (result: Result) => string): Move[] =>
    results.map((result) => ({
      guard: ({ event }) => resultOf(event) === result,
      target: to(result),
      actions: keep,
    }));
  const exits = answered(exit);
  const fillerTimer = timer('filler', step.name, fillerAfter);

  states.set(state(word), {
    entry: [entering(step), ask, ...(filler === undefined ? [] : [fillerTimer.start])],
    ...(filler === undefined ? {} : { exit: [fillerTimer.stop] }),
    on: {
      [answer]: exits,
      ...(filler === undefined
        ? {}
        : { [fillerTimer.event]: [{ target: state('filling'), actions: [speaking(workshop, filler)] }] }),
    },
  });
  if (filler === undefined) return;

  // The filler is heard to its end: half a sentence tells a caller that something went wrong.
  states.set(state('filling'), {
    on: { spoken: [{ target: state('filled') }], [answer]: answered(state) },
  });
  states.set(state('filled'), { on: { [answer]: exits } });
  for (const result of results) states.set(state(result), { on: { spoken: [{ target: exit(result) }] } });
}
