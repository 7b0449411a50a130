import fc from 'fast-check';
import t from 'tap';
import type { CsvTable, JsonObject } from '../../src/base/index.js';
import { csvAnswers } from '../../src/lookups/index.js';

const violations: CsvTable = {
  columns: ['code', 'plate', 'count'],
  rows: [
    { code: 'AA', plate: '1234', count: '2' },
    { code: 'AA', plate: '0077', count: '1' },
    { code: 'B', plate: '1234', count: '' },
    { code: 'B', plate: '1234', count: 'second' },
  ],
};
const answer = csvAnswers(new Map([['violations', violations]]));
const ask = (asked: JsonObject, source = 'violations') => answer({ source, with: asked });

t.test('a row is found by one column or by several', async (t) => {
  t.same(ask({ plate: '0077' }), { result: 'found', row: violations.rows[1] });
  t.same(ask({ plate: '1234', code: 'AA' }), { result: 'found', row: violations.rows[0] });
  t.same(ask({ code: 'B', plate: '1234' }), { result: 'found', row: violations.rows[2] }, 'the first of two');
  t.same(ask({ code: 'AA', plate: '9' }), { result: 'not-found' });
});

t.test('case, spaces and the kind of a value do not matter, zeros in front do', async (t) => {
  t.same(ask({ code: ' a a', plate: 1234 }), { result: 'found', row: violations.rows[0] });
  t.same(ask({ plate: '１２３４' }), { result: 'found', row: violations.rows[0] }, 'full-width digits');
  t.same(ask({ plate: '77' }), { result: 'not-found' });
});

t.test('an empty entry never finds an empty cell', async (t) => {
  t.same(ask({ count: '' }), { result: 'not-found' });
  t.same(ask({ count: '  ' }), { result: 'not-found' });
});

t.test('a wrong question fails with a reason', async (t) => {
  t.same(ask({}), { result: 'failed', why: 'it was asked for no column' });
  t.same(ask({ colour: 'red' }), { result: 'failed', why: 'it has no column "colour"' });
  t.same(ask({ toString: 'x' }), { result: 'failed', why: 'it has no column "toString"' });
  t.same(ask({ code: null }), {
    result: 'failed',
    why: 'the value of "code" is neither a text nor a number',
  });
  t.same(ask({ code: 'x' }, 'requests'), { result: 'failed', why: 'no source is named "requests"' });
  t.same(ask({ code: 'x' }, '__proto__'), { result: 'failed', why: 'no source is named "__proto__"' });
});

t.test('whatever a caller keys, the answer is one of the three and holds nothing of the entry', async (t) => {
  const property = fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (asked) => {
    const given = ask(asked as JsonObject);
    return ['found', 'not-found', 'failed'].includes(given.result);
  });
  fc.assert(property);
  t.match(ask({ code: ['secret'] }), { why: /^the value of "code" is neither a text nor a number$/ });
});
