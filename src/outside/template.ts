/** Pure. Samples made ready to be looked for in what was heard. */
import { perMs, prepare, type Signal } from './signal.js';

/** A sound that may be heard: 8,000 samples a second, signed 16 bit. */
export interface Sample {
  readonly name: string;
  readonly pcm: Int16Array;
}

/** Samples made ready for {@link recognise}. */
export interface Dictionary {
  readonly templates: readonly Template[];
}

export interface Template {
  readonly name: string;
  /** As much of it as tells it from others: of most samples nothing else is ever looked at. */
  readonly beginning: Signal;
  readonly whole: () => Signal;
  /** Where its sound begins and ends, samples. */
  readonly onset: number;
  readonly end: number;
}

/** Louder than this is a sound. Companding leaves up to 8 around zero. */
export const loud = 160;
/** Mean level over these samples at which a sound begins. */
const soft = 24;
const onsetLength = 5 * perMs;
/** A sound's end is fainter than that. */
export const faint = 32;
/** The piece of a sample that decides whether it is looked at closely. */
export const probe = 250 * perMs;
/** What of a sample has a part in the last steps of its probe's coarse copy. */
const margin = 8 * perMs;
/** A sample of which less was heard could be anything. */
export const shortest = 120 * perMs;

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

/** Pure. The first sound at or after a sample; the length of the audio where there is none. */
export function onsetFrom(audio: Int16Array, from: number): number {
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
