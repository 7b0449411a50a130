/** Pure. Where the values of a flow come from: what the caller keyed, the number that calls, the rows of lookups. */
import type { Flow, LookupStep, Step } from './ast.js';
import { expressionsOf } from './expressions.js';
import { valueNames } from './values.js';

/** `keyed:` and `secret:` with the name of an entry, `given:` with that of a parameter, `row:` with that of a lookup's step. */
export type Origin =
  | `keyed:${string}`
  | `secret:${string}`
  | `given:${string}`
  | `row:${string}`
  | 'caller.number'
  | 'elsewhere';

export interface Origins {
  /** What an expression hands on: what it only compares is not part of it. */
  of(expression: string): ReadonlySet<Origin>;
  ofValue(name: string): ReadonlySet<Origin>;
  /** What a row was found by; a row that was found by another one: what that one was found by. */
  proofOf(step: LookupStep): ReadonlySet<Origin>;
}

export function originsOf(flow: Flow): Origins {
  const expressions = expressionsOf(valueNames(flow));
  const roots = new Map<string, readonly string[]>();
  const rootsOf = (text: string): readonly string[] => {
    const known = roots.get(text) ?? expressions.handedOn(text);
    roots.set(text, known);
    return known;
  };
  const origins = new Map<string, Set<Origin>>(
    flow.parameters.map((name) => [name, new Set<Origin>([`given:${name}`])]),
  );
  const of = (text: string): ReadonlySet<Origin> => {
    const found = new Set<Origin>();
    for (const root of rootsOf(text)) {
      if (root === 'caller.number') found.add(root);
      else for (const origin of origins.get(root) ?? []) found.add(origin);
    }
    return found;
  };
  // Values are built on values: until nothing new is found.
  for (let more = true; more; ) {
    more = false;
    for (const step of flow.steps.values()) {
      for (const [name, from] of broughtBy(step, of)) {
        const known = origins.get(name) ?? new Set<Origin>();
        const size = known.size;
        for (const origin of from) known.add(origin);
        origins.set(name, known);
        more ||= known.size > size;
      }
    }
  }
  const proofOf = (step: LookupStep, within: readonly string[] = []): ReadonlySet<Origin> => {
    const proof = new Set<Origin>();
    for (const text of Object.values(step.lookup.with)) {
      for (const origin of of(text)) {
        const other = origin.startsWith('row:') ? flow.steps.get(origin.slice('row:'.length)) : undefined;
        if (other?.kind !== 'lookup') proof.add(origin);
        else if (other !== step && !within.includes(other.name)) {
          for (const further of proofOf(other, [...within, step.name])) proof.add(further);
        }
      }
    }
    return proof;
  };
  return { of, ofValue: (name) => origins.get(name) ?? new Set(), proofOf: (step) => proofOf(step) };
}

type Brought = readonly (readonly [name: string, from: Iterable<Origin>])[];

function broughtBy(step: Step, of: (text: string) => ReadonlySet<Origin>): Brought {
  const named = (map: Readonly<Record<string, string>>): Brought =>
    Object.entries(map).map(([name, text]) => [name, of(text)]);
  const into = (name: string | undefined, origin: Origin): Brought =>
    name === undefined ? [] : [[name, [origin]]];
  switch (step.kind) {
    case 'menu':
      return Object.values(step.menu.keys).flatMap(({ set }) => named(set ?? {}));
    case 'set':
      return named(step.set);
    case 'collect':
      return into(step.collect.into, `${step.collect.secret ? 'secret' : 'keyed'}:${step.collect.into}`);
    case 'lookup':
      return into(step.lookup.into, `row:${step.name}`);
    case 'callback':
      return [
        [step.callback.number, ['caller.number', `keyed:${step.callback.number}`]],
        ...into(step.callback.into, 'elsewhere'),
      ];
    // What a sub-flow found out, it answers for itself.
    case 'call':
      return into(step.call.into, 'elsewhere');
    case 'case':
      return into(step.case.into, 'elsewhere');
    case 'hours':
      return into(step.hours.into, 'elsewhere');
    default:
      return [];
  }
}
