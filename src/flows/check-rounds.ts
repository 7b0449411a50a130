/** Pure. Callers who never get on: do they go round for ever, by silence, by wrong keys, by what no lookup knows? */
import type { Flow, Step } from './ast.js';
import type { FindingTable, Telling } from './finding.js';
import { secretsOfLookup } from './secrets.js';
import { circleIn, circleThrough, named, type StepGraph } from './step-graph.js';
import { type Way, waysOf } from './way.js';

export const roundFindings = {
  'flow/silence-goes-round': {
    severity: 'warning',
    what: 'A caller who only keeps silent goes round for ever: {steps}.',
    why: 'A dead line would keep the hotline busy.',
    mend: 'Let one `no-input:` on that way hang up.',
  },
  'flow/mistakes-go-round': {
    severity: 'warning',
    what: 'A caller who only presses wrong keys goes round for ever: {steps}.',
    why: 'Whoever does not find the right key is asked again and again, and never helped; nor does a machine that dials ever leave.',
    mend: 'Let one `no-match:` on that way lead to a person, or to the end.',
  },
  'flow/refusals-go-round': {
    severity: 'warning',
    what: 'A caller whom "{step}" does not know goes round for ever: {steps}.',
    why: 'Whoever has a wrong number is asked for it again and again, and never helped; and whoever guesses numbers may do so all day.',
    mend: 'Count the tries with `set:` and leave by `decide:`, or lead `{exit}:` to a menu or a person.',
  },
} as const satisfies FindingTable;

type Tell = Telling<typeof roundFindings>;

/** @param reached what no caller comes to, nobody goes round in. */
export function checkRounds(flow: Flow, reached: ReadonlySet<string>, tell: Tell): void {
  const steps = [...flow.steps.values()].filter(({ name }) => reached.has(name));
  const graphOf = (taken: (step: Step) => readonly Way[]): StepGraph =>
    new Map(
      steps.map((step) => [
        step.name,
        // What a sub-flow returns is the caller's doing, mostly.
        step.kind === 'call' ? [] : [...new Set(taken(step).map(({ go }) => go))],
      ]),
    );
  const silent = circleIn(graphOf((step) => silentWays(flow, step)));
  if (silent !== null)
    tell.key(['steps', silent[0] ?? ''], 'flow/silence-goes-round', { steps: named(silent) });

  const asking = steps.filter((step) => mistakesOf(flow, step).length > 0).map(({ name }) => name);
  const mistaken = circleThrough(
    graphOf((step) => mistakenWays(flow, step)),
    asking,
  );
  if (mistaken !== null)
    tell.key(['steps', mistaken[0] ?? ''], 'flow/mistakes-go-round', { steps: named(mistaken) });

  // Where tries are counted, something is set and something decided: a circle without one of them counts nothing.
  const lookups = steps.filter(({ kind }) => kind === 'lookup').map(({ name }) => name);
  const isAsked = (circle: readonly string[]): boolean =>
    circle.some((name) => flow.steps.get(name)?.kind === 'collect');
  const refused = (['set', 'decide'] as const)
    .map((counting) => graphOf((step) => (step.kind === counting ? [] : refusedWays(flow, step))))
    .map((uncounted) => circleThrough(uncounted, lookups, isAsked))
    .find((circle) => circle !== null);
  const lookup = flow.steps.get(refused?.[0] ?? '');
  if (refused === undefined || refused === null || lookup === undefined) return;
  tell.key(['steps', lookup.name], 'flow/refusals-go-round', {
    step: lookup.name,
    exit: refusalOf(flow, lookup),
    steps: named(refused),
  });
}

/** Those that a caller takes who never does anything. */
function silentWays(flow: Flow, step: Step): readonly Way[] {
  return waysOf(flow, step).filter(
    ({ by, exit }) => by === 'silence' || by === 'step' || (step.kind === 'record' && exit === 'too-short'),
  );
}

/** A recording that is too short is silence, mostly. */
function mistakesOf(flow: Flow, step: Step): readonly Way[] {
  return waysOf(flow, step).filter(({ by, exit }) => by === 'mistake' && exit !== 'too-short');
}

/** Those of a caller whose every key is wrong; where no key can be, time goes by. */
function mistakenWays(flow: Flow, step: Step): readonly Way[] {
  const wrong = mistakesOf(flow, step);
  return wrong.length > 0 ? wrong : silentWays(flow, step);
}

/** Those of a caller who enters what fits, and is never known by it. */
function refusedWays(flow: Flow, step: Step): readonly Way[] {
  const ways = waysOf(flow, step);
  if (step.kind === 'collect') return ways.filter(({ by }) => by === 'key');
  if (step.kind !== 'lookup') return ways.filter(({ by }) => by === 'step');
  const refusal = refusalOf(flow, step);
  return ways.filter(({ exit }) => exit === refusal);
}

/** A lookup that gets a PIN counts wrong ones itself: what goes on after that is its other exit. */
function refusalOf(flow: Flow, step: Step): 'not-found' | 'locked' {
  return step.kind === 'lookup' && secretsOfLookup(flow, step).size > 0 ? 'locked' : 'not-found';
}
