/**
 * Pure. Recognises what was heard from the received audio alone: the sound is walked from onset to onset, and at each
 * the sample that fits it longest, by normalised cross-correlation segment by segment, is what was played.
 */
import {
  align,
  correlation,
  perMs,
  power,
  prepare,
  promise,
  roughCorrelation,
  type Signal,
  step,
} from './signal.js';

/** A sound that may be heard: 8,000 samples a second, signed 16 bit. */
export interface Sample {
  readonly name: string;
  readonly pcm: Int16Array;
}

export interface Heard {
  /** Name of the sample; null: something that is none of them. */
  readonly name: string | null;
  /** Names of the samples that begin the same: a sound cut short may have been any of them. */
  readonly also: readonly string[];
  /** From the start of the audio, milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Lowest correlation of its segments, -1 to 1; 0 where it is none of the samples. */
  readonly score: number;
  /** Silenced before its end. */
  readonly cut: boolean;
}

/** Samples made ready for {@link recognise}. */
export interface Dictionary {
  readonly templates: readonly Template[];
}

interface Template {
  readonly name: string;
  /** As much of it as tells it from others: of most samples nothing else is ever looked at. */
  readonly beginning: Signal;
  readonly whole: () => Signal;
  /** Where its sound begins and ends, samples. */
  readonly onset: number;
  readonly end: number;
}

/** Louder than this is a sound. Companding leaves up to 8 around zero. */
const loud = 160;
/** Mean level over these samples at which a sound begins. */
const soft = 24;
const onsetLength = 5 * perMs;
/** A sound's end is fainter than that. */
const faint = 32;
/** The piece of a sample that decides whether it is looked at closely. */
const probe = 250 * perMs;
/** What of a sample has a part in the last steps of its probe's coarse copy. */
const margin = 8 * perMs;
/** What the quick comparison must promise before the exact one is made. */
const roughPass = 0.7;
const segment = 400 * perMs;
/** How far a copy may lie from where its onset says it is: jitter of one RTP packet either way. */
const slack = 24 * perMs;
/** How far it lies from there when nothing was lost: nearly always. */
const nearSlack = 5 * perMs;
/** How long a machine that is short of time may hold up a sound in its midst. */
const farSlack = 240 * perMs;
/** Same prompt 1.00, one that differs in two words 0.23, another prompt 0.06: measured over two exchanges. */
const pass = 0.9;
/** Silence that ends an unknown sound. */
const gap = 200 * perMs;
/** A sample of which less was heard could be anything. */
const shortest = 120 * perMs;
/** A sound that is shorter is a click, or the very end of something that was silenced. */
const click = 60 * perMs;
/** So long the audio is quiet where a prompt was silenced: the next begins with a pause too. */
const hush = 15 * perMs;
/** Where a prompt was broken off and the next begins, either way; and how far a soft beginning may be missed. */
const seam = 60 * perMs;
/** In such steps places are tried at which packets were lost, or at which a sound was silenced. */
const stride = 10 * perMs;

