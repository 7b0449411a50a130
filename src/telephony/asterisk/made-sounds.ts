import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compand } from './g711.js';
import { ownFolder } from './paths.js';
import { writeWhole } from './whole-file.js';

const RATE = 8000;

/** Lengths of the silences on file, milliseconds, longest first: any pause is put together from them. */
export const SILENCES = [10_000, 5000, 2000, 1000, 500, 200, 100, 50] as const;

const tone = (seconds: number, at: (t: number) => number): Float32Array =>
  Float32Array.from({ length: Math.round(seconds * RATE) }, (_, i) => at(i / RATE));

const sine = (hertz: number, t: number): number => Math.sin(2 * Math.PI * hertz * t);

/** Fades in and out over 10 ms, so that nothing clicks. */
const beep = (): Float32Array =>
  tone(0.3, (t) => 0.3 * sine(1400, t) * Math.min(1, t / 0.01, (0.3 - t) / 0.01));

/** Chords of the music, hertz: C, A minor, F, G. */
const CHORDS = [
  [261.63, 329.63, 392],
  [220, 261.63, 329.63],
  [174.61, 220, 261.63],
  [196, 246.94, 293.66],
] as const;
const CHORD_SECONDS = 4;
const NOTE_SECONDS = 0.5;

/** A quiet arpeggio of four chords that ends where it begins. */
function music(): Float32Array {
  return tone(CHORDS.length * CHORD_SECONDS, (t) => {
    const chord = CHORDS[Math.floor(t / CHORD_SECONDS)] ?? CHORDS[0];
    const note = Math.floor((t % CHORD_SECONDS) / NOTE_SECONDS);
    const since = t % NOTE_SECONDS;
    const hertz = (chord[[0, 1, 2, 1][note % 4] ?? 0] ?? chord[0]) * 2;
    return (
      0.12 * (sine(hertz, t) + 0.4 * sine(hertz / 2, t)) * Math.min(1, since / 0.02) * Math.exp(-3 * since)
    );
  });
}

/**
 * Writes the sounds that the exchange itself needs, in both codecs, so that nothing is transcoded while a caller
 * listens: `beep`, `silence-<ms>`, and music of our own.
 */
export function makeSounds(soundsFolder: string, musicFolder: string): void {
  ownFolder(soundsFolder);
  ownFolder(musicFolder);
  const sounds = [
    [join(soundsFolder, 'beep'), beep],
    [join(musicFolder, 'onedoor'), music],
    ...SILENCES.map(
      (ms) => [join(soundsFolder, `silence-${ms}`), () => new Float32Array((ms * RATE) / 1000)] as const,
    ),
  ] as const;
  for (const [path, make] of sounds) {
    if (existsSync(`${path}.alaw`) && existsSync(`${path}.ulaw`)) continue;
    const samples = make();
    for (const law of ['alaw', 'ulaw'] as const) writeWhole(`${path}.${law}`, compand(samples, law));
  }
}
