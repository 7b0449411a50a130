/** What the compilers of the single kinds of steps share. */
import { extended } from '../base/index.js';
import type { FlowEffect } from './flow.js';
import type { Flow, Step } from './ast.js';
import type { Expressions } from './expressions.js';
import {
  type Action,
  type Args,
  type Guard,
  effect,
  effects,
  type Move,
  type State,
  update,
} from './machine.js';
import type { Prompts } from './prompt.js';

export interface Workshop {
  readonly flow: Flow;
  readonly prompts: Prompts;
  readonly expressions: Expressions;
  readonly states: Map<string, State>;
}

/** The word of the state in which each kind of step begins. */
const firstWords = {
  menu: 'ready',
  collect: 'ready',
  say: 'speaking',
  lookup: 'looking-up',
  record: 'ready',
  decide: 'deciding',
  set: 'setting',
  dial: 'ringing',
  case: 'opening',
  hours: 'asking-hours',
  call: 'calling',
  return: 'returned',
  'hang-up': 'ended',
  queue: 'queueing',
  callback: 'beginning',
  message: 'sending',
  survey: 'choosing',
} as const satisfies Record<Step['kind'], string>;

export const endState = '@hang-up';
/** Where what is done at the end begins. */
export const leftState = '@left';
export const backState = '@back';

/** The state in which a step begins. */
function firstState(step: Step): string {
  return `${step.name}/${firstWords[step.kind]}`;
}

/** The state that a way leads to: a step's first, or the end. Unknown steps are the machine's to refuse. */
export function targetOf(flow: Flow, go: string | undefined): string {
  if (go === 'hang-up') return endState;
  // No step's name has one: a part of a step leads to a state of it.
  if (go?.includes('/')) return go;
  const step = flow.steps.get(go ?? '');
  return step === undefined ? `${go ?? ''}/unknown` : firstState(step);
}

/** What every step tells when it is entered. */
export function entering(step: Step): Action {
  const told: FlowEffect[] = [{ type: 'enter', step: step.name, kind: step.kind }];
  if (step.outcome !== undefined) told.push({ type: 'outcome', outcome: step.outcome });
  return effect(...told);
}

export function speaking(workshop: Workshop, texts: readonly string[], inTurn = false): Action {
  return effects(({ context }) => [{ type: 'speak', texts: workshop.prompts.speak(texts, context, inTurn) }]);
}

/** Evaluates named expressions; later ones do not see earlier ones. */
export function values(workshop: Workshop, named: Readonly<Record<string, string>>) {
  const compiled = Object.entries(named).map(
    ([name, text]) => [name, workshop.expressions.compile(text)] as const,
  );
  return ({ context }: Args) =>
    Object.fromEntries(compiled.map(([name, evaluate]) => [name, evaluate(context)]));
}

/** Puts values into the flow's memory. */
export function setting(workshop: Workshop, named: Readonly<Record<string, string>>): Action {
  const compiled = Object.entries(named).map(
    ([name, text]) => [name, workshop.expressions.compile(text)] as const,
  );
  return update(({ context }) => {
    let vars = context.vars;
    // In the order in which they are written: a later one may build on an earlier one.
    for (const [name, evaluate] of compiled)
      vars = extended(vars, { [name]: evaluate({ vars, caller: context.caller }) });
    return { vars };
  });
}

/** How far back `back` remembers. */
const longestTrail = 16;

/** The trail after a menu was entered: coming round to a menu again cuts the loop off. */
export function trailTo(trail: readonly string[], menu: string): readonly string[] {
  const before = trail.indexOf(menu);
  return [...(before === -1 ? trail : trail.slice(0, before)), menu].slice(-longestTrail);
}

function trailBehind(trail: readonly string[], step: string): readonly string[] {
  return trail.at(-1) === step ? trail.slice(0, -1) : trail;
}

/**
 * The moves that a way stands for. `again` asks the step's prompt once more, for `repeat` and where there is
 * nothing to go back to.
 */
export function ways(
  workshop: Workshop,
  go: string,
  step: Step,
  guard: Guard,
  actions: readonly Action[],
  again: Pick<Move, 'target'> & { readonly actions: readonly Action[] },
): Move[] {
  const repeat: Move = { target: again.target, guard, actions: [...actions, ...again.actions] };
  if (go === 'repeat') return [repeat];
  if (go !== 'back') return [{ guard, target: targetOf(workshop.flow, go), actions }];
  const hasBehind = (args: Args): boolean =>
    trailBehind(args.context.trail ?? [], step.name).length > 0 && guard(args);
  const goBack = update(({ context }) => ({ trail: trailBehind(context.trail ?? [], step.name) }));
  return [{ guard: hasBehind, target: backState, actions: [...actions, goBack] }, repeat];
}
