/** Pure. Do all ways lead somewhere, is every step reached, does every call come to an end? */
import type { Flow, Step } from './ast.js';
import { checkRounds, roundFindings } from './check-rounds.js';
import type { FindingTable, Telling } from './finding.js';
import { meant } from './nearest.js';
import { fixedWays } from './schema.js';
import { circleIn, named, reachable, reversed } from './step-graph.js';
import { beginnings, hearsKeys, missingExits, type Way, waysAnywhere, waysOf } from './way.js';

export const wayFindings = {
  'flow/unknown-step': {
    severity: 'error',
    what: 'There is no step "{go}".',
    why: 'A caller who comes this way would have nowhere to go.',
    mend: '{meant}Correct the name, or write the step.',
  },
  'flow/no-way-out': {
    severity: 'error',
    what: 'Step "{step}" has no exit "{exit}".',
    why: 'A caller would be left in silence there.',
    mend: 'Add `{exit}:` with the step that comes next, or hang-up.',
  },
  'flow/no-retry-exit': {
    severity: 'error',
    what: 'Step "{step}" does not say where {exit} leads.',
    why: 'After the last try the caller would be left in silence.',
    mend: 'Add `{exit}: { tries: 3, go: ... }` here or under `defaults:`.',
  },
  'flow/way-not-here': {
    severity: 'error',
    what: '"{go}" cannot be the way here.',
    why: 'Only a key that a caller presses can mean {go}; elsewhere it could go round for ever.',
    mend: 'Name a step, or hang-up.',
  },
  'flow/else-not-last': {
    severity: 'error',
    what: 'Cases after `else` are never looked at.',
    why: 'The first case that holds is taken, and `else` always holds.',
    mend: 'Move `else` to the end, once.',
  },
  'flow/unreachable': {
    severity: 'warning',
    what: 'No way leads to step "{step}".',
    why: 'No caller will ever hear it.',
    mend: 'Lead a way there, or delete it.',
  },
  'flow/endless-cycle': {
    severity: 'error',
    what: 'The steps {steps} follow one another without waiting for anything.',
    why: 'Such a circle never ends; the call would fail.',
    mend: 'Break it, or put a step in between at which the caller hears or enters something.',
  },
  'flow/never-ends': {
    severity: 'error',
    what: 'From step "{step}" no way leads to an end.',
    why: 'A line that the caller forgot to hang up would stay busy for ever.',
    mend: 'Lead one of its ways to hang-up, or to a step that hangs up or returns.',
  },
  'flow/no-human': {
    severity: 'warning',
    what: 'No way leads to a person.',
    why: 'Callers whose matter the flow does not know are stuck.',
    mend: 'Lead a key or a last try to a step with `queue:` or `dial:`.',
  },
  ...roundFindings,
} as const satisfies FindingTable;

type Tell = Telling<typeof wayFindings>;

export function checkWays(flow: Flow, tell: Tell): void {
  const beginning = (exit: string, go: string): boolean =>
    checkWay(flow, { exit, id: exit, go, path: [exit], by: 'step' }, tell);
  let unknown = beginning('start', flow.start);
  const end = flow['at-end'];
  if (end !== undefined) unknown = beginning('at-end', end) || unknown;
  for (const way of waysAnywhere(flow)) unknown = checkWay(flow, way, tell) || unknown;
  const seen = new Set<string>();
  for (const step of flow.steps.values()) {
    for (const way of waysOf(flow, step)) {
      // A default's exit is the same way for every step.
      const place = way.path.join(' ');
      if (!seen.has(place)) unknown = checkWay(flow, way, tell) || unknown;
      seen.add(place);
    }
    for (const { exit, path } of missingExits(flow, step)) {
      const retry = /no-input$|no-match$|^too-short$/.test(exit);
      tell.key(path, retry ? 'flow/no-retry-exit' : 'flow/no-way-out', { step: step.name, exit });
      unknown = true;
    }
    if (step.kind === 'decide') {
      const first = step.decide.findIndex((branch) => 'else' in branch);
      if (first !== -1 && first < step.decide.length - 1) {
        tell.at(['steps', step.name, 'decide', first + 1], 'flow/else-not-last', {});
      }
    }
  }
  // What a broken way would have reached says nothing.
  if (unknown) return;
  const graph = graphOf(flow);
  const reached = reachable(beginnings(flow), (step) => graph.all.get(step) ?? []);
  for (const step of flow.steps.keys()) {
    if (!reached.has(step)) tell.key(['steps', step], 'flow/unreachable', { step });
  }
  if (checkEnds(flow, graph, reached, tell)) checkRounds(flow, reached, tell);
}

