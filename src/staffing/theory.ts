/** Pure. What Erlang C and Erlang A say of a half hour of a scenario: beside the simulation, and where a search begins. */
import { halfHourMs } from '../measures/index.js';
import { agentsNeeded, erlangA, erlangC, type Prediction } from './erlang.js';
import type { HalfHour, Scenario, Target } from './scenario.js';

export type Theory = 'erlang-c' | 'erlang-a';

export interface TheoryFigures {
  readonly speedOfAnswerMs: number;
  readonly serviceLevel: number;
  readonly abandonment: number;
  readonly waiting: number;
  readonly occupancy: number;
}

/** null: Erlang C with too few agents, Erlang A where nobody hangs up, no calls at all. */
export function predict(
  scenario: Scenario,
  theory: Theory,
  halfHour: HalfHour,
  agents: number,
): TheoryFigures | null {
  const prediction = predictionOf(scenario, theory, halfHour, agents);
  return prediction === null ? null : figuresOf(scenario, prediction);
}

/** The fewest agents that theory wants for the target; null where it has none, or not enough. */
export function agentsByTheory(
  scenario: Scenario,
  theory: Theory,
  halfHour: HalfHour,
  target: Target,
): number | null {
  if (halfHour.calls === 0) return 0;
  return agentsNeeded(
    (agents) => predictionOf(scenario, theory, halfHour, agents),
    (prediction) => {
      const { speedOfAnswerMs, serviceLevel } = figuresOf(scenario, prediction);
      return target.type === 'speed-of-answer' ? speedOfAnswerMs <= target.ms : serviceLevel >= target.share;
    },
  );
}

function predictionOf(
  { talk, wrapUpMs, pickUp, patience }: Scenario,
  theory: Theory,
  { calls }: HalfHour,
  agents: number,
): Prediction | null {
  if (calls === 0 || agents === 0) return null;
  // An agent is taken from the moment of the offer on.
  const load = {
    rate: calls / (halfHourMs / 1000),
    handling: (talk.meanMs + wrapUpMs + pickUp.meanMs) / 1000,
  };
  if (theory === 'erlang-c') return erlangC(load, agents);
  return patience === null ? null : erlangA(load, agents, patience.meanMs / 1000);
}

function figuresOf({ pickUp, withinMs, target }: Scenario, prediction: Prediction): TheoryFigures {
  const { abandonment, waiting, occupancy } = prediction;
  const seconds = Math.max(0, withinMs - pickUp.meanMs) / 1000;
  const isLate = withinMs < pickUp.meanMs;
  const answered = isLate ? 0 : prediction.answeredWithin(seconds);
  const left = isLate ? 0 : prediction.abandonedWithin(seconds);
  const short = isLate ? 0 : prediction.abandonedWithin(5);
  const speedOfAnswerMs = prediction.speedOfAnswer * 1000 + pickUp.meanMs;
  const formula = target?.type === 'service-level' ? target.formula : 'early-abandons-left-out';
  return { speedOfAnswerMs, serviceLevel: level(), abandonment, waiting, occupancy };

  function level(): number {
    switch (formula) {
      case 'early-abandons-met':
        return answered + left;
      case 'answered-only':
        return answered / (1 - abandonment);
      case 'all-offered':
        return answered;
      case 'early-abandons-left-out':
        return answered / (1 - left);
      case 'short-abandons-met':
        return answered + short;
      default:
        return formula satisfies never;
    }
  }
}
