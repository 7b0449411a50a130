import t from 'tap';
import { extended } from '../../src/base/index.js';

t.test('a value with more in it is a copy', async (t) => {
  const before = { step: 'main-menu', keys: '1' };
  const after = extended(before, { keys: '', at: 7 });
  t.same(after, { step: 'main-menu', keys: '', at: 7 });
  t.same(before, { step: 'main-menu', keys: '1' }, 'and the value stays what it was');
});
