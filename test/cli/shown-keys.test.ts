import t from 'tap';
import { shownKeys, shownStep } from '../../src/cli/shown-keys.js';

t.test('choices are shown; what may be a PIN, a reference or a number is not', async (t) => {
  for (const shown of ['2', '12', '2#', '*', '0', '12#']) t.equal(shownKeys(shown), shown);
  t.equal(shownKeys('123456#'), '••••••#');
  t.equal(shownKeys('4711'), '••••');
  t.equal(shownKeys('*123'), '*•••');
  t.equal(shownKeys('12A'), '•••');
});

t.test('a step is shown with its keys so; others as they are', async (t) => {
  t.same(shownStep({ type: 'press', keys: '4711#' }), { type: 'press', keys: '••••#' });
  t.same(shownStep({ type: 'wait', seconds: 3 }), { type: 'wait', seconds: 3 });
  t.equal(shownStep(null), null);
});
