import t from 'tap';
import { asRecordingId } from '../../../src/base/index.js';
import { compand } from '../../../src/telephony/asterisk/g711.js';
import { mediaUris } from '../../../src/telephony/asterisk/media.js';
import type { MediaItem } from '../../../src/telephony/port.js';

const uris = (...items: MediaItem[]): readonly string[] | undefined =>
  mediaUris(items, { media: '/m', sounds: '/s' });

t.test('each item has its media URI', async (t) => {
  t.same(
    uris(
      { type: 'file', path: 'en/3f2a' },
      { type: 'recording', recording: asRecordingId('r-1') },
      { type: 'tone', tone: 'beep' },
      { type: 'tone', tone: 'ringing' },
    ),
    ['sound:/m/en/3f2a', 'recording:r-1', 'sound:/s/beep', 'tone:ring'],
  );
});

t.test('a silence is put together from those on file, never shorter than asked for', async (t) => {
  t.same(uris({ type: 'silence', ms: 1730 }), [
    'sound:/s/silence-1000',
    'sound:/s/silence-500',
    'sound:/s/silence-200',
    'sound:/s/silence-50',
  ]);
  t.same(uris({ type: 'silence', ms: 0 }), []);
  for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e9])
    t.equal(uris({ type: 'silence', ms }), undefined);
});

t.test('a path that leaves the media folder or holds a separator is none', async (t) => {
  for (const path of ['../a', 'a/../b', '/a', 'a//b', 'a,b', 'a b', 'a&b', '', 'a/', '.hidden', 'a\n'])
    t.equal(uris({ type: 'file', path }), undefined, JSON.stringify(path));
  for (const recording of ['a/b', '..', ''])
    t.equal(uris({ type: 'recording', recording: asRecordingId(recording) }), undefined);
});

t.test('G.711 as the standard’s tables have it', async (t) => {
  const samples = Float32Array.from([0, 1, -1, 0.5, -0.5]);
  t.same([...compand(samples, 'alaw')], [0xd5, 0xaa, 0x2a, 0xa5, 0x3a]);
  t.same([...compand(samples, 'ulaw')], [0xff, 0x80, 0x00, 0x8f, 0x0f]);
});
