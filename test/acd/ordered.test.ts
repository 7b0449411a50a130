import fc from 'fast-check';
import t from 'tap';
import { addTo, createOrdered, firstOf, inOrder, rankIn, removeFrom } from '../../src/acd/ordered.js';

t.test('the list does what a sorted array does, with more entries than one chunk holds', async (t) => {
  const moves = fc.array(fc.record({ add: fc.integer({ min: 0, max: 4 }), n: fc.nat({ max: 3_000 }) }), {
    minLength: 500,
    maxLength: 2_500,
    size: 'max',
  });
  fc.assert(
    fc.property(moves, fc.nat({ max: 3_000 }), (all, asked) => {
      const list = createOrdered<number>((a, b) => a - b);
      const plain = new Set<number>();
      for (const { add, n } of all) {
        // One in five takes away, the other way round in the second half.
        if (add > 0 === all.length > 1_500) {
          addTo(list, n);
          plain.add(n);
        } else {
          removeFrom(list, n);
          plain.delete(n);
        }
      }
      const sorted = [...plain].sort((a, b) => a - b);
      if ([...inOrder(list)].join() !== sorted.join()) throw new Error('not in order');
      if (list.size !== sorted.length) throw new Error(`${list.size} are not ${sorted.length}`);
      const before = sorted.filter((n) => n < asked).length;
      if (rankIn(list, asked) !== before) throw new Error(`${asked} has ${before} before it`);
      const first = sorted.find((n) => n > asked) ?? null;
      if (firstOf(list, (n) => n > asked) !== first) throw new Error(`${first} is the first after ${asked}`);
    }),
    { numRuns: 100 },
  );
  t.pass('in 100 runs');
});

t.test('ten thousand entries stay in chunks of which none is empty', async (t) => {
  const list = createOrdered<number>((a, b) => a - b);
  for (let n = 0; n < 10_000; n++) addTo(list, (n * 7_919) % 10_000);
  t.ok(list.chunks.length > 30 && list.chunks.length < 100, `${list.chunks.length} chunks`);
  for (let n = 0; n < 10_000; n += 2) removeFrom(list, n);
  t.equal(list.size, 5_000);
  t.equal(rankIn(list, 5_001), 2_500);
  for (let n = 1; n < 10_000; n += 2) removeFrom(list, n);
  t.same(list.chunks, []);
});
