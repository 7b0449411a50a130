/** Pure. Follows one template through a sound: as long as it fits, over breaks of the line, up to where it was cut. */
import { align, correlation, perMs, power, roughCorrelation, type Signal, step } from './signal.js';
import { type Template, loud, faint, probe, shortest, onsetFrom } from './template.js';

/** What the quick comparison must promise before the exact one is made. */
export const roughPass = 0.7;
const segment = 400 * perMs;
/** How far a copy may lie from where its onset says it is: jitter of one RTP packet either way. */
export const slack = 24 * perMs;
/** How long a machine that is short of time may hold up a sound in its midst. */
const farSlack = 240 * perMs;
/** Same prompt 1.00, one that differs in two words 0.23, another prompt 0.06: measured over two exchanges. */
const pass = 0.9;
/** So long the audio is quiet where a prompt was silenced: the next begins with a pause too. */
const hush = 15 * perMs;
/** In such steps places are tried at which packets were lost, or at which a sound was silenced. */
export const stride = 10 * perMs;

export interface Match {
  readonly template: Template;
  readonly also: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly score: number;
  readonly cut: boolean;
  /** False: it was broken off, and not by silence. */
  readonly proven: boolean;
}

/** Whether either half of the probe is there, exactly. */
export function begins(
  audio: Signal,
  at: number,
  { beginning, onset }: Template,
  length: number,
  within: number,
): boolean {
  const half = Math.floor(length / 2);
  return [0, half].some(
    (from) => align(audio, at + from, beginning, onset + from, half, within).score >= pass,
  );
}

/** Longer is better; of two that end together, the one that came to its own end. */
export function isBetter(match: Match, than: Match): boolean {
  const longer = match.to - than.to;
  if (Math.abs(longer) >= 60 * perMs) return longer > 0;
  if (match.cut !== than.cut) return than.cut;
  return match.score > than.score;
}

/** Compares segment by segment, each aligned anew, until the sample ends or the audio differs. */
export function follow(audio: Signal, sound: Int16Array, at: number, template: Template): Match | null {
  const { onset, end } = template;
  const signal = template.whole();
  const origin = at - onset;
  let shift: number | null = null;
  let start = at;
  let score = 1;
  for (let from = onset; from < end; ) {
    const rest = end - from;
    const length = rest < segment + shortest ? rest : segment;
    if (power(signal, from, length) < loud ** 2 / 4) {
      from += length;
      continue;
    }
    const place = origin + from + (shift ?? 0);
    const fit = fitSegment(audio, place, signal, from, length);
    if (fit.score >= pass) {
      shift = (shift ?? 0) + fit.shift;
      if (from === onset) start = at + shift;
      score = Math.min(score, fit.score);
      from += length;
      continue;
    }
    const broken = throughBreak(audio, place, { signal, end }, from, length, shift === null);
    if (broken !== null) {
      shift = (shift ?? 0) + broken.shift;
      score = Math.min(score, broken.score);
      from += length;
      continue;
    }
    return silenced(audio, sound, place, template, { from, length, start, score, first: shift === null });
  }
  const to = Math.min(sound.length, origin + end + (shift ?? 0));
  return { template, also: [], from: start, to, score, cut: false, proven: true };
}

/** A sample, and where its sound ends. */
interface Reached extends Pick<Template, 'end'> {
  readonly signal: Signal;
}

function fitSegment(audio: Signal, place: number, signal: Signal, from: number, length: number) {
  const exact = correlation(audio, place, signal, from, length);
  if (exact > 0.98) return { shift: 0, score: exact };
  const best = align(audio, place, signal, from, length, slack);
  return best.score > exact ? best : { shift: 0, score: exact };
}

/**
 * A segment in which packets were lost or put in twice: up to a place in it the audio fits as before, from there on
 * it fits a little earlier or later.
 */
function throughBreak(
  audio: Signal,
  place: number,
  { signal, end }: Reached,
  from: number,
  length: number,
  first: boolean,
) {
  const after = afterBreak(audio, place, { signal, end }, from, length, first ? slack : farSlack);
  if (after === null) return null;
  const before = first
    ? align(audio, place, signal, from, Math.floor(length / 4), slack)
    : { shift: 0, score: 1 };
  if (before.score < pass) return null;
  const jump = after.shift - before.shift;
  if (Math.abs(jump) < stride / 2) return null;
  // What was lost is in the sample and not in the audio, what was put in the other way round.
  const lost = Math.max(0, -jump);
  let best = { shift: after.shift, score: 0 };
  for (let cut = 0; cut <= length; cut += stride) {
    const head = Math.min(cut, length);
    const rest = Math.max(0, length - head - lost);
    const a = correlation(audio, place + before.shift, signal, from, head) * weight(signal, from, head);
    const b =
      correlation(audio, place + after.shift + head + lost, signal, from + head + lost, rest) *
      weight(signal, from + head + lost, rest);
    const whole = weight(signal, from, head) + weight(signal, from + head + lost, rest);
    const score = whole === 0 ? 0 : (a + b) / whole;
    if (score > best.score) best = { shift: after.shift, score };
  }
  return best.score >= pass ? best : null;
}

