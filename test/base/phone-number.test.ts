import fc from 'fast-check';
import t from 'tap';
import { checkNumber, isCountry, type NumberRules } from '../../src/base/index.js';

const oman: NumberRules = { countries: ['OM'], only: [], refuse: [] };
const check = (number: string, rules: NumberRules = oman, use: 'call' | 'text' = 'call'): string => {
  const checked = checkNumber(rules, number, use);
  return checked.result === 'allowed' ? checked.number : 'refused';
};

t.test('a number of the country is allowed, however it is written', async (t) => {
  for (const number of ['91234567', '+96891234567', '0096891234567', '+968 9123 4567'])
    t.equal(check(number), '+96891234567', number);
  t.equal(check('24123456'), '+96824123456', 'a fixed line');
});

t.test(
  'what earns somebody money per call is refused, and so are short, long and foreign numbers',
  async (t) => {
    const numbers = [
      '90012345',
      '80077222',
      '112',
      '9999',
      '',
      '+447911123456',
      '+18005551234',
      '9123456789012',
    ];
    for (const number of numbers) t.equal(check(number), 'refused', number);
    t.equal(check('+449098790123', { ...oman, countries: ['GB'] }), 'refused', 'premium rate');
    t.equal(check('+447011123456', { ...oman, countries: ['GB'] }), 'refused', 'a personal number');
  },
);

t.test('numbers of several countries can be allowed; one without a country is of the first', async (t) => {
  const both: NumberRules = { countries: ['MY', 'OM'], only: [], refuse: [] };
  t.equal(check('0123456789', both), '+60123456789');
  t.equal(check('+96891234567', both), '+96891234567');
});

t.test('beginnings can be needed, and refused', async (t) => {
  t.equal(check('24123456', { ...oman, only: ['+9689'] }), 'refused');
  t.equal(check('91234567', { ...oman, only: ['+9689'] }), '+96891234567');
  t.equal(check('91234567', { ...oman, refuse: ['+96891'] }), 'refused');
});

t.test('only a mobile phone gets a text', async (t) => {
  t.equal(check('91234567', oman, 'text'), '+96891234567');
  t.equal(check('24123456', oman, 'text'), 'refused');
});

t.test('without a country nothing is allowed', async (t) => {
  t.equal(check('+96891234567', { ...oman, countries: [] }), 'refused');
});

t.test('whatever is keyed, what is allowed begins with the code of an allowed country', async (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^[0-9+*#]{0,30}$/)), (text) => {
      const checked = checkNumber(oman, text, 'call');
      if (checked.result === 'allowed' && !/^\+968[279]\d{7}$/.test(checked.number))
        throw new Error(checked.number);
    }),
    { numRuns: 500 },
  );
  t.pass('500 numbers');
});

t.test('countries are known by their code', async (t) => {
  t.ok(isCountry('OM'));
  t.notOk(isCountry('XX'));
});
