/** Sound as numbers: silence cut, loudness levelled, companded for the line. Pure. */
import { type Pcm, sampleRate } from './synthesiser.js';

/** Frames in which loudness is measured: 10 ms. */
const frame = sampleRate / 100;
/** Speech level of all prompts, relative to full scale (RMS of the frames with speech). */
const speechLevel = 10 ** (-21 / 20);
/** No sample is louder. */
const peakLevel = 10 ** (-3 / 20);
/** Frames this much below the loudest one are silence. */
const silence = 10 ** (-40 / 20);
/** Silence left at the ends, milliseconds: pieces follow one another without a gap, and none is clipped. */
const leadMs = 20;
const tailMs = 90;

/** Trims silence at both ends to a fixed pause and brings speech to one level. Pure silence comes back empty. */
export function level(pcm: Pcm): Pcm {
  const loudness = frames(pcm);
  const loudest = loudness.reduce((most, one) => Math.max(most, one), 0);
  const spoken = loudness.map((one) => one > loudest * silence && one > 1);
  const first = spoken.indexOf(true);
  if (first === -1) return new Int16Array(0);
  const last = spoken.lastIndexOf(true);
  const from = Math.max(0, first * frame - (leadMs * sampleRate) / 1000);
  const to = Math.min(pcm.length, (last + 1) * frame + (tailMs * sampleRate) / 1000);

  const active = loudness.filter((_, at) => spoken[at]);
  const rms = Math.sqrt(active.reduce((sum, one) => sum + one * one, 0) / active.length);
  const part = pcm.subarray(from, to);
  const peak = part.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  const gain = Math.min((speechLevel * 32768) / rms, (peakLevel * 32768) / peak);
  return part.map((sample) => Math.round(sample * gain));
}

/** RMS of each frame. */
function frames(pcm: Pcm): readonly number[] {
  return Array.from({ length: Math.ceil(pcm.length / frame) }, (_, at) => {
    const part = pcm.subarray(at * frame, (at + 1) * frame);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
}

/** ITU-T G.711 µ-law, one byte a sample. */
export function encodeUlaw(pcm: Pcm): Uint8Array {
  return companded(pcm, ulawOf);
}

/** ITU-T G.711 A-law, one byte a sample. */
export function encodeAlaw(pcm: Pcm): Uint8Array {
  return companded(pcm, alawOf);
}

function companded(pcm: Pcm, code: (sample: number) => number): Uint8Array {
  const bytes = new Uint8Array(pcm.length);
  for (let at = 0; at < pcm.length; at++) bytes[at] = code(pcm[at] ?? 0);
  return bytes;
}

function ulawOf(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  // The standard works on 14 bits with a bias of 33; here both are scaled to 16 bits.
  const magnitude = Math.min(32635, Math.abs(sample)) + 132;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function alawOf(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = (sample < 0 ? -sample - 1 : sample) >> 3;
  const exponent = Math.max(0, 27 - Math.clz32(magnitude));
  const mantissa = (magnitude >> Math.max(1, exponent)) & 0x0f;
  // Every second bit is inverted on the line.
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

/** What each byte stands for. */
const fromUlaw = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return code & 0x80 ? -magnitude : magnitude;
});

/** The inverse of {@link encodeUlaw}, for comparing what was heard with what was meant. */
export function decodeUlaw(bytes: Uint8Array): Pcm {
  // By the place: an iterator takes a hundred times as long, and books of prompts have millions of samples.
  const pcm = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) pcm[at] = fromUlaw[bytes[at] ?? 0] ?? 0;
  return pcm;
}
