import { readFile } from 'node:fs/promises';
import t from 'tap';
import { errorTable } from '../../src/base/index.js';
import { load } from '../scripts/kit.js';

const { errorsPage } = await load<{ errorsPage: (table: typeof errorTable) => string }>('errors-page.mjs');

t.test('the documentation lists the errors of the table', async (t) => {
  const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  t.equal(page, errorsPage(errorTable), 'write it anew with npm run docs:errors');
});

t.test('an error has a code of its room, and says what to do in a sentence', async (t) => {
  for (const [code, { message, status }] of Object.entries(errorTable)) {
    t.match(code, /^ONEDOOR_[A-Z]+(_[A-Z]+)+$/);
    t.match(message, /^(?:[A-Z]|\{|").*[.!]$/s, code);
    t.ok(status >= 400 && status < 600, code);
  }
});
