/** ITU-T G.711: one byte for a sample, 8,000 samples a second. */
export type G711 = 'alaw' | 'ulaw';

/** Companded bytes for samples of -1 to 1. Pure. */
export function compand(samples: Float32Array, law: G711): Uint8Array {
  const encode = law === 'alaw' ? alaw : ulaw;
  return Uint8Array.from(samples, (sample) => encode(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767)));
}

/** G.711 table 2, from 16 bits: 14 of them, a bias of 33, the segment by the highest bit; all bits inverted. */
function ulaw(pcm: number): number {
  const sign = pcm < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(pcm) >> 2, 8158) + 33;
  const segment = 31 - Math.clz32(magnitude) - 5;
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 1)) & 0x0f)) & 0xff;
}

/** G.711 table 1, from 16 bits: 13 of them, the segment by the highest bit; every second bit inverted. */
function alaw(pcm: number): number {
  const sign = pcm < 0 ? 0 : 0x80;
  const magnitude = (pcm < 0 ? ~pcm : pcm) >> 3;
  const segment = magnitude < 32 ? 0 : 31 - Math.clz32(magnitude) - 4;
  const step = (magnitude >> Math.max(segment, 1)) & 0x0f;
  return (sign | (segment << 4) | step) ^ 0x55;
}
