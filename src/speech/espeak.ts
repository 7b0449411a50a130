/** espeak-ng and sox as the embedded synthesiser. */
import { type Program, runProgram } from './program.js';
import { level } from './sound.js';
import { type Pcm, sampleRate, type Synthesiser } from './synthesiser.js';

/** The two programs, as the toolbox names them. */
export interface VoiceToolbox {
  readonly espeak: Program;
  readonly sox: Program;
}

/** Changes with everything below that changes the sound. */
export const espeakRecipe = 'espeak-ng 1.5x, sox 8 kHz, level 1, shadda first';
const limitMs = 10_000;
const raw = ['-r', String(sampleRate), '-c', '1', '-b', '16', '-e', 'signed-integer', '-L', '-t', 'raw', '-'];

/** Speaks with espeak-ng; its output of 22.05 kHz is resampled by sox, then trimmed and levelled. */
export function espeakSynthesiser(toolbox: VoiceToolbox): Synthesiser {
  const convert = async (wav: Uint8Array): Promise<Pcm> => {
    // A stream's header cannot tell its length.
    const bytes = await runProgram(
      toolbox.sox,
      ['-V1', '--ignore-length', '-t', 'wav', '-', ...raw],
      wav,
      limitMs,
    );
    // Copied to its own buffer, where 16-bit numbers are aligned.
    const whole = bytes.length - (bytes.length % 2);
    return level(new Int16Array(Uint8Array.from(bytes.subarray(0, whole)).buffer));
  };
  return {
    recipe: espeakRecipe,
    convert,
    speak: async (words, voice, last) => {
      const args = ['-v', voice.name, '-s', String(voice.rate), '-p', String(voice.pitch), '-b', '1', '-z'];
      // Unicode's normal order puts the doubling sign behind the vowel; espeak-ng then swallows the vowel.
      const ordered = words.replace(/([\u064B-\u0650])\u0651/gu, '\u0651$1');
      // A comma keeps the voice up where more follows.
      const said = last || /\p{P}$/u.test(ordered) ? ordered : `${ordered},`;
      return convert(await runProgram(toolbox.espeak, [...args, '--stdin', '--stdout'], said, limitMs));
    },
  };
}
