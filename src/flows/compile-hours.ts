/** A question to a calendar, as states. The answer comes within the same turn; a special day may have words of its own. */
import { extended } from '../base/index.js';
import type { HoursStep } from './ast.js';
import type { FlowEvent } from './flow.js';
import { effect, effects, leaving, type Move, update } from './machine.js';
import { entering, targetOf, type Workshop } from './workshop.js';

type HoursState = Extract<FlowEvent, { type: 'hours-told' }>['state'];
const exits: readonly HoursState[] = ['open', 'closed', 'holiday', 'emergency'];

export function compileHours(workshop: Workshop, step: HoursStep): void {
  const { flow, states, prompts } = workshop;
  const { calendar, into } = step.hours;
  const out = (exit: HoursState, move: Move): Move[] =>
    leaving(step.hours[exit] === undefined ? 'closed' : exit, [
      { ...move, target: targetOf(flow, step.hours[exit] ?? step.hours.closed) },
    ]);
  const keep = update(({ context, event }) =>
    into === undefined || event.type !== 'hours-told'
      ? {}
      : { vars: extended(context.vars, { [into]: event.value }) },
  );
  const tell = effects(({ context, event }) =>
    event.type === 'hours-told' && event.say !== null
      ? [{ type: 'speak', texts: prompts.speak([event.say], context, true) }]
      : [],
  );
  const told = exits.flatMap((exit): Move[] => [
    {
      guard: ({ event }) => event.type === 'hours-told' && event.state === exit && event.say !== null,
      target: `${step.name}/telling-${exit}`,
      actions: [keep, tell],
    },
    ...out(exit, {
      guard: ({ event }) => event.type === 'hours-told' && event.state === exit,
      actions: [keep],
    }),
  ]);
  states.set(`${step.name}/asking-hours`, {
    entry: [entering(step), effect({ type: 'ask-hours', calendar })],
    on: { 'hours-told': told },
  });
  for (const exit of exits) states.set(`${step.name}/telling-${exit}`, { on: { spoken: out(exit, {}) } });
}
