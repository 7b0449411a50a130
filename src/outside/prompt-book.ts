/**
 * What the outside knows of the prompts: which words sound how. Made apart from the exchange's media folder, so that a
 * swapped or spoilt file there is noticed. The cache of sounds is shared with the engine; so whatever was heard is made
 * once more before it is believed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../base/index.js';
import {
  buildPrompts,
  cachedUlaw,
  decodeUlaw,
  type MediaIndex,
  type Pcm,
  type SpokenPiece,
  type TextCatalog,
  type VoiceToolbox,
} from '../speech/index.js';
import { type Dictionary, makeDictionary, type Sample } from './template.js';
import { align, perMs, prepare } from './signal.js';

/** Two makings of one sound are so much alike at least, and differ in length by so many samples at most. */
const same = 0.98;
const longest = 20 * perMs;

export interface PromptBook {
  /** Name of a piece's sound, as {@link dictionary} calls it; null where it has none. */
  readonly soundOf: MediaIndex;
  /** All pieces that sound so: the same words may stand in several texts. */
  readonly piecesOf: (sound: string) => readonly SpokenPiece[];
  /** Length, milliseconds. */
  readonly durationOf: (sound: string) => number | null;
  readonly sample: (sound: string) => Sample | null;
  readonly dictionary: Dictionary;
}

export interface PromptBookOptions {
  readonly catalog: TextCatalog;
  /** The site's folder of prompts, for recordings that people made. */
  readonly prompts: string;
  /** The cache folder of this machine. */
  readonly cache: string;
  readonly voice: VoiceToolbox;
  readonly log: Log;
  readonly progress?: (made: number, toMake: number) => void;
}

/** Opens the book with what the cache holds; what it lacks is made. */
export async function openPromptBook(options: PromptBookOptions): Promise<PromptBook> {
  return readBook(options, options.cache);
}

/** Makes every sound anew, in a cache of its own: after {@link differsFrom} has found one that is not what it should be. */
export async function remakePromptBook(options: PromptBookOptions): Promise<PromptBook> {
  return inFolder((folder) => readBook(options, folder));
}

/** Names of those of the sounds that, made anew, sound otherwise than in the book. */
export async function differsFrom(
  book: PromptBook,
  sounds: readonly string[],
  options: PromptBookOptions,
): Promise<readonly string[]> {
  const wanted = new Set(sounds);
  const isWanted = (piece: SpokenPiece): boolean => wanted.has(book.soundOf(piece) ?? '');
  const { catalog } = options;
  const some: TextCatalog = {
    ...catalog,
    allPieces: (language) => catalog.allPieces(language).filter(isWanted),
  };
  const { progress: _, ...quietly } = options;
  // Made once more by whoever made it first: the same words, voice and recordings.
  const fresh = await inFolder((folder) => readBook({ ...quietly, catalog: some }, folder));
  return sounds.filter((sound) => !isSame(book.sample(sound)?.pcm, fresh.sample(sound)?.pcm));
}

async function readBook(options: PromptBookOptions, cache: string): Promise<PromptBook> {
  const report = await buildPrompts({ ...options, cache, media: null });
  const pieces = new Map<string, SpokenPiece[]>();
  for (const piece of options.catalog.languages.flatMap((language) => options.catalog.allPieces(language))) {
    const sound = report.index(piece);
    if (sound === null) continue;
    const same = pieces.get(sound);
    if (same === undefined) pieces.set(sound, [piece]);
    else same.push(piece);
  }
  const samples = new Map<string, Sample>();
  for (const name of pieces.keys()) {
    samples.set(name, { name, pcm: decodeUlaw(await cachedUlaw(cache, name)) });
  }
  return {
    soundOf: report.index,
    piecesOf: (sound) => pieces.get(sound) ?? [],
    durationOf: (sound) => report.durations.get(sound) ?? null,
    sample: (sound) => samples.get(sound) ?? null,
    dictionary: makeDictionary([...samples.values()]),
  };
}

/** The same but for the noise that converting adds. */
function isSame(a: Pcm | undefined, b: Pcm | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const longer = Math.max(a.length, b.length);
  if (longer - Math.min(a.length, b.length) > longest) return false;
  return align(prepare(a), 0, prepare(b), 0, longer, longest).score >= same;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'outside-voice-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
