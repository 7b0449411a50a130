/**
 * Pure. What queueing theory says of one queue whose agents are all alike: Poisson arrivals, exponential handling times,
 * first come first served. Erlang C: everybody waits. Erlang A (Palm 1957; Garnett, Mandelbaum and Reiman 2002): patience
 * is exponential, and who loses it hangs up. Times in seconds.
 */

/** One queue, as theory takes it. */
export interface Load {
  /** Calls a second, above 0. */
  readonly rate: number;
  /** Mean handling time, s, above 0. */
  readonly handling: number;
}

export interface Prediction {
  /** Share of callers who are not answered at once. */
  readonly waiting: number;
  /** Mean wait of answered callers, s. */
  readonly speedOfAnswer: number;
  /** Share of callers who hang up while they wait. */
  readonly abandonment: number;
  /** Share of the agents' time that is spent on calls. */
  readonly occupancy: number;
  /** Answered within so many seconds, of all callers. */
  readonly answeredWithin: (seconds: number) => number;
  /** Hung up within so many seconds, of all callers. */
  readonly abandonedWithin: (seconds: number) => number;
}

/** Share of calls that find all agents busy, where nobody can wait. By the recursion over agents, which is stable. */
export function erlangB(load: number, agents: number): number {
  let blocked = 1;
  for (let n = 1; n <= agents; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/** null: more work comes than the agents can do, and the queue grows without end. */
export function erlangC({ rate, handling }: Load, agents: number): Prediction | null {
  const load = rate * handling;
  if (agents <= load) return null;
  const blocked = erlangB(load, agents);
  const waiting = blocked / (1 - (load / agents) * (1 - blocked));
  const drain = (agents - load) / handling;
  return {
    waiting,
    speedOfAnswer: waiting / drain,
    abandonment: 0,
    occupancy: load / agents,
    answeredWithin: (seconds) => 1 - waiting * Math.exp(-drain * seconds),
    abandonedWithin: () => 0,
  };
}

/**
 * @param patience mean, s, above 0.
 * @param agents 1 or more.
 *
 * The wait that a caller of endless patience would be offered has, above 0, the density
 * `v(t) = rate exp(rate H(t) - agents t / handling) / K` with `H(t) = patience (1 - exp(-t / patience))`; what is asked
 * are integrals of it, done by Simpson's rule.
 */
export function erlangA({ rate, handling }: Load, agents: number, patience: number): Prediction {
  const exponent = (t: number): number =>
    rate * patience * -Math.expm1(-t / patience) - (agents * t) / handling;
  // The density is highest where as many callers with patience left come as can be served; never before 0.
  const top = Math.max(0, patience * Math.log((rate * handling) / agents));
  const highest = exponent(top);
  // Weight of all states in which an agent is free; the density's own is that of those in which none is, on that scale.
  const free = Math.exp(-highest);
  const busy = erlangB(rate * handling, agents - 1);
  const density = (t: number): number => busy * rate * Math.exp(exponent(t) - highest);
  const end = endOf(exponent, top, highest);
  // Where patience shapes the density it changes within a second or two; behind, it dies away over hours.
  const shaped = Math.min(end, top + 40 * patience);
  const integral = (f: (t: number) => number, until = end): number =>
    simpson(f, 0, Math.min(until, shaped)) + simpson(f, shaped, Math.min(until, end));

  const above = integral(density);
  const whole = free + above;
  const stays = (t: number): number => density(t) * Math.exp(-t / patience);
  const served = (free + integral(stays)) / whole;
  const answeredWithin = (seconds: number): number => (free + integral(stays, seconds)) / whole;
  return {
    waiting: above / whole,
    speedOfAnswer: integral((t) => t * stays(t)) / whole / served,
    abandonment: 1 - served,
    occupancy: (rate * handling * served) / agents,
    answeredWithin,
    // Whoever would be offered a longer wait has left by then with the chance that patience is shorter.
    abandonedWithin: (seconds) => {
      const gone = (t: number): number => density(t) * -Math.expm1(-t / patience);
      const longer = (above - integral(density, seconds)) * -Math.expm1(-seconds / patience);
      return (integral(gone, seconds) + longer) / whole;
    },
  };
}

/** The fewest agents for which it is good enough; null where `most` are not. */
export function agentsNeeded(
  predict: (agents: number) => Prediction | null,
  good: (prediction: Prediction) => boolean,
  most = 10_000,
): number | null {
  const enough = (agents: number): boolean => {
    const prediction = predict(agents);
    return prediction !== null && good(prediction);
  };
  // More agents are never worse: doubling until it is enough, then halving what is left between.
  let high = 1;
  while (!enough(high)) {
    if (high >= most) return null;
    high = Math.min(most, high * 2);
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Where what is left of the density is too small to count. */
function endOf(exponent: (t: number) => number, top: number, highest: number): number {
  let end = Math.max(top, 1);
  while (exponent(end) > highest - 40) end *= 2;
  let low = top;
  for (let n = 0; n < 20; n++) {
    const middle = (low + end) / 2;
    if (exponent(middle) > highest - 40) low = middle;
    else end = middle;
  }
  return end;
}

const simpsonSteps = 2_000;

function simpson(f: (t: number) => number, from: number, until: number): number {
  if (until <= from) return 0;
  const step = (until - from) / simpsonSteps;
  let sum = f(from) + f(until);
  for (let n = 1; n < simpsonSteps; n++) sum += f(from + n * step) * (n % 2 === 1 ? 4 : 2);
  return (sum * step) / 3;
}
