/** Makes the media of a catalogue: each sound once, as A-law and µ-law, found again by its content. */
import { type Finding, type Log, OnedoorError } from '../base/index.js';
import { espeakRecipe, espeakSynthesiser, type VoiceToolbox } from './espeak.js';
import { cachedMs, cacheSound, mediaPath, placeSound, soundHash } from './media-cache.js';
import { listRecordings, readRecording, recordingFinding, unusedRecording } from './recordings.js';
import type { MediaIndex, SpokenPiece, TextCatalog, VoiceSettings } from './speech.js';
import type { Pcm, Synthesiser } from './synthesiser.js';

export interface BuildOptions {
  readonly catalog: TextCatalog;
  /** Folder with `<lang>/<name>.wav`: the site's `prompts`. */
  readonly prompts: string;
  /** The state's media folder, from which the exchange plays; null: the sounds stay in the cache. */
  readonly media: string | null;
  /** The cache folder of this machine; sounds lie in `voice/` below it. */
  readonly cache: string;
  /** Null: nothing new can be made, what the cache holds is used. */
  readonly voice: VoiceToolbox | Synthesiser | null;
  readonly log: Log;
  /** Told after each sound that had to be made: for a person who waits. */
  readonly progress?: (made: number, toMake: number) => void;
}

export interface BuildReport {
  /** Pieces whose sound was made now, by the synthesiser or from a recording. */
  readonly built: number;
  /** Pieces whose sound lay ready. */
  readonly reused: number;
  /** Pieces, of both, that a person recorded. */
  readonly recorded: number;
  /** Pieces without media. */
  readonly missing: readonly SpokenPiece[];
  /** Recordings that cannot be played; the synthetic voice stands in. */
  readonly findings: readonly Finding[];
  readonly index: MediaIndex;
  /** Length of each media file, milliseconds, by path as the index gives it. */
  readonly durations: ReadonlyMap<string, number>;
}

/** One sound to be had. Pieces of a language with the same words share it. */
interface Sound {
  readonly language: string;
  readonly hash: string;
  readonly make: (synthesiser: Synthesiser) => Promise<Pcm>;
  readonly recorded: boolean;
  readonly pieces: SpokenPiece[];
}

/** Processes at once: the machine has calls to carry too. */
const workers = 2;

/**
 * Makes what is missing and says where everything lies. A second build makes nothing. A piece that cannot be made is
 * in `missing` and in the log. Throws ONEDOOR_SPEECH_MEDIA when cache or media folder cannot be written.
 */
export async function buildPrompts(options: BuildOptions): Promise<BuildReport> {
  const { cache, media, log } = options;
  const synthesiser = synthesiserOf(options.voice);
  const recipe = synthesiser?.recipe ?? espeakRecipe;
  const durations = new Map<string, number>();
  const paths = new Map<string, string>();
  const missing: SpokenPiece[] = [];
  let built = 0;
  let reused = 0;
  let recorded = 0;

  const { sounds, findings } = await soundsOf(options, synthesiser, recipe);
  const place = async (sound: Sound, ms: number): Promise<void> => {
    const path = mediaPath(sound.language, sound.hash);
    if (media !== null) await placeSound(cache, media, sound.language, sound.hash);
    durations.set(path, ms);
    for (const piece of sound.pieces) paths.set(keyOf(piece), path);
    if (sound.recorded) recorded += sound.pieces.length;
  };

  const toMake: Sound[] = [];
  for (const sound of sounds) {
    const ms = await cachedMs(cache, sound.hash);
    if (ms === null) toMake.push(sound);
    else {
      await place(sound, ms);
      reused += sound.pieces.length;
    }
  }

  const total = toMake.length;
  let made = 0;
  const work = async (by: Synthesiser): Promise<void> => {
    for (let sound = toMake.shift(); sound !== undefined; sound = toMake.shift()) {
      const pcm = await soundOrNull(sound, by, log);
      if (pcm === null) missing.push(...sound.pieces);
      else {
        await place(sound, await cacheSound(cache, sound.hash, pcm));
        built += sound.pieces.length;
      }
      made += 1;
      options.progress?.(made, total);
    }
  };
  if (synthesiser === null) missing.push(...toMake.flatMap((sound) => sound.pieces));
  else await Promise.all(Array.from({ length: workers }, () => work(synthesiser)));

  return {
    built,
    reused,
    recorded,
    missing,
    findings,
    index: (piece) => paths.get(keyOf(piece)) ?? null,
    durations,
  };
}

