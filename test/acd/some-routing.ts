/** Random hotlines: queues, agents and how calls are given to them. */
import fc from 'fast-check';
import type {
  Levels,
  MissCause,
  RelaxStep,
  Routing,
  RoutingAgent,
  RoutingQueue,
} from '../../src/acd/index.js';
import { routing } from './kit.js';

export const queues = ['a', 'b', 'c'];
export const agents = ['ali', 'bea', 'cem', 'dua', 'eva'];
const skills = ['ar', 'en', 'tax'];
export const causes: readonly MissCause[] = ['no-answer', 'rejected', 'busy', 'unreachable', 'failed'];

export const levels = (most: number): fc.Arbitrary<Levels> =>
  fc.dictionary(fc.constantFrom(...skills), fc.integer({ min: 1, max: 3 }), { maxKeys: most });

const relaxStep: fc.Arbitrary<Omit<RelaxStep, 'afterMs'>> = fc.record({
  lower: levels(1),
  drop: fc.subarray(skills, { maxLength: 2 }),
  add: fc.subarray(queues, { maxLength: 2 }),
});

const ms = (...values: number[]): fc.Arbitrary<number> => fc.constantFrom(...values);

const oneQueue = (name: string): fc.Arbitrary<RoutingQueue> =>
  fc.record({
    name: fc.constant(name),
    needs: fc.array(levels(2), { minLength: 1, maxLength: 2 }),
    relax: fc
      .array(relaxStep, { maxLength: 2 })
      .map((steps) => steps.map((step, i) => ({ ...step, afterMs: (i + 1) * 7_000 }))),
    priority: fc.integer({ min: 0, max: 2 }),
    maxWaitMs: fc.constant(600_000),
    ringMs: ms(2_000, 5_000),
    ringAtOnce: fc.constantFrom(1, 1, 2, 3),
    strategy: fc.constantFrom('longest-idle', 'most-skilled', 'least-occupied', 'round-robin'),
    wrapUpMs: ms(0, 5_000),
    pauseAfterMisses: fc.integer({ min: 0, max: 2 }),
    missDelayMs: fc.record({
      'no-answer': ms(0, 3_000),
      rejected: ms(0, 3_000),
      busy: ms(0, 3_000),
      unreachable: ms(0, 3_000),
      failed: ms(0, 3_000),
    }),
    capacity: fc.constantFrom(null, null, 3),
    preferredMs: ms(0, 6_000),
    rejoinMs: ms(0, 8_000),
    callback: fc.record({
      tries: fc.integer({ min: 1, max: 3 }),
      pauseMs: ms(0, 4_000),
      withinMs: ms(5_000, 60_000),
    }),
    dispositions: fc.constant({ 1: 'solved', 2: 'sent on' }),
  });

const oneAgent = (name: string): fc.Arbitrary<RoutingAgent> =>
  fc.record({
    name: fc.constant(name),
    // Two of them share a desk.
    phone: fc.constant(name === 'eva' ? 'phone-dua' : `phone-${name}`),
    skills: levels(3),
    queues: fc.shuffledSubarray(queues, { minLength: 1 }),
    capacity: fc.constantFrom(
      { voice: 1, message: 0 },
      { voice: 1, message: 0 },
      { voice: 1, message: 2 },
      { voice: 1, message: 2 },
      { voice: 1, message: 1 },
      { voice: 1, message: 3 },
      { voice: 0, message: 2 },
    ),
  });

export const someRouting: fc.Arbitrary<Routing> = fc
  .record({
    queues: fc.tuple(...queues.map(oneQueue)),
    agents: fc.tuple(...agents.map(oneAgent)),
    without: fc.subarray([...queues.slice(2), ...agents.slice(3)]),
    priorityMs: ms(0, 4_000),
    graceMs: ms(0, 6_000),
  })
  .map((one) =>
    routing(
      one.queues.filter(({ name }) => !one.without.includes(name)),
      one.agents.filter(({ name }) => !one.without.includes(name)),
      { priorityMs: one.priorityMs, graceMs: one.graceMs, lastAgentMs: 3 * one.graceMs },
    ),
  );
