/** Pure. One replication of a scenario, as sums by half hour: all that figures and searches need of it. */
import { createRandom } from '../base/index.js';
import { callsIn, halfHourMs, serviceParts, workIn } from '../measures/index.js';
import type { Ratio } from './estimate.js';
import type { Scenario } from './scenario.js';
import { runCentre } from './virtual-centre.js';

/** Of the callers who came in a half hour, and of the agents in it. */
export interface Sums {
  readonly offered: number;
  readonly answerMs: Ratio;
  readonly serviceLevel: Ratio;
  readonly abandonment: Ratio;
  readonly waiting: Ratio;
  readonly occupancy: Ratio;
}

export interface Replication {
  /** Of all calls, those of the warm-up too. */
  readonly calls: number;
  /** By half hour after the warm-up. */
  readonly halfHours: readonly Sums[];
}

/** @param nth of the replications, from 0: the same callers come to each whatever the staffing is. */
export function replicate(scenario: Scenario, agents: readonly number[], nth: number): Replication {
  const random = createRandom(Math.imul(scenario.seed, 0x9e3779b1) ^ Math.imul(nth + 1, 0x85ebca6b));
  const { measures, endedAt, calls } = runCentre(scenario, agents, random);
  const formula = scenario.target?.type === 'service-level' ? scenario.target.formula : null;
  const halfHours = scenario.halfHours.slice(scenario.warmUp).map(({ start }): Sums => {
    const stretch = { name: null, from: start, to: start + halfHourMs };
    const counts = callsIn(measures, stretch);
    const { answered, abandoned, answeredWaits } = counts;
    const { ms } = workIn(measures, stretch, endedAt);
    const busy = ms.talking + ms.hold + ms['wrap-up'];
    return {
      offered: counts.offered,
      answerMs: { part: answeredWaits.sumMs, whole: answeredWaits.count },
      serviceLevel: serviceParts(counts, formula, scenario.withinMs),
      abandonment: { part: abandoned, whole: answered + abandoned },
      waiting: {
        part: answered - (answeredWaits.ticks.get(0) ?? 0) + abandoned,
        whole: answered + abandoned,
      },
      occupancy: { part: busy, whole: busy + ms.ready },
    };
  });
  return { calls, halfHours };
}

const sumNames = ['answerMs', 'serviceLevel', 'abandonment', 'waiting', 'occupancy'] as const;

/** Several half hours together. */
export function together(parts: readonly Sums[]): Sums {
  const sum = (name: (typeof sumNames)[number]): Ratio => ({
    part: parts.reduce((all, one) => all + one[name].part, 0),
    whole: parts.reduce((all, one) => all + one[name].whole, 0),
  });
  return {
    offered: parts.reduce((all, { offered }) => all + offered, 0),
    answerMs: sum('answerMs'),
    serviceLevel: sum('serviceLevel'),
    abandonment: sum('abandonment'),
    waiting: sum('waiting'),
    occupancy: sum('occupancy'),
  };
}
