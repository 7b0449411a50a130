/**
 * Pure. The fewest agents for a target, half hour by half hour, by simulation: begins where theory would, then tries one
 * more and one less in all half hours at once, until in each the number is good and one less is not.
 */
import { type Figures, figuresOf, isEnough, report, type Report } from './report.js';
import { type Replication, together } from './replication.js';
import type { Scenario, Target } from './scenario.js';
import { agentsByTheory } from './theory.js';

/** Asks for all replications with so many agents by half hour, which take seconds: how, is the shell's to say. */
export type Search<Found> = Generator<readonly number[], Found, readonly Replication[]>;

export interface Staffing {
  /** By half hour of the scenario. */
  readonly agents: readonly number[];
  readonly report: Report;
  /** Staffings that were simulated. */
  readonly tried: number;
}

/** What is known of half hours that have one number of agents. */
interface Span {
  readonly halfHours: readonly number[];
  /** Too few: the most of them. */
  tooFew: number;
  /** Enough: the fewest of them; null: none yet. */
  enough: number | null;
  try: number;
  step: number;
}

const mostTries = 60;

/** @param target that of the scenario: it has one. */
export function* searchStaffing(scenario: Scenario, target: Target): Search<Staffing> {
  const tried: Tried = { replications: new Map(), seen: spansOf(scenario).map(() => new Map()) };
  const agents = yield* target.of === 'half-hour' || scenario.steady
    ? eachGood(scenario, target, tried)
    : dayGood(scenario, target, tried);
  return {
    agents,
    report: report(scenario, agents, yield* once(tried, agents)),
    tried: tried.replications.size,
  };
}

interface Tried {
  /** By staffing. */
  readonly replications: Map<string, readonly Replication[]>;
  /** By span: number of agents to what was seen with so many last. */
  readonly seen: readonly Map<number, Figures>[];
}

/** The same staffing gives the same replications: nothing is simulated twice. */
function* once(tried: Tried, agents: readonly number[]): Search<readonly Replication[]> {
  const key = agents.join(' ');
  const known = tried.replications.get(key);
  if (known !== undefined) return known;
  const found = yield agents;
  tried.replications.set(key, found);
  return found;
}

function* eachGood(scenario: Scenario, target: Target, tried: Tried): Search<readonly number[]> {
  const most = scenario.agents.length;
  const spans = spansOf(scenario).map((halfHours, index) =>
    openSpan(scenario, target, halfHours, tried.seen[index] ?? new Map()),
  );
  for (let n = 0; n < mostTries; n++) {
    const agents = staffingOf(scenario, spans);
    const replications = yield* once(tried, agents);
    let isSettled = true;
    for (const [index, span] of spans.entries()) {
      const own = replications.map((each) =>
        together(span.halfHours.flatMap((one) => each.halfHours[one] ?? [])),
      );
      const figures = figuresOf(own);
      tried.seen[index]?.set(span.try, figures);
      if (!learn(span, isEnough(target, [figures]), most)) isSettled = false;
    }
    if (isSettled) return agents;
  }
  return staffingOf(scenario, spans);
}

/** Begins with what was seen on the way to another target, else where theory would. */
function openSpan(
  scenario: Scenario,
  target: Target,
  halfHours: readonly number[],
  seen: ReadonlyMap<number, Figures>,
): Span {
  const most = scenario.agents.length;
  const first = scenario.halfHours[scenario.warmUp + (halfHours[0] ?? 0)];
  const none = first === undefined || first.calls === 0 ? -1 : 0;
  const span = { halfHours, enough: null, step: 1 };
  const numbers = [...seen.keys()].sort((a, b) => a - b);
  const isGood = (agents: number): boolean => isEnough(target, [seen.get(agents) ?? figuresOf([])]);
  const good = numbers.find(isGood);
  if (good !== undefined) {
    const tooFew = numbers.findLast((agents) => agents < good) ?? none;
    return { ...span, tooFew, try: good };
  }
  const theory = scenario.patience === null ? 'erlang-c' : 'erlang-a';
  const guess = first === undefined ? null : agentsByTheory(scenario, theory, first, target);
  return { ...span, tooFew: none, try: Math.min(most, guess ?? most) };
}

/** Half hours with one number of agents, by their places after the warm-up: all of them where they are all alike. */
function spansOf({ halfHours, warmUp, steady }: Scenario): readonly (readonly number[])[] {
  const counted = halfHours.slice(warmUp).map((_, index) => index);
  return steady ? [counted] : counted.map((index) => [index]);
}

/** By half hour of the scenario; the warm-up has the staffing of the first that counts. */
function staffingOf({ halfHours, warmUp }: Scenario, spans: readonly Span[]): readonly number[] {
  const agents = halfHours.map(() => spans[0]?.try ?? 0);
  for (const span of spans) for (const index of span.halfHours) agents[warmUp + index] = span.try;
  return agents;
}

/**
 * What was seen last counts: the half hour before may have had other agents then, and left other callers behind.
 *
 * @returns whether nothing is left to try: the number tried is enough and one less is too few, or there are no more.
 */
function learn(known: Span, isGood: boolean, most: number): boolean {
  const now = known.try;
  if (isGood) {
    known.enough = now;
    known.tooFew = Math.min(known.tooFew, now - 1);
    if (known.tooFew === now - 1) return true;
    known.try = Math.max(middle(known.tooFew, now), now - known.step);
  } else {
    known.tooFew = now;
    if (now === most) return true;
    if (known.enough === null || known.enough <= now) {
      // Enough before, and not now: it was the neighbours, and one more will do.
      if (known.enough !== null) known.step = 1;
      known.enough = null;
      known.try = Math.min(most, now + known.step);
    } else known.try = middle(now, known.enough);
  }
  known.step *= 2;
  return false;
}

const middle = (low: number, high: number): number => Math.ceil((low + high) / 2);

/** How much worse than the day each half hour may be: doubled until the day is missed, then halved in between. */
const slackSteps = 6;
const mostSlack = 4;

/**
 * The same standard for each half hour, as low as the day as a whole allows. A staffing that were the cheapest of all
 * would leave single half hours far behind the others.
 */
function* dayGood(scenario: Scenario, target: Target, tried: Tried): Search<readonly number[]> {
  let best = yield* eachGood(scenario, target, tried);
  let [low, high] = [0, mostSlack];
  for (let n = 0; n < slackSteps; n++) {
    const slack = (low + high) / 2;
    const agents = yield* eachGood(scenario, loosened(target, slack), tried);
    const { all } = report(scenario, agents, yield* once(tried, agents));
    if (isEnough(target, [all])) {
      best = agents;
      low = slack;
    } else high = slack;
  }
  return best;
}

function loosened(target: Target, slack: number): Target {
  return target.type === 'speed-of-answer'
    ? { ...target, ms: target.ms * (1 + slack) }
    : { ...target, share: Math.max(0, 1 - (1 - target.share) * (1 + slack)) };
}