/** Pure. */
export function makeDictionary(samples: readonly Sample[]): Dictionary {
  const templates: Template[] = [];
  for (const { name, pcm } of samples) {
    const onset = onsetFrom(pcm, 0);
    let end = pcm.length;
    while (end > onset && Math.abs(pcm[end - 1] ?? 0) <= faint) end--;
    if (end - onset < shortest / 2) continue;
    const beginning = prepare(pcm.subarray(0, onset + probe + margin));
    templates.push({ name, beginning, whole: once(() => prepare(pcm)), onset, end });
  }
  return { templates };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Pure. Everything that was heard, in order. */
export function recognise(sound: Int16Array, { templates }: Dictionary): Heard[] {
  const audio = prepare(sound);
  const heard: Heard[] = [];
  // A sample that was broken off, by the first look, and what came next is unknown: it may have been another.
  let doubtful: { readonly at: number; readonly count: number } | null = null;
  let isSecondLook = false;
  let at = onsetFrom(sound, 0);
  while (at < sound.length) {
    const near: Match | null = isSecondLook ? null : bestWithin(audio, sound, at, templates, nearSlack);
    const match = checked(audio, sound, near ?? bestWithin(audio, sound, at, templates, slack), templates);
    isSecondLook = false;
    if (match !== null) {
      doubtful = match.cut && near !== null ? { at, count: heard.length } : null;
      heard.push(heardOf(match));
      at = onsetFrom(sound, match.to);
    } else if (doubtful !== null) {
      heard.length = doubtful.count;
      at = doubtful.at;
      doubtful = null;
      isSecondLook = true;
    } else {
      const end = soundEnd(sound, at);
      const later = searchBetween(audio, sound, at - seam, end, templates);
      const to = later?.from ?? end;
      if (to - at >= click) heard.push(unknown(at, to));
      if (later !== null) heard.push(heardOf(later));
      at = onsetFrom(sound, later?.to ?? end);
    }
  }
  return heard;
}

/** Null where it was broken off by nothing: another sound that begins alike. */
function checked(
  audio: Signal,
  sound: Int16Array,
  match: Match | null,
  templates: readonly Template[],
): Match | null {
  return match === null || match.proven || followedAtOnce(audio, sound, match, templates) ? match : null;
}

function heardOf({ template, also, from, to, score, cut }: Match): Heard {
  const rounded = Math.round(score * 1000) / 1000;
  return { name: template.name, also, fromMs: ms(from), toMs: ms(to), score: rounded, cut };
}

function unknown(from: number, to: number): Heard {
  return { name: null, also: [], fromMs: ms(from), toMs: ms(to), score: 0, cut: false };
}

/** Pure. The first sound at or after a sample; the length of the audio where there is none. */
function onsetFrom(audio: Int16Array, from: number): number {
  // By the mean of a few milliseconds: companding moves the place at which a soft beginning crosses a threshold.
  const start = Math.max(0, from);
  let sum = 0;
  let heard = 0;
  for (let i = start; i < audio.length; i++) {
    const level = Math.abs(audio[i] ?? 0);
    sum += level;
    if (level > soft) heard++;
    const gone = i - onsetLength;
    if (gone >= start) {
      const before = Math.abs(audio[gone] ?? 0);
      sum -= before;
      if (before > soft) heard--;
    }
    // One loud sample is a click.
    if (sum > onsetLength * soft && heard >= onsetLength / 4) return Math.max(start, gone + 1);
  }
  return audio.length;
}

/** Where the sound that begins here falls silent. */
function soundEnd(audio: Int16Array, from: number): number {
  let last = from;
  for (let i = from; i < audio.length && i - last < gap; i++) if (Math.abs(audio[i] ?? 0) > loud) last = i;
  return Math.min(audio.length, last + 1);
}

interface Match {
  readonly template: Template;
  readonly also: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly score: number;
  readonly cut: boolean;
  /** False: it was broken off, and not by silence. */
  readonly proven: boolean;
}

/** Whether the next prompt begins where this one was broken off: it was interrupted, and not another one all along. */
function followedAtOnce(
  audio: Signal,
  sound: Int16Array,
  { to }: Match,
  templates: readonly Template[],
): boolean {
  return searchBetween(audio, sound, to - seam, to + seam, templates) !== null;
}

/** The sample that begins at this onset, so far aside at most, and was heard longest. */
function bestWithin(
  audio: Signal,
  sound: Int16Array,
  at: number,
  templates: readonly Template[],
  within: number,
): Match | null {
  const matches: Match[] = [];
  for (const template of templates) {
    const length = Math.min(probe, template.end - template.onset, audio.pcm.length - at);
    if (length < shortest / 2) continue;
    if (promise(audio, at, template.beginning, template.onset, length, within) < roughPass) continue;
    if (!begins(audio, at, template, length, within)) continue;
    const match = follow(audio, sound, at, template);
    if (match !== null) matches.push(match);
  }
  return longest(matches);
}

/** Whether either half of the probe is there, exactly. */
function begins(
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

function longest(matches: readonly Match[]): Match | null {
  let best: Match | null = null;
  for (const match of matches) if (best === null || isBetter(match, best)) best = match;
  if (best === null || !best.cut) return best;
  const chosen = best;
  const also = matches
    .filter((other) => other !== chosen && other.cut && chosen.to - other.to < 2 * stride)
    .map(({ template }) => template.name);
  return { ...chosen, also };
}

/** Longer is better; of two that end together, the one that came to its own end. */
function isBetter(match: Match, than: Match): boolean {
  const longer = match.to - than.to;
  if (Math.abs(longer) >= 60 * perMs) return longer > 0;
  if (match.cut !== than.cut) return than.cut;
  return match.score > than.score;
}

/** Compares segment by segment, each aligned anew, until the sample ends or the audio differs. */
function follow(audio: Signal, sound: Int16Array, at: number, template: Template): Match | null {
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
function searchBetween(
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

function ms(samples: number): number {
  return Math.round(samples / perMs);
}
