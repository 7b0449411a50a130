import fc from 'fast-check';
import t from 'tap';
import { decodeUlaw, encodeAlaw, encodeUlaw, level } from '../../src/speech/sound.js';

const tone = (ms: number, loudness: number) =>
  Int16Array.from({ length: ms * 8 }, (_, at) => Math.round(loudness * Math.sin(at / 3)));
const silence = (ms: number) => new Int16Array(ms * 8);
const joined = (...parts: readonly Int16Array[]) => Int16Array.from(parts.flatMap((part) => [...part]));
const peak = (pcm: Int16Array) => pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

t.test('companding gives the codes of G.711', async (t) => {
  const samples = Int16Array.of(0, 32767, -32768, 1000, -1000);
  t.same([...encodeUlaw(samples)], [0xff, 0x80, 0x00, 0xce, 0x4e]);
  t.same([...encodeAlaw(samples)], [0xd5, 0xaa, 0x2a, 0xfa, 0x7a]);
});

t.test('a sample comes back within a sixteenth of itself', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.integer({ min: -32000, max: 32000 }), (sample) => {
        const [back] = decodeUlaw(encodeUlaw(Int16Array.of(sample)));
        return Math.abs(back! - sample) <= Math.max(8, Math.abs(sample) / 16);
      }),
    ),
  );
});

t.test('silence at both ends is cut to a short fixed pause', async (t) => {
  const long = level(joined(silence(800), tone(500, 8000), silence(1500)));
  const short = level(joined(silence(30), tone(500, 8000), silence(100)));
  t.equal(long.length, short.length);
  t.ok(long.length >= 500 * 8 && long.length <= 620 * 8, `${long.length / 8} ms`);
});

t.test('quiet and loud speech come to one level, and none is clipped', async (t) => {
  const quiet = level(tone(500, 300));
  const loud = level(tone(500, 30000));
  t.ok(Math.abs(peak(quiet) - peak(loud)) < 200, `${peak(quiet)} and ${peak(loud)}`);
  const click = level(joined(tone(500, 300), Int16Array.of(32000)));
  t.ok(peak(click) <= 32767 * 0.71, `${peak(click)}`);
});

t.test('pure silence is no sound', async (t) => {
  t.equal(level(silence(500)).length, 0);
  t.equal(level(new Int16Array(0)).length, 0);
});
