/** What is simulated. Types only. */
import type { Levels, Routing } from '../acd/index.js';
import type { ServiceLevel } from '../measures/index.js';
import type { Distribution } from './chance.js';

/** Callers who are alike: where they wait, and what they need beside what the queue does. */
export interface CallerKind {
  readonly queue: string;
  readonly needs: Levels;
  /** Of all callers, above 0; all shares together are 1. */
  readonly share: number;
}

export interface HalfHour {
  /** Milliseconds since the first midnight. */
  readonly start: number;
  /** Mean number of calls in it. */
  readonly calls: number;
  /** Agents signed in; null: to be found. */
  readonly agents: number | null;
}

/** What is good enough. */
export type Target =
  | {
      readonly type: 'service-level';
      readonly formula: ServiceLevel;
      /** 0 to 1. */
      readonly share: number;
      readonly of: TargetSpan;
    }
  | { readonly type: 'speed-of-answer'; readonly ms: number; readonly of: TargetSpan };

/** Whether each half hour must be good enough, or all of them together. */
export type TargetSpan = 'half-hour' | 'day';

export interface Scenario {
  readonly name: string;
  readonly seed: number;
  readonly replications: number;
  readonly routing: Routing;
  /** Names of all agents, in the order in which they are signed in. */
  readonly agents: readonly string[];
  /** One after another, without a gap in time. */
  readonly halfHours: readonly HalfHour[];
  /** So many of the first half hours are not counted: an empty centre at the start is nobody's day. */
  readonly warmUp: number;
  /** All half hours are alike: they have one number of agents, and are judged together. */
  readonly steady: boolean;
  readonly callers: readonly CallerKind[];
  /** null: nobody hangs up. */
  readonly patience: Distribution | null;
  readonly talk: Distribution;
  /** Time in which an agent takes an offered call. */
  readonly pickUp: Distribution;
  /** After a call, on average over the callers' queues. */
  readonly wrapUpMs: number;
  /** How long whoever was paused for missed offers stays so. */
  readonly backMs: number;
  /** T of the service levels. */
  readonly withinMs: number;
  readonly target: Target | null;
}
