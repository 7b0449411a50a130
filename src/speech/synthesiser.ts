/** The synthesiser's port: words in, telephone sound out. Used while prompts are built, never while a caller waits. */
import type { VoiceSettings } from './speech.js';

/** Mono, 8,000 samples a second, signed 16 bit: what a telephone line carries before companding. */
export type Pcm = Int16Array;

/** Samples a second of all media. */
export const sampleRate = 8000;

export interface Synthesiser {
  /** Names program, version and recipe: changes whenever the same words would sound different. */
  readonly recipe: string;
  /**
   * Speaks words. `last`: the words end what is said; otherwise more follows, and the voice stays up.
   * Throws ONEDOOR_SPEECH_PROGRAM when the program fails or takes longer than its limit.
   */
  speak(words: string, voice: VoiceSettings, last: boolean): Promise<Pcm>;
  /** Converts a recording to telephone sound. Throws ONEDOOR_SPEECH_PROGRAM when it is no sound. */
  convert(wav: Uint8Array): Promise<Pcm>;
}
