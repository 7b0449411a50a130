/** Pure. What the replications of a scenario say: by half hour, and of all together, with theory beside it. */
import { type Estimate, estimate } from './estimate.js';
import { type Replication, type Sums, together } from './replication.js';
import type { HalfHour, Scenario, Target } from './scenario.js';
import { agentsByTheory, predict, type Theory, type TheoryFigures } from './theory.js';

/** Shares are 0 to 1. */
export interface Figures {
  /** Mean of the replications. */
  readonly calls: number;
  readonly speedOfAnswerMs: Estimate;
  readonly serviceLevel: Estimate;
  readonly abandonment: Estimate;
  readonly waiting: Estimate;
  readonly occupancy: Estimate;
}

export interface HalfHourReport extends Figures {
  readonly start: number;
  readonly agents: number;
  /** With as many agents, and how many the target needs. */
  readonly theory: Readonly<Record<Theory, TheoryFigures | null>>;
  readonly needed: Readonly<Record<Theory, number | null>> | null;
}

export interface Report {
  readonly replications: number;
  /** Calls of all replications. */
  readonly calls: number;
  readonly halfHours: readonly HalfHourReport[];
  readonly all: Figures;
  /** Sum of the agents of all half hours, in hours. */
  readonly agentHours: number;
  /** null: the scenario has no target. */
  readonly isGood: boolean | null;
}

/** @param agents by half hour of the scenario, as they were in the replications. */
export function report(
  scenario: Scenario,
  agents: readonly number[],
  replications: readonly Replication[],
): Report {
  const { target, warmUp } = scenario;
  const counted = scenario.halfHours.slice(warmUp);
  const halfHours = counted.map((halfHour, index): HalfHourReport => {
    const on = agents[warmUp + index] ?? 0;
    const own = replications.flatMap((one) => one.halfHours[index] ?? []);
    return {
      start: halfHour.start,
      agents: on,
      ...figuresOf(own),
      theory: {
        'erlang-c': predict(scenario, 'erlang-c', halfHour, on),
        'erlang-a': predict(scenario, 'erlang-a', halfHour, on),
      },
      needed: target === null ? null : neededBy(scenario, halfHour, target),
    };
  });
  const all = figuresOf(replications.map((one) => together(one.halfHours)));
  return {
    replications: replications.length,
    calls: replications.reduce((sum, { calls }) => sum + calls, 0),
    halfHours,
    all,
    agentHours: halfHours.reduce((sum, one) => sum + one.agents, 0) / 2,
    isGood:
      target === null ? null : isEnough(target, target.of === 'day' || scenario.steady ? [all] : halfHours),
  };
}

/** Where nobody called nothing is missed. */
export function isEnough(target: Target, figures: readonly Figures[]): boolean {
  return figures.every(({ speedOfAnswerMs, serviceLevel }) =>
    target.type === 'speed-of-answer'
      ? (speedOfAnswerMs.value ?? 0) <= target.ms
      : (serviceLevel.value ?? 1) >= target.share,
  );
}

export function figuresOf(replications: readonly Sums[]): Figures {
  const of = (name: Exclude<keyof Sums, 'offered'>): Estimate =>
    estimate(replications.map((one) => one[name]));
  return {
    calls: replications.reduce((sum, { offered }) => sum + offered, 0) / Math.max(1, replications.length),
    speedOfAnswerMs: of('answerMs'),
    serviceLevel: of('serviceLevel'),
    abandonment: of('abandonment'),
    waiting: of('waiting'),
    occupancy: of('occupancy'),
  };
}

function neededBy(scenario: Scenario, halfHour: HalfHour, target: Target): Record<Theory, number | null> {
  return {
    'erlang-c': agentsByTheory(scenario, 'erlang-c', halfHour, target),
    'erlang-a': scenario.patience === null ? null : agentsByTheory(scenario, 'erlang-a', halfHour, target),
  };
}
