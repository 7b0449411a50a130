/** Pure. The values that a flow keeps: who sets them. */
import type { Flow, Step } from './ast.js';

/** What is known of a value: one text, several values by name, or anything. */
export type ValueKind = 'text' | 'row' | 'any';

/** All values that the flow ever sets, or is given. */
export function valueKinds(flow: Flow): ReadonlyMap<string, ValueKind> {
  const kinds = new Map<string, ValueKind>(flow.parameters.map((name) => [name, 'any']));
  for (const step of flow.steps.values()) {
    for (const [name, kind] of valuesSetBy(step)) {
      const before = kinds.get(name);
      kinds.set(name, before === undefined || before === kind ? kind : 'any');
    }
  }
  return kinds;
}

export function valueNames(flow: Flow): string[] {
  return [...valueKinds(flow).keys()];
}

/** Values that a step sets, and of what kind each is. */
export function valuesSetBy(step: Step): readonly (readonly [string, ValueKind])[] {
  const any = (set: object | undefined): [string, ValueKind][] =>
    Object.keys(set ?? {}).map((name) => [name, 'any']);
  const one = (name: string | undefined, kind: ValueKind): [string, ValueKind][] =>
    name === undefined ? [] : [[name, kind]];
  switch (step.kind) {
    case 'menu':
      return Object.values(step.menu.keys).flatMap(({ set }) => any(set));
    case 'set':
      return any(step.set);
    case 'collect':
      return one(step.collect.into, 'text');
    case 'lookup':
      return one(step.lookup.into, 'row');
    case 'case':
      return one(step.case.into, 'text');
    case 'hours':
      return one(step.hours.into, 'row');
    case 'call':
      return one(step.call.into, 'row');
    case 'queue':
      return one(step.queue.into, 'row');
    case 'callback':
      return [...one(step.callback.number, 'text'), ...one(step.callback.into, 'text')];
    default:
      return [];
  }
}
