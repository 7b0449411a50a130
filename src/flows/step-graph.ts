/** Pure. Steps and what follows them, as a graph: what can be reached, and what goes round. */

export type StepGraph = ReadonlyMap<string, readonly string[]>;

/** Steps that can be reached, those to begin with too. */
export function reachable(from: readonly string[], next: (step: string) => readonly string[]): Set<string> {
  const reached = new Set(from);
  // A set hands out what is added while one walks it.
  for (const step of reached) for (const further of next(step)) reached.add(further);
  return reached;
}

/** From each step to those that lead to it; of what is no step of the graph, nothing. */
export function reversed(graph: StepGraph): Map<string, string[]> {
  const backwards = new Map<string, string[]>([...graph.keys()].map((step) => [step, []]));
  for (const [from, tos] of graph) for (const to of tos) backwards.get(to)?.push(from);
  return backwards;
}

/** The first circle in the order of the file, or null. */
export function circleIn(graph: StepGraph): string[] | null {
  return circleThrough(graph, graph.keys());
}

/** Without steps that lead nowhere but to ends, or to which only beginnings lead: most of a flow goes round nowhere. */
function coreOf(graph: StepGraph): StepGraph {
  return reversed(stripped(reversed(stripped(graph))));
}

/** Takes off what leads nowhere, then what led only there, and so on. */
function stripped(graph: StepGraph): StepGraph {
  const before = reversed(graph);
  const ways = new Map(
    [...graph].map(([step, tos]) => [step, tos.filter((to) => graph.has(to)).length] as const),
  );
  const ends = [...ways].filter(([, count]) => count === 0).map(([step]) => step);
  // The list grows while it is walked.
  for (const end of ends) {
    ways.delete(end);
    for (const step of before.get(end) ?? []) {
      const count = (ways.get(step) ?? 0) - 1;
      ways.set(step, count);
      if (count === 0) ends.push(step);
    }
  }
  return new Map(
    [...ways.keys()].map((step) => [step, (graph.get(step) ?? []).filter((to) => ways.has(to))]),
  );
}

/** The shortest circle that begins at one of the steps, of the first that has one that is meant; or null. */
export function circleThrough(
  graph: StepGraph,
  steps: Iterable<string>,
  isMeant: (circle: readonly string[]) => boolean = () => true,
): string[] | null {
  const core = coreOf(graph);
  for (const step of steps) {
    const circle = core.has(step) ? circleFrom(core, step) : null;
    if (circle !== null && isMeant(circle)) return circle;
  }
  return null;
}

function circleFrom(graph: StepGraph, start: string): string[] | null {
  const before = new Map<string, string>();
  const queue = [start];
  for (const step of queue) {
    for (const next of graph.get(step) ?? []) {
      if (next === start) return pathTo(step, start, before);
      if (!graph.has(next) || before.has(next)) continue;
      before.set(next, step);
      queue.push(next);
    }
  }
  return null;
}

function pathTo(last: string, start: string, before: ReadonlyMap<string, string>): string[] {
  const path = [last];
  for (let step = last; step !== start; ) {
    step = before.get(step) ?? start;
    path.unshift(step);
  }
  return path;
}

/** As a finding names them. */
export function named(steps: readonly string[]): string {
  return steps.map((step) => `"${step}"`).join(', ');
}
