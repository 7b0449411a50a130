import t from 'tap';
import { callerIdentity } from '../../../src/telephony/asterisk/caller.js';

const who = (number: string, name = '', presentation = 'allowed', country: string | null = null) =>
  callerIdentity({ number, name }, presentation, country);

t.test('a caller is known by number and name, as received', async (t) => {
  t.same(who('0501234567', 'Sara'), { number: '0501234567', name: 'Sara', withheld: false });
  t.same(who('', ''), { number: null, name: null, withheld: false });
});

t.test('a national number becomes E.164 where the trunk says of which country', async (t) => {
  t.equal(who('0501234567', '', 'allowed', 'AE').number, '+971501234567');
  t.equal(who('+60312345678', '', 'allowed', 'AE').number, '+60312345678');
  t.equal(who('112', '', 'allowed', 'AE').number, '112');
  t.equal(who('agent1', '', 'allowed', 'AE').number, 'agent1');
});

t.test('a withheld number and its name are not known, whatever else was sent', async (t) => {
  const withheld = { number: null, name: null, withheld: true };
  for (const presentation of ['prohib', 'prohib_not_screened', 'prohib_passed_screen'])
    t.same(who('0501234567', 'Sara', presentation), withheld);
  t.same(who('anonymous', 'Anonymous'), withheld);
  t.same(who('Anonymous'), withheld);
});

t.test('hostile text loses its control characters and its length, and nothing else', async (t) => {
  t.equal(who('1', 'a\u0000b\r\nc\u202ed\u2028').name, 'abcd');
  t.equal(who('1', 'سارة').name, 'سارة');
  t.equal(who('1', 'x'.repeat(4096)).name?.length, 256);
  t.equal(who('1', '${SHELL(id)}').name, '${SHELL(id)}');
  t.equal(who('1', 'say \\"hello\\"').name, 'say "hello"');
});
