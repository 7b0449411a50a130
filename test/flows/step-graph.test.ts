import fc from 'fast-check';
import t from 'tap';
import { circleIn, circleThrough, reachable, type StepGraph } from '../../src/flows/step-graph.js';

const name = fc.integer({ min: 0, max: 9 }).map((n) => `s${n}`);
/** Some ways lead to what is no step, as to hang-up; some twice to the same. */
const graph = fc
  .dictionary(name, fc.array(fc.oneof(name, fc.constant('hang-up')), { maxLength: 4 }), { maxKeys: 10 })
  .map((ways): StepGraph => new Map(Object.entries(ways)));

/** Whether a step leads back to itself, by trying everything. */
function comesBack(steps: StepGraph, start: string): boolean {
  const next = (step: string): readonly string[] => (steps.get(step) ?? []).filter((to) => steps.has(to));
  return reachable(next(start), next).has(start);
}

function isCircle(steps: StepGraph, circle: readonly string[]): boolean {
  return circle.every((step, n) => steps.get(step)?.includes(circle[(n + 1) % circle.length] ?? '') === true);
}

t.test('a circle is found exactly where steps lead back to themselves, and it is one', async (t) => {
  fc.assert(
    fc.property(graph, (steps) => {
      const first = [...steps.keys()].find((step) => comesBack(steps, step)) ?? null;
      const circle = circleIn(steps);
      return circle === null ? first === null : circle[0] === first && isCircle(steps, circle);
    }),
    { numRuns: 2_000 },
  );
  t.pass('whatever the steps');
});

t.test('a circle that is asked for goes through the first step that has one', async (t) => {
  fc.assert(
    fc.property(graph, fc.array(name), (steps, asked) => {
      const first = asked.find((step) => steps.has(step) && comesBack(steps, step)) ?? null;
      return (circleThrough(steps, asked)?.[0] ?? null) === first;
    }),
    { numRuns: 2_000 },
  );
  const steps: StepGraph = new Map([
    ['a', ['a', 'b']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  t.same(circleThrough(steps, ['a', 'c']), ['a']);
  t.same(
    circleThrough(steps, ['a', 'c'], (circle) => circle.length > 1),
    ['c', 'b'],
  );
});
