import t from 'tap';
import { remembered } from '../../src/base/index.js';

t.test('a file that is as it was is not read again, one that changed is', async (t) => {
  const read: string[] = [];
  const reader = remembered(2, (file, text) => {
    read.push(`${file}=${text}`);
    return { length: text.length };
  });
  const first = reader('a', 'one');
  t.equal(reader('a', 'one'), first);
  t.same(reader('a', 'three'), { length: 5 });
  t.same(reader('a', 'one'), { length: 3 }, 'and back');
  t.same(read, ['a=one', 'a=three', 'a=one']);
});

t.test('only the newest few are kept', async (t) => {
  let reads = 0;
  const reader = remembered(2, () => ++reads);
  for (const file of ['a', 'b', 'c', 'c', 'b', 'a']) reader(file, '');
  t.equal(reads, 4, 'a was forgotten when c came');
});
