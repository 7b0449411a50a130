/**
 * Every move that leaves a step tells by which way. Where the step's compiler named none and only one way leads there,
 * it is that one.
 */
import type { Step } from './ast.js';
import type { FlowEffect } from './flow.js';
import { effect, type MachineEffect, type Move, type State } from './machine.js';
import { waysOf } from './way.js';
import { targetOf, type Workshop } from './workshop.js';

export function tellExits(workshop: Workshop): void {
  for (const [name, { always, on, ...state }] of workshop.states) {
    const step = workshop.flow.steps.get(name.split('/')[0] ?? '');
    if (step === undefined) continue;
    const tell = (moves: readonly Move[]): Move[] => moves.map((move) => telling(workshop, step, move));
    const told: State = {
      ...state,
      ...(always === undefined ? {} : { always: tell(always) }),
      ...(on === undefined
        ? {}
        : { on: Object.fromEntries(Object.entries(on).map(([event, moves]) => [event, tell(moves)])) }),
    };
    workshop.states.set(name, told);
  }
}

function telling(workshop: Workshop, step: Step, { exit, ...move }: Move): Move {
  const found = exit ?? onlyWay(workshop, step, move.target);
  if (found === null) return move;
  const leave = effect({ type: 'leave', step: step.name, exit: found });
  return { ...move, actions: [leave, ...(move.actions ?? [])] };
}

function onlyWay({ flow }: Workshop, step: Step, target: string | undefined): string | null {
  if (target === undefined || target.startsWith(`${step.name}/`)) return null;
  const [way, other] = waysOf(flow, step).filter(({ go }) => targetOf(flow, go) === target);
  return way === undefined || other !== undefined ? null : way.id;
}

/**
 * Effects as the call gets them: what is entered tells by which way. A way that leads on within the same moment, as
 * from a question of a survey through the survey to the next step, is told of by the last one alone.
 */
export function withWays(effects: readonly MachineEffect[]): FlowEffect[] {
  const told: FlowEffect[] = [];
  let left: { readonly from: string; readonly by: string } | null = null;
  for (const one of effects) {
    if (one.type === 'leave') left = { from: one.step, by: one.exit };
    else if (one.type === 'enter') {
      told.push(left === null ? one : { ...one, ...left });
      left = null;
    } else told.push(one);
  }
  return left === null ? told : [...told, { type: 'repeat', step: left.from, by: left.by }];
}
