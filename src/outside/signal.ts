/** Pure. A sound prepared for comparison: correlations at any place, quickly. */

/** Samples a millisecond, at 8,000 a second. */
export const perMs = 8;
/** The coarse copy has 2,000 samples a second, and little above 500 Hz: half a step aside it still fits, a step not. */
export const step = 4;
const filterLength = 16;
/** Nothing will fit better. */
const certain = 0.98;
/** A peak that is so much lower in the coarse may be the highest in the fine. */
const tolerance = 0.25;

export interface Signal {
  readonly pcm: Float32Array;
  /** Energy of all samples before each place. */
  readonly energy: Float64Array;
  readonly coarse: Float32Array;
  readonly coarseEnergy: Float64Array;
}

/** Where a piece of sound lies best, and how well it fits there. */
export interface Fit {
  /** Samples from the place that was given. */
  readonly shift: number;
  /** Normalised cross-correlation, -1 to 1. */
  readonly score: number;
}

/** Pure. */
export function prepare(sound: Int16Array): Signal {
  const pcm = new Float32Array(sound);
  const coarse = new Float32Array(Math.floor(pcm.length / step));
  for (let i = 0; i < coarse.length; i++) {
    const from = i * step - filterLength / 2;
    // A place outside of the samples, once asked for, makes every later look slow.
    const [first, last] = [Math.max(0, -from), Math.min(filterLength, pcm.length - from)];
    let sum = 0;
    for (let j = first; j < last; j++) {
      const weight = Math.min(j + 1, filterLength - j);
      sum += weight * (pcm[(from + j) | 0] ?? 0);
    }
    coarse[i] = sum;
  }
  return { pcm, energy: energyOf(pcm), coarse, coarseEnergy: energyOf(coarse) };
}

function energyOf(pcm: Float32Array): Float64Array {
  const energy = new Float64Array(pcm.length + 1);
  let sum = 0;
  for (let i = 0; i < pcm.length; i++) {
    // A power takes ten times as long, and books of prompts have millions of samples.
    const sample = pcm[i] ?? 0;
    sum += sample * sample;
    energy[i + 1] = sum;
  }
  return energy;
}

/** Pure. Mean power of a part: the square of its RMS. */
export function power(signal: Signal, from: number, length: number): number {
  return between(signal.energy, from, length) / length;
}

/** Pure. How much `length` samples of one sound are those of another; what lies beyond an end is silence. */
export function correlation(a: Signal, aFrom: number, b: Signal, bFrom: number, length: number): number {
  return normalised(a.pcm, a.energy, aFrom, b.pcm, b.energy, bFrom, length);
}

/** Pure. The same over the coarse copies, in a fraction of the time: good for choosing, not for judging. */
export function roughCorrelation(a: Signal, aFrom: number, b: Signal, bFrom: number, length: number): number {
  const [from, other] = [Math.round(aFrom / step), Math.round(bFrom / step)];
  return coarseCorrelation(a, from, b, other, Math.floor(length / step));
}

/** In samples of the coarse copies. */
function coarseCorrelation(a: Signal, aFrom: number, b: Signal, bFrom: number, length: number): number {
  return normalised(a.coarse, a.coarseEnergy, aFrom, b.coarse, b.coarseEnergy, bFrom, length);
}

/** Pure. Looks for the place within `slack` samples either way: roughly first, then to the sample. */
export function align(
  a: Signal,
  aFrom: number,
  b: Signal,
  bFrom: number,
  length: number,
  slack: number,
): Fit {
  let best = { shift: 0, score: -1 };
  for (const near of roughPeaks(a, aFrom, b, bFrom, length, slack)) {
    for (let shift = near - step; shift <= near + step; shift++) {
      const score = correlation(a, aFrom + shift, b, bFrom, length);
      if (score > best.score) best = { shift, score };
    }
    if (best.score >= certain) break;
  }
  return best;
}

/**
 * The places at which the coarse copies fit, best first: a voice repeats itself at each beat of its cords, and which
 * beat is the right one shows only in the fine.
 */
function roughPeaks(
  a: Signal,
  aFrom: number,
  b: Signal,
  bFrom: number,
  length: number,
  slack: number,
): readonly number[] {
  // Where the coarse copies lie over one another is not where the fine ones do: each place is rounded for itself.
  const other = Math.round(bFrom / step);
  const first = Math.round((aFrom - slack) / step);
  const last = Math.round((aFrom + slack) / step);
  const count = Math.floor(length / step);
  const scores: number[] = [];
  for (let from = first; from <= last; from++) scores.push(coarseCorrelation(a, from, b, other, count));
  const peaks: Fit[] = [];
  scores.forEach((score, i) => {
    const isPeak = score >= (scores[i - 1] ?? -1) && score >= (scores[i + 1] ?? -1);
    if (isPeak) peaks.push({ shift: (first + i - other) * step - (aFrom - bFrom), score });
  });
  peaks.sort((one, other) => other.score - one.score);
  const least = (peaks[0]?.score ?? 0) - tolerance;
  return peaks.filter(({ score }) => score >= least).map(({ shift }) => shift);
}

/**
 * Pure. How well a piece of sound may at best fit within the slack, by its better half: a lost packet spoils but one.
 * Quick, and no judgement.
 */
export function promise(
  a: Signal,
  aFrom: number,
  b: Signal,
  bFrom: number,
  length: number,
  slack: number,
): number {
  const half = Math.floor(length / 2);
  let best = -1;
  for (let shift = -slack; shift <= slack; shift += step) {
    const first = roughCorrelation(a, aFrom + shift, b, bFrom, half);
    const second = roughCorrelation(a, aFrom + half + shift, b, bFrom + half, half);
    best = Math.max(best, first, second);
  }
  return best;
}

function normalised(
  a: Float32Array,
  aEnergy: Float64Array,
  aFrom: number,
  b: Float32Array,
  bEnergy: Float64Array,
  bFrom: number,
  length: number,
): number {
  const energy = between(aEnergy, aFrom, length) * between(bEnergy, bFrom, length);
  if (energy <= 0) return 0;
  // Only where both have samples. Whole numbers, and known to be: else each step costs forty times as much.
  const first = Math.max(0, -aFrom, -bFrom) | 0;
  const last = Math.min(length, a.length - aFrom, b.length - bFrom) | 0;
  return product(a, (aFrom + first) | 0, b, (bFrom + first) | 0, (last - first) | 0) / Math.sqrt(energy);
}

function product(a: Float32Array, aFrom: number, b: Float32Array, bFrom: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (a[(aFrom + i) | 0] ?? 0) * (b[(bFrom + i) | 0] ?? 0);
  return sum;
}

function between(energy: Float64Array, from: number, length: number): number {
  const last = energy.length - 1;
  const start = Math.max(0, Math.min(last, from)) | 0;
  const end = Math.max(0, Math.min(last, from + length)) | 0;
  return (energy[end] ?? 0) - (energy[start] ?? 0);
}
