import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { asExchangeId, createLog } from '../../src/base/index.js';
import type { LeftMessage } from '../../src/calls/index.js';
import { takeAll } from '../../src/cli/away-messages.js';

function stage(t: Test) {
  const root = t.testdir();
  const from = join(root, 'voicemail');
  const recordings = join(root, 'recordings');
  mkdirSync(from);
  mkdirSync(recordings);
  const taken: LeftMessage[] = [];
  const known = new Set<string>();
  const parts = {
    exchange: asExchangeId('x'),
    from,
    recordings,
    isKnown: async (contact: string) => known.has(contact),
    take: async (message: LeftMessage) => {
      taken.push(message);
      known.add(message.id);
    },
    log: createLog('silent'),
  };
  return {
    from,
    recordings,
    taken,
    known,
    leave: (name: string, ms: number, secondsAgo = 60): void => {
      const path = join(from, name);
      writeFileSync(path, Buffer.alloc(44 + ms * 16));
      const when = Date.now() / 1_000 - secondsAgo;
      utimesSync(path, when, when);
    },
    take: () => takeAll(parts),
    parts,
  };
}

t.test('a message that was left while no engine was there becomes a contact, once', async (t) => {
  const { leave, take, taken, recordings, from } = stage(t);
  leave('1795372053_80077222_+96891234567_1795372040.7.wav', 4_000);
  leave('1795372060_80077222__1795372050.8.wav', 2_000);
  t.equal(await take(), 2);
  t.match(taken, [
    {
      id: 'away-1795372040.7',
      called: '80077222',
      callerNumber: '+96891234567',
      ms: 4_000,
      leftAt: 1_795_372_053_000,
      recording: 'away-1795372040.7',
    },
    { callerNumber: null },
  ]);
  t.same(readdirSync(recordings).sort(), ['away-1795372040.7.wav', 'away-1795372050.8.wav']);
  t.same(readdirSync(from), []);
  t.equal(await take(), 0);
});

t.test(
  'one that is still being spoken waits, silence is no message, and strange files are left alone',
  async (t) => {
    const { leave, take, taken, from } = stage(t);
    leave('1795372053_80077222_1_1.1.wav', 4_000, 0);
    leave('1795372053_80077222_1_1.2.wav', 300);
    leave('notes.wav', 4_000);
    t.equal(await take(), 0);
    t.same(taken, []);
    t.same(readdirSync(from).sort(), ['1795372053_80077222_1_1.1.wav', 'notes.wav']);
  },
);

t.test('an engine that died between the record and the move does not tell of it twice', async (t) => {
  const { leave, take, taken, known, recordings } = stage(t);
  leave('1795372053_80077222_1_1.1.wav', 4_000);
  known.add('away-1.1');
  t.equal(await take(), 0);
  t.same(taken, []);
  t.ok(existsSync(join(recordings, 'away-1.1.wav')), 'and the recording is where the record says');
});

t.test('a record that cannot be written leaves the message where it is', async (t) => {
  const { leave, parts, from } = stage(t);
  leave('1795372053_80077222_1_1.1.wav', 4_000);
  const refuses = { ...parts, take: async () => Promise.reject(new Error('the disk is full')) };
  await t.rejects(takeAll(refuses));
  t.equal(readdirSync(from).length, 1);
});