/** Whether the way is broken. */
function checkWay(flow: Flow, { go, path, by }: Way, tell: Tell): boolean {
  if (go === 'hang-up') return false;
  if ((fixedWays as readonly string[]).includes(go)) {
    const pressed = path[0] === 'keys-anywhere' || path[2] === 'menu' || path[2] === 'queue';
    if (by === 'key' && pressed && path[3] !== 'keep-place') return false;
    tell.at(path, 'flow/way-not-here', { go });
    return true;
  }
  if (flow.steps.has(go)) return false;
  tell.at(path, 'flow/unknown-step', { go, meant: meant(go, flow.steps.keys()) });
  return true;
}

interface Graph {
  /** Steps that a step leads to, by any way. */
  readonly all: ReadonlyMap<string, readonly string[]>;
  /** Those where nothing is waited for. */
  readonly instant: ReadonlyMap<string, readonly string[]>;
  /** Steps at which a call can end. */
  readonly ends: ReadonlySet<string>;
}

function graphOf(flow: Flow): Graph {
  const anywhere = waysAnywhere(flow);
  const all = new Map<string, string[]>();
  const instant = new Map<string, string[]>();
  const ends = new Set<string>();
  const steps = (ways: readonly Way[]): string[] => [
    ...new Set(ways.map(({ go }) => go).filter((go) => flow.steps.has(go))),
  ];
  for (const step of flow.steps.values()) {
    const own = waysOf(flow, step);
    const ways = hearsKeys(step) ? [...own, ...anywhere] : own;
    all.set(step.name, steps(ways));
    if (step.kind === 'decide' || step.kind === 'set' || step.kind === 'hours')
      instant.set(step.name, steps(own));
    // A queue may send the caller on at once.
    if (step.kind === 'queue') instant.set(step.name, steps(own.filter(({ by }) => by === 'step')));
    if (isEnd(step) || ways.some(({ go }) => go === 'hang-up')) ends.add(step.name);
  }
  return { all, instant, ends };
}

function isEnd(step: Step): boolean {
  return step.kind === 'hang-up' || step.kind === 'return';
}

/** Whether every call can come to an end. */
function checkEnds(flow: Flow, graph: Graph, reached: ReadonlySet<string>, tell: Tell): boolean {
  const instant = circleIn(graph.instant);
  if (instant !== null) {
    tell.key(['steps', instant[0] ?? ''], 'flow/endless-cycle', { steps: named(instant) });
    return false;
  }
  const backwards = reversed(graph.all);
  const ending = reachable([...graph.ends], (step) => backwards.get(step) ?? []);
  const endless = [...flow.steps.keys()].find((step) => reached.has(step) && !ending.has(step));
  if (endless !== undefined) {
    tell.key(['steps', endless], 'flow/never-ends', { step: endless });
    return false;
  }
  // A sub-flow's callers have their ways to a person elsewhere.
  const humans = [...flow.steps.values()].some(({ kind }) => toPeople.has(kind));
  if (!humans && flow.numbers.length > 0) tell.key(['start'], 'flow/no-human', {});
  return true;
}

const toPeople: ReadonlySet<Step['kind']> = new Set(['dial', 'queue', 'call'] as const);
