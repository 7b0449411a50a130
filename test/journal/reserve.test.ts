import fc from 'fast-check';
import t from 'tap';
import type { Group } from '../../src/journal/group.js';
import { createReserve, type ReserveMedium, readReserve } from '../../src/journal/reserve.js';

function makeGroup(to: number, text = ''): Group {
  return {
    from: to,
    to,
    at: to,
    events: [to, to, 'call-1', text, 1, '{}'],
    entities: [],
    personal: [],
    records: [],
  };
}

function createMemory(size: number): ReserveMedium & { readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(size);
  return {
    size,
    bytes,
    write(offset, its, done) {
      bytes.set(its, offset);
      done(null);
    },
    close: () => Promise.resolve(),
  };
}

const seqs = (bytes: Uint8Array) => readReserve(bytes).groups.map((group) => group.to);

t.test('what was added is read again in order', (t) => {
  const memory = createMemory(10_000);
  const reserve = createReserve(memory, 1);
  reserve.add([makeGroup(1), makeGroup(2, 'حي')], (failure) => t.equal(failure, null));
  reserve.add([makeGroup(3)], (failure) => t.equal(failure, null));
  t.same(readReserve(memory.bytes), { groups: [makeGroup(1), makeGroup(2, 'حي'), makeGroup(3)], round: 1 });
  t.end();
});

t.test('a reserve that is full refuses, and takes again when it was cleared', (t) => {
  const memory = createMemory(400);
  const reserve = createReserve(memory, 1);
  const failures: (Error | null)[] = [];
  reserve.add([makeGroup(1)], (failure) => failures.push(failure));
  reserve.add([makeGroup(2, 'x'.repeat(400))], (failure) => failures.push(failure));
  t.equal(failures[0], null);
  t.match(failures[1], { code: 'ONEDOOR_JOURNAL_STORE' });
  t.match(reserve.refusal, /full/);
  reserve.clear((failure) => t.equal(failure, null));
  t.equal(reserve.refusal, null);
  t.same(seqs(memory.bytes), []);
  t.notOk(
    memory.bytes.some((byte) => byte !== 0),
    'personal data in a cleared reserve',
  );
  reserve.add([makeGroup(3)], (failure) => t.equal(failure, null));
  t.same(seqs(memory.bytes), [3]);
  t.end();
});

t.test('entries of an earlier round behind the newest entry are not read', (t) => {
  const memory = createMemory(10_000);
  const first = createReserve(memory, 1);
  for (const seq of [1, 2, 3]) first.add([makeGroup(seq)], () => undefined);
  const second = createReserve(memory, 2);
  second.add([makeGroup(4)], () => undefined);
  t.same(seqs(memory.bytes), [4]);
  t.end();
});

t.test(
  'a write that was cut off anywhere, or any byte that went wrong, leaves the entries before it',
  (t) => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 50 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.boolean(),
        (texts, point, cut) => {
          const memory = createMemory(4_000);
          const reserve = createReserve(memory, 1);
          const ends: number[] = [];
          for (const [index, text] of texts.entries()) {
            reserve.add([makeGroup(index + 1, text)], () => undefined);
            ends.push(memory.bytes.findLastIndex((byte) => byte !== 0) + 1);
          }
          const at = point % (ends.at(-1) ?? 1);
          if (cut) memory.bytes.fill(0, at);
          else memory.bytes[at] = (memory.bytes[at] ?? 0) ^ 0xff;
          const whole = ends.filter((end) => end <= at).length;
          const found = seqs(memory.bytes);
          if (found.length !== whole) throw new Error(`${found.length} entries instead of ${whole}.`);
        },
      ),
    );
    t.end();
  },
);

t.test('a write that was cut at any byte of its head is no entry', (t) => {
  for (let at = 0; at < 40; at++) {
    const memory = createMemory(4_000);
    createReserve(memory, 1).add([makeGroup(1, 'x'.repeat(30))], () => undefined);
    memory.bytes.fill(0, at);
    t.same(seqs(memory.bytes), [], `cut at ${at}`);
  }
  t.end();
});
