/**
 * Every move that leaves a step tells by which way. Where the step's compiler named none and only one way leads there,
 * it is that one.
 */
import type { Step } from './ast.js';
import type { FlowEffect } from './flow.js';
import { effect, type Leave, type MachineEffect, type Move } from './machine.js';
import { waysOf } from './way.js';
import { targetOf, type Workshop } from './workshop.js';

/** The states of a step, whose moves tell. */
export function tellExits(workshop: Workshop, step: Step): void {
  const { states } = workshop;
  const ways = waysByTarget(workshop, step);
  const tell = (moves: readonly Move[]): Move[] => moves.map((move) => telling(step, ways, move));
  for (const [name, { type, entry, exit, always, on }] of states) {
    const told: Record<string, readonly Move[]> = {};
    for (const [event, moves] of Object.entries(on ?? {})) told[event] = tell(moves);
    states.set(name, {
      type,
      entry,
      exit,
      always: always === undefined ? undefined : tell(always),
      on: on === undefined ? undefined : told,
    });
  }
}

function telling(step: Step, ways: ReadonlyMap<string, string | null>, move: Move): Move {
  const { target, reenter, guard, actions = [], exit } = move;
  const found = exit ?? onlyWay(step, ways, target);
  if (found === null) return move;
  const leave = effect({ type: 'leave', step: step.name, exit: found });
  return { target, reenter, guard, actions: [leave, ...actions] };
}

/** The way that leads to each state; null where several do. */
function waysByTarget({ flow }: Workshop, step: Step): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  for (const { go, id } of waysOf(flow, step)) {
    const target = targetOf(flow, go);
    found.set(target, found.has(target) ? null : id);
  }
  return found;
}

function onlyWay(
  step: Step,
  ways: ReadonlyMap<string, string | null>,
  target: string | undefined,
): string | null {
  if (target === undefined || target.startsWith(`${step.name}/`)) return null;
  return ways.get(target) ?? null;
}

/**
 * Effects as the call gets them: what is entered tells by which way. A way that leads on within the same moment, as
 * from a question of a survey through the survey to the next step, is told of by the last one alone.
 */
export function withWays(effects: readonly MachineEffect[]): FlowEffect[] {
  const told: FlowEffect[] = [];
  let left: Leave | null = null;
  for (const one of effects) {
    if (one.type === 'leave') left = one;
    else if (one.type === 'enter') {
      const { type, step, kind } = one;
      told.push(left === null ? one : { type, step, kind, from: left.step, by: left.exit });
      left = null;
    } else told.push(one);
  }
  if (left !== null) told.push({ type: 'repeat', step: left.step, by: left.exit });
  return told;
}
