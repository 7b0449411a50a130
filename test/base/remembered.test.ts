import t from 'tap';
import { type Pieces, remembered } from '../../src/base/index.js';
import { atOnce } from '../kit/at-once.js';

t.test('a file that is as it was is not read again, one that changed is', async (t) => {
  const read: string[] = [];
  const pieces = remembered(2, function* (file, text): Pieces<{ readonly length: number }> {
    read.push(`${file}=${text}`);
    yield;
    return { length: text.length };
  });
  const reader = (file: string, text: string) => atOnce(pieces(file, text));
  const first = reader('a', 'one');
  t.equal(reader('a', 'one'), first);
  t.same(reader('a', 'three'), { length: 5 });
  t.same(reader('a', 'one'), { length: 3 }, 'and back');
  t.same(read, ['a=one', 'a=three', 'a=one']);
});

t.test('only the newest few are kept', async (t) => {
  let reads = 0;
  const reader = remembered(2, function* (): Pieces<number> {
    yield;
    return ++reads;
  });
  for (const file of ['a', 'b', 'c', 'c', 'b', 'a']) atOnce(reader(file, ''));
  t.equal(reads, 4, 'a was forgotten when c came');
});
