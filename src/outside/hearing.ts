/**
 * Pure. Recognises what was heard from the received audio alone: the sound is walked from onset to onset, and at each
 * the sample that fits it longest, by normalised cross-correlation segment by segment, is what was played.
 */
import { perMs, prepare, promise, type Signal } from './signal.js';
import { type Dictionary, type Template, loud, probe, shortest, onsetFrom } from './template.js';
import { roughPass, slack, stride, type Match, begins, isBetter, follow, searchBetween } from './match.js';

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

/** How far it lies from there when nothing was lost: nearly always. */
const nearSlack = 5 * perMs;
/** Silence that ends an unknown sound. */
const gap = 200 * perMs;
/** A sound that is shorter is a click, or the very end of something that was silenced. */
const click = 60 * perMs;
/** Where a prompt was broken off and the next begins, either way; and how far a soft beginning may be missed. */
const seam = 60 * perMs;

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

/** Where the sound that begins here falls silent. */
function soundEnd(audio: Int16Array, from: number): number {
  let last = from;
  for (let i = from; i < audio.length && i - last < gap; i++) if (Math.abs(audio[i] ?? 0) > loud) last = i;
  return Math.min(audio.length, last + 1);
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

function ms(samples: number): number {
  return Math.round(samples / perMs);
}