const keyOf = (piece: SpokenPiece): string => `${piece.language}\n${piece.name}\n${piece.words}`;

function synthesiserOf(voice: BuildOptions['voice']): Synthesiser | null {
  if (voice === null) return null;
  return 'recipe' in voice ? voice : espeakSynthesiser(voice);
}

async function soundOrNull(sound: Sound, synthesiser: Synthesiser, log: Log): Promise<Pcm | null> {
  const pieces = sound.pieces.map((piece) => `${piece.language}/${piece.name}`);
  try {
    const pcm = await sound.make(synthesiser);
    if (pcm.length > 0) return pcm;
    log.error({ pieces }, 'the synthesiser gave silence');
  } catch (error) {
    if (!(error instanceof OnedoorError)) throw error;
    log.error({ err: error, pieces }, 'a prompt could not be made');
  }
  return null;
}

interface Sounds {
  readonly sounds: readonly Sound[];
  readonly findings: readonly Finding[];
}

/** What a catalogue needs, by recordings where there are any. */
async function soundsOf(
  { catalog, prompts, cache }: BuildOptions,
  synthesiser: Synthesiser | null,
  recipe: string,
): Promise<Sounds> {
  const sounds = new Map<string, Sound>();
  const findings: Finding[] = [];
  for (const language of catalog.languages) {
    const voice = catalog.voice(language);
    if (voice === null) continue;
    const recordings = await listRecordings(prompts, language);
    const pieces = catalog.allPieces(language);
    const names = new Set(pieces.map((piece) => piece.name));
    for (const [name, path] of recordings) if (!names.has(name)) findings.push(unusedRecording(path));
    for (const piece of pieces) {
      if (piece.pauseMs !== undefined) continue;
      const recording = recordings.get(piece.name);
      const sound =
        recording === undefined
          ? spokenSound(piece, voice, recipe)
          : ((await recordedSound(recording)) ?? spokenSound(piece, voice, recipe));
      const id = `${language} ${sound.hash}`;
      const known = sounds.get(id);
      if (known === undefined) sounds.set(id, { ...sound, language, pieces: [piece] });
      else known.pieces.push(piece);
    }
  }
  return { sounds: [...sounds.values()], findings };

  /** Null, with a finding: it cannot be played. */
  async function recordedSound(path: string): Promise<Omit<Sound, 'language' | 'pieces'> | null> {
    const reading = await readRecording(prompts, path);
    if (reading.result === 'broken') {
      findings.push(reading.finding);
      return null;
    }
    const hash = soundHash('recording', recipe, reading.wav);
    if ((await cachedMs(cache, hash)) !== null)
      return { hash, recorded: true, make: (by) => by.convert(reading.wav) };
    if (synthesiser === null) return null;
    // Only trying tells whether it can be converted.
    try {
      const pcm = await synthesiser.convert(reading.wav);
      if (pcm.length > 0) return { hash, recorded: true, make: () => Promise.resolve(pcm) };
      findings.push(recordingFinding(path, 'nothing but silence is in it'));
    } catch (error) {
      if (!(error instanceof OnedoorError)) throw error;
      findings.push(recordingFinding(path, String(error.fields['why'])));
    }
    return null;
  }
}

function spokenSound(
  piece: SpokenPiece,
  voice: VoiceSettings,
  recipe: string,
): Omit<Sound, 'language' | 'pieces'> {
  // Whole texts end what is said; their parts, digits and numbers do not.
  const last = !/[./]/.test(piece.name);
  return {
    hash: soundHash('words', recipe, voice.name, voice.rate, voice.pitch, last, piece.words),
    recorded: false,
    make: (by) => by.speak(piece.words, voice, last),
  };
}
