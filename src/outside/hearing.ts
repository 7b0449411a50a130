/**
 * Pure. Recognises what was heard from the received audio alone: the sound is walked from onset to onset, and at each
 * the sample that fits it best, by normalised cross-correlation in segments, is what was played.
 */

/** A sound that may be heard: 8,000 samples a second, signed 16 bit. */
export interface Sample {
  readonly name: string;
  readonly pcm: Int16Array;
}

export interface Heard {
  /** Name of the sample; null: something that is none of them. */
  readonly name: string | null;
  /** From the start of the audio, milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Lowest correlation of its segments, -1 to 1. */
  readonly score: number;
  /** Silenced before its end. */
  readonly cut: boolean;
}

const perMs = 8;
/** Louder than this is a sound. Companding leaves up to 8 around zero. */
const loud = 160;
/** So much of a sample decides whether it is looked at closely. */
const probe = 250 * perMs;
const segment = 400 * perMs;
/** How far a copy may lie from where its onset says it is: jitter of one RTP packet either way. */
const slack = 24 * perMs;
const probePass = 0.75;
/** Same prompt 1.00, one that differs in two words 0.23, another prompt 0.06: measured over two exchanges. */
const pass = 0.9;
/** Silence that ends an unknown sound. */
const gap = 200 * perMs;
/** A sample of which less was heard could be anything. */
const shortest = 120 * perMs;

interface Template {
  readonly name: string;
  readonly pcm: Int16Array;
  /** Where its sound begins and ends, samples. */
  readonly onset: number;
  readonly end: number;
}

/** Pure. Everything that was heard, in order. */
export function recognise(audio: Int16Array, samples: readonly Sample[]): Heard[] {
  const templates = samples.map(templateOf).filter((template): template is Template => template !== null);
  const heard: Heard[] = [];
  let at = onsetFrom(audio, 0);
  while (at < audio.length) {
    const best = bestAt(audio, at, templates);
    const to = best === null ? soundEnd(audio, at) : best.to;
    heard.push({
      name: best?.template.name ?? null,
      fromMs: Math.round(at / perMs),
      toMs: Math.round(to / perMs),
      score: best?.score ?? 0,
      cut: best?.cut ?? false,
    });
    at = onsetFrom(audio, to);
  }
  return heard;
}

/** Pure. The first sound at or after a sample; the length of the audio where there is none. */
export function onsetFrom(audio: Int16Array, from: number): number {
  for (let i = Math.max(0, from); i < audio.length; i++) {
    if (Math.abs(audio[i] ?? 0) <= loud) continue;
    // One loud sample is a click, three within two milliseconds are a sound.
    let count = 0;
    for (let j = i; j < i + 2 * perMs; j++) if (Math.abs(audio[j] ?? 0) > loud) count++;
    if (count >= 3) return i;
  }
  return audio.length;
}

function templateOf({ name, pcm }: Sample): Template | null {
  const onset = onsetFrom(pcm, 0);
  let end = pcm.length;
  while (end > onset && Math.abs(pcm[end - 1] ?? 0) <= loud) end--;
  return end - onset < shortest ? null : { name, pcm, onset, end };
}

/** Where the sound that begins here falls silent. */
function soundEnd(audio: Int16Array, from: number): number {
  let last = from;
  for (let i = from; i < audio.length && i - last < gap; i++) if (Math.abs(audio[i] ?? 0) > loud) last = i;
  return Math.min(audio.length, last + 1);
}

interface Match {
  readonly template: Template;
  readonly to: number;
  readonly score: number;
  readonly cut: boolean;
}

function bestAt(audio: Int16Array, at: number, templates: readonly Template[]): Match | null {
  let best: Match | null = null;
  for (const template of templates) {
    const length = Math.min(probe, template.end - template.onset, audio.length - at);
    if (length < shortest) continue;
    const offset = align(audio, at, template, template.onset, length);
    if (offset.score < probePass) continue;
    const match = follow(audio, at + offset.shift, template);
    if (match !== null && (best === null || match.to > best.to || (match.to === best.to && match.score > best.score))) {
      best = match;
    }
  }
  return best;
}

/** Compares segment by segment, each aligned anew, until the sample ends or the audio differs. */
function follow(audio: Int16Array, at: number, template: Template): Match | null {
  const origin = at - template.onset;
  let shift = 0;
  let score = 1;
  for (let from = template.onset; from < template.end; from += segment) {
    const length = Math.min(segment, template.end - from);
    // A short rest says little, and is heard with the segment before it.
    if (length < shortest && from > template.onset) break;
    if (isQuiet(template.pcm, from, length)) continue;
    const found = align(audio, origin + from + shift, template, from, length);
    if (found.score >= pass) {
      shift += found.shift;
      score = Math.min(score, found.score);
      continue;
    }
    // Silenced in mid-sentence: what was heard until then must fit, and silence must follow.
    const silentFrom = soundEnd(audio, origin + from + shift - perMs);
    const heardUntil = Math.max(silentFrom, origin + from + shift);
    const isCut = from + shift > template.onset + shortest && heardUntil - (origin + from + shift) < length - perMs * 20;
    const partial = heardUntil - (origin + from + shift);
    const fits = partial < shortest || align(audio, origin + from + shift, template, from, partial).score >= pass;
    return isCut && fits ? { template, to: heardUntil, score, cut: true } : null;
  }
  return { template, to: Math.min(audio.length, origin + template.end + shift), score, cut: false };
}

function isQuiet(pcm: Int16Array, from: number, length: number): boolean {
  let energy = 0;
  for (let i = from; i < from + length; i++) energy += (pcm[i] ?? 0) ** 2;
  return energy / length < loud ** 2 / 4;
}

/** The best correlation within the slack around a place: coarse steps first, then sample by sample. */
function align(
  audio: Int16Array,
  at: number,
  { pcm }: Template,
  from: number,
  length: number,
): { readonly shift: number; readonly score: number } {
  const exact = correlation(audio, at, pcm, from, length);
  if (exact > 0.98) return { shift: 0, score: exact };
  let best = { shift: 0, score: exact };
  for (let shift = -slack; shift <= slack; shift++) {
    const score = correlation(audio, at + shift, pcm, from, Math.min(length, segment));
    if (score > best.score) best = { shift, score };
  }
  return best;
}

function correlation(audio: Int16Array, at: number, pcm: Int16Array, from: number, length: number): number {
  let product = 0;
  let energyA = 0;
  let energyB = 0;
  for (let i = 0; i < length; i++) {
    const a = audio[at + i] ?? 0;
    const b = pcm[from + i] ?? 0;
    product += a * b;
    energyA += a * a;
    energyB += b * b;
  }
  return energyA === 0 || energyB === 0 ? 0 : product / Math.sqrt(energyA * energyB);
}
