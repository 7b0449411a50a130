/** Pure. What is done at the end: does it need a caller who is gone, are its outcomes those that the flow declares? */
import type { Flow, Step } from './ast.js';
import type { FindingTable, Telling } from './finding.js';
import { meant } from './nearest.js';
import { waysOf } from './way.js';

export const endFindings = {
  'flow/end-needs-caller': {
    severity: 'error',
    what: 'Step "{step}" needs the caller, and `at-end` leads to it: {chain}.',
    why: 'What is done at the end is done when nobody is on the line any more.',
    mend: 'At the end use only: {kinds}.',
  },
  'flow/undeclared-outcome': {
    severity: 'error',
    what: 'The flow declares no outcome "{outcome}".',
    why: 'Whether the caller was served without a person would not be counted.',
    mend: '{meant}Add it under `outcomes:`, or correct it.',
  },
  'flow/unused-outcome': {
    severity: 'warning',
    what: 'No step reaches outcome "{outcome}".',
    why: 'It will never be counted.',
    mend: 'Name it at a step, or delete it.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof endFindings>;

/** Steps that need no caller: they are done at once, or answered within the turn. */
const callerless: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'decide',
  'set',
  'case',
  'hours',
  'return',
  'hang-up',
]);

export function checkEnds(flow: Flow, tell: Tell): void {
  checkAtEnd(flow, tell);
  checkOutcomes(flow, tell);
}

function checkAtEnd(flow: Flow, tell: Tell): void {
  const first = flow['at-end'];
  if (first === undefined) return;
  const before = new Map<string, string | null>([[first, null]]);
  // A map hands out what is added while one walks it.
  for (const name of before.keys()) {
    const step = flow.steps.get(name);
    if (step === undefined) continue;
    if (!callerless.has(step.kind)) {
      const chain: string[] = [];
      for (let at: string | null = name; at !== null; at = before.get(at) ?? null) chain.unshift(at);
      const fields = { step: name, chain: chain.join(' > '), kinds: [...callerless].join(', ') };
      tell.key(['steps', name], 'flow/end-needs-caller', fields);
      continue;
    }
    for (const { go } of waysOf(flow, step)) if (!before.has(go)) before.set(go, name);
  }
}

function checkOutcomes(flow: Flow, tell: Tell): void {
  const declared = flow.outcomes;
  if (declared === undefined) return;
  const used = new Set<string>();
  for (const { name, outcome } of flow.steps.values()) {
    if (outcome === undefined) continue;
    used.add(outcome);
    if (Object.hasOwn(declared, outcome)) continue;
    const fields = { outcome, meant: meant(outcome, Object.keys(declared)) };
    tell.at(['steps', name, 'outcome'], 'flow/undeclared-outcome', fields);
  }
  for (const outcome of Object.keys(declared)) {
    // A sub-flow may reach it for the flow that calls it.
    const calls = [...flow.steps.values()].some(({ kind }) => kind === 'call');
    if (!used.has(outcome) && !calls) tell.key(['outcomes', outcome], 'flow/unused-outcome', { outcome });
  }
}
