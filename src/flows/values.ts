/** Pure. The values that a flow keeps: who sets them. */
import type { Flow, Step } from './ast.js';

/** Names of all values that the flow ever sets, or is given. */
export function valueNames(flow: Flow): string[] {
  const names = new Set(flow.parameters);
  for (const step of flow.steps.values()) for (const name of namesSetBy(step)) names.add(name);
  return [...names];
}

function namesSetBy(step: Step): readonly string[] {
  switch (step.kind) {
    case 'menu':
      return Object.values(step.menu.keys).flatMap(({ set }) => Object.keys(set ?? {}));
    case 'set':
      return Object.keys(step.set);
    case 'collect':
      return [step.collect.into];
    case 'lookup':
      return into(step.lookup.into);
    case 'case':
      return into(step.case.into);
    case 'call':
      return into(step.call.into);
    default:
      return [];
  }
}

function into(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}
