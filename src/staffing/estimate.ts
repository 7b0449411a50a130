/** Pure. What independent replications tell of a share or a mean, with the interval that holds it with 95 % confidence. */

export interface Estimate {
  /** null: nothing happened to work it out from. */
  readonly value: number | null;
  /** Half the width of the 95 % confidence interval; null where one replication alone tells nothing of it. */
  readonly within: number | null;
}

/** One replication's part: e.g. sum of waits, and answered calls. */
export interface Ratio {
  readonly part: number;
  readonly whole: number;
}

/**
 * The ratio of sums, not the mean of ratios: a replication with few calls counts little. Its variance by the residuals
 * (the delta method), the interval by Student's t.
 */
export function estimate(replications: readonly Ratio[]): Estimate {
  const count = replications.length;
  const whole = replications.reduce((sum, one) => sum + one.whole, 0);
  if (whole === 0) return { value: null, within: null };
  const value = replications.reduce((sum, one) => sum + one.part, 0) / whole;
  if (count < 2) return { value, within: null };
  const squares = replications.reduce((sum, one) => sum + (one.part - value * one.whole) ** 2, 0);
  const deviation = Math.sqrt((squares * count) / (count - 1)) / whole;
  return { value, within: studentT(count - 1) * deviation };
}

/** Student's t that 2.5 % exceed, from 1 degree of freedom (Fisher and Yates 1938, table III). */
const table = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const normal = 1.959964;

/** @param freedom degrees of freedom, 1 or more. */
export function studentT(freedom: number): number {
  // Beyond the table the first term of its expansion is exact to a thousandth.
  return table[freedom - 1] ?? normal + (normal ** 3 + normal) / (4 * freedom);
}
