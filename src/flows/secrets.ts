/**
 * Pure. PINs: they lie beside the values of a flow, no expression and no text can see them, and they are gone as soon
 * as a lookup has answered. The stored form of a call leaves them out; where one is missing, the caller is asked anew.
 */
import { extended, type JsonObject } from '../base/index.js';
import type { CollectStep, Flow, LookupStep } from './ast.js';
import type { LookUpProof } from './flow.js';
import { type Action, type Args, dropKeys, type Move, update } from './machine.js';
import { targetOf, type Workshop } from './workshop.js';

/** Every lookup of a flow asks for its secrets. */
const known = new WeakMap<Flow, ReadonlyMap<string, CollectStep>>();

/** By the name of the secret: the step that collects it. */
export function secretsOf(flow: Flow): ReadonlyMap<string, CollectStep> {
  const before = known.get(flow);
  if (before !== undefined) return before;
  const secrets = new Map<string, CollectStep>();
  known.set(flow, secrets);
  for (const step of flow.steps.values()) {
    if (step.kind === 'collect' && step.collect.secret && !secrets.has(step.collect.into))
      secrets.set(step.collect.into, step);
  }
  return secrets;
}

/** By the name under `with`: the secret that is given. */
export function secretsOfLookup(flow: Flow, { lookup }: LookupStep): ReadonlyMap<string, string> {
  const secrets = secretsOf(flow);
  return new Map(Object.entries(lookup.with).filter(([, text]) => secrets.has(text)));
}

/** Keeps a secret until it is used. */
export function keepingSecret(into: string, valueIn: (args: Args) => string): Action {
  return update((args) => ({ secrets: extended(args.context.secrets ?? {}, { [into]: valueIn(args) }) }));
}

/** What a lookup that gets a secret does besides. */
export interface Proving {
  /** Whether all secrets are there. */
  readonly complete: (args: Args) => boolean;
  readonly secrets: (args: Args) => JsonObject;
  readonly proof: (args: Args) => LookUpProof;
  readonly forget: Action;
}

const defaultTries = 3;
const defaultLock = 900;

/** null: the lookup gets no secret. */
export function provingOf(workshop: Workshop, step: LookupStep): Proving | null {
  const given = secretsOfLookup(workshop.flow, step);
  if (given.size === 0) return null;
  const { account, attempts } = step.lookup;
  const accountOf = account === undefined ? null : workshop.expressions.compile(account);
  const names = new Set(given.values());
  return {
    complete: ({ context }) => [...names].every((name) => context.secrets?.[name] !== undefined),
    secrets: ({ context }) =>
      Object.fromEntries([...given].map(([key, name]) => [key, context.secrets?.[name] ?? null])),
    proof: ({ context }) => {
      const named = accountOf?.(context) ?? null;
      return {
        secret: [...given.keys()],
        account: named === null || named === '' ? null : JSON.stringify(named),
        tries: attempts?.tries ?? defaultTries,
        lockMs: Math.round((attempts?.lock ?? defaultLock) * 1000),
      };
    },
    forget: update(({ context }) => ({
      secrets: Object.fromEntries(Object.entries(context.secrets ?? {}).filter(([name]) => !names.has(name))),
    })),
  };
}

/** Adds to the lookup's states: where a secret is not there (any more), the caller is asked for it, never acted upon with a hole. */
export function askForMissing(workshop: Workshop, step: LookupStep): void {
  const { flow, states } = workshop;
  const secrets = secretsOf(flow);
  const back = [...new Set(secretsOfLookup(flow, step).values())].map(
    (name): Move => ({
      guard: ({ context }) => context.secrets?.[name] === undefined,
      target: targetOf(flow, secrets.get(name)?.name),
    }),
  );
  const first = `${step.name}/looking-up`;
  for (const name of [first, `${step.name}/filling`, `${step.name}/filled`]) {
    const state = states.get(name);
    if (state === undefined) continue;
    const resumed = [...back.map((move) => ({ ...move, actions: [dropKeys] })), { actions: [dropKeys] }];
    states.set(name, {
      ...state,
      ...(name === first ? { always: back } : {}),
      on: { ...state.on, resumed },
    });
  }
}