/** How the audio fits behind the break: after the segment, or in as much of its end as may lie behind it. */
function afterBreak(
  audio: Signal,
  place: number,
  { signal, end }: Reached,
  from: number,
  length: number,
  within: number,
) {
  for (const tail of [from + length, from + length - shortest, from + Math.floor(length / 2)]) {
    const reach = Math.min(segment / 2, end - tail);
    if (reach < shortest / 2 || power(signal, tail, reach) < loud ** 2 / 4) continue;
    const fit = align(audio, place + (tail - from), signal, tail, reach, within);
    if (fit.score >= pass) return fit;
  }
  return null;
}

function weight(signal: Signal, from: number, length: number): number {
  return length <= 0 ? 0 : power(signal, from, length) * length;
}

interface Broken {
  readonly from: number;
  readonly length: number;
  readonly start: number;
  readonly score: number;
  /** Nothing was recognised before it. */
  readonly first: boolean;
}

/** Silenced in mid-sentence: what was heard until then must fit, and quiet must follow. */
function silenced(
  audio: Signal,
  sound: Int16Array,
  place: number,
  template: Template,
  { from, length, start, score, first }: Broken,
): Match | null {
  const { onset } = template;
  const signal = template.whole();
  const fit = first
    ? align(audio, place, signal, from, Math.min(length, shortest), slack)
    : { shift: 0, score: 1 };
  if (fit.score < pass) return null;
  const there = place + fit.shift;
  let head = 0;
  let misfits = 0;
  for (let until = stride; until <= length && misfits < 2; until += stride) {
    // A pause of the sample's own tells nothing.
    if (power(signal, from + until - stride, stride) < faint ** 2) continue;
    const fits =
      correlation(audio, there + until - stride, signal, from + until - stride, stride) >= pass - 0.1;
    // A faint step is spoilt by companding, two in a row are another sound.
    misfits = fits ? 0 : misfits + 1;
    if (fits) head = until;
  }
  // Within the last step the sound may go on for a few milliseconds more.
  const to =
    head > 0 || first
      ? (lastLoud(sound, there + head, there + head + stride) ?? there + head)
      : lastFit(audio, there - from, template, from);
  if (from + head - onset < shortest) return null;
  const isHushed =
    to >= sound.length - stride ||
    onsetFrom(sound.subarray(0, to + hush), to + 1) >= Math.min(sound.length, to + hush);
  const begins = first ? start + fit.shift : start;
  return {
    template,
    also: [],
    from: begins,
    to,
    score: Math.min(score, fit.score),
    cut: true,
    proven: isHushed,
  };
}

/**
 * Where the audio last fitted a sample that fits no more from `from` on: in a pause of the sample's own something else
 * may have begun, and the segment before may have fitted but for its end.
 */
function lastFit(audio: Signal, origin: number, { whole, onset }: Template, from: number): number {
  const signal = whole();
  let to = lastLoud(signal.pcm, onset, from) ?? from;
  const fits = (): boolean =>
    correlation(audio, origin + to - stride, signal, to - stride, stride) >= pass - 0.1;
  while (to - stride > onset && !fits()) to -= stride;
  return origin + to;
}

function lastLoud(sound: Int16Array | Float32Array, from: number, to: number): number | null {
  for (let i = Math.min(to, sound.length) - 1; i >= from; i--)
    if (Math.abs(sound[i] ?? 0) > loud) return i + 1;
  return null;
}

/** A sample that begins in the midst of another sound: after music, or over noise. */
export function searchBetween(
  audio: Signal,
  sound: Int16Array,
  from: number,
  to: number,
  templates: readonly Template[],
): Match | null {
  let best: Match | null = null;
  for (const template of templates) {
    const { beginning, onset, end } = template;
    const length = Math.min(probe, end - onset);
    if (length < probe / 2) continue;
    const until = Math.min(best?.from ?? to, to);
    for (let at = from; at < until; at += step) {
      if (roughCorrelation(audio, at, beginning, onset, length / 4) < roughPass - 0.2) continue;
      if (roughCorrelation(audio, at, beginning, onset, length) < roughPass - 0.2) continue;
      const fit = align(audio, at, beginning, onset, length, 2 * perMs);
      if (fit.score < pass) continue;
      const match = follow(audio, sound, at + fit.shift, template);
      if (match === null) continue;
      if (best === null || match.from < best.from - slack || isBetter(match, best)) best = match;
      break;
    }
  }
  return best;
}
