/** Scenarios as theory has them: one queue, agents who are all alike. */
import type { RoutingQueue } from '../../src/acd/index.js';
import type { Scenario } from '../../src/staffing/index.js';
import { testQueue } from './test-routing.js';

const none = { 'no-answer': 0, rejected: 0, busy: 0, unreachable: 0, failed: 0 };

/** A queue in which nothing costs time but the wait and the talk. */
export function plainQueue(name: string, more: Partial<RoutingQueue> = {}): RoutingQueue {
  return testQueue(name, {
    maxWaitMs: 7_200_000,
    wrapUpMs: 0,
    pauseAfterMisses: 0,
    missDelayMs: none,
    callback: { tries: 1, pauseMs: 60_000, withinMs: 86_400_000 },
    dispositions: {},
    ...more,
  });
}

/** @param callsAnHour all the time, after an hour of warm-up. */
export function oneQueue(
  callsAnHour: number,
  agents: number,
  hours: number,
  more: Partial<Scenario> = {},
): Scenario {
  const names = Array.from({ length: agents }, (_, n) => `agent-${n + 1}`);
  return {
    name: 'One queue',
    seed: 1,
    replications: 10,
    routing: {
      queues: new Map([['general', plainQueue('general')]]),
      agents: new Map(
        names.map((name) => [name, { name, phone: `phone-of-${name}`, skills: {}, queues: ['general'] }]),
      ),
      priorityMs: 60_000,
      graceMs: 60_000,
      lastAgentMs: 0,
    },
    agents: names,
    halfHours: Array.from({ length: 2 + hours * 2 }, (_, n) => ({
      start: n * 1_800_000,
      calls: callsAnHour / 2,
      agents,
    })),
    warmUp: 2,
    steady: true,
    callers: [{ queue: 'general', needs: {}, share: 1 }],
    patience: null,
    talk: { type: 'exponential', meanMs: 180_000 },
    pickUp: { type: 'fixed', meanMs: 0 },
    wrapUpMs: 0,
    backMs: 60_000,
    withinMs: 20_000,
    target: null,
    ...more,
  };
}
