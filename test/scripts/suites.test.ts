import t from 'tap';
import { load } from './kit.js';

const { ownSuite, suitesToTry } = await load<{
  ownSuite: (text: string) => string | undefined;
  suitesToTry: (own: string | undefined, wanted: { asterisk: boolean }) => string[];
}>('suites.mjs');
const { isAtLeast } = await load<{ isAtLeast: (text: string, least: string) => boolean }>('version.mjs');

t.test('a machine tells its suite', async (t) => {
  t.equal(ownSuite('ID=debian\nVERSION_CODENAME=bookworm\n'), 'bookworm');
  t.equal(ownSuite('VERSION_CODENAME="trixie"\nID="debian"\n'), 'trixie');
  t.equal(ownSuite('PRETTY_NAME="Debian GNU/Linux sid"\nID=debian\n'), undefined);
  t.equal(ownSuite('ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n'), undefined);
});

t.test('the exchange is not sought in suites that were released before it', async (t) => {
  t.same(suitesToTry('bookworm', { asterisk: true }), ['forky', 'sid']);
  t.same(suitesToTry('trixie', { asterisk: true }), ['forky', 'sid']);
  t.same(suitesToTry(undefined, { asterisk: true }), ['forky', 'sid']);
});

t.test('the own suite comes first, then newer ones, the most settled first', async (t) => {
  t.same(suitesToTry('bookworm', { asterisk: false }), ['bookworm', 'trixie', 'forky', 'sid']);
  t.same(suitesToTry('sid', { asterisk: true }), ['sid']);
  t.same(suitesToTry('after-forky', { asterisk: true }), ['after-forky', 'forky', 'sid']);
});

t.test('versions are compared by their numbers, whatever stands around them', async (t) => {
  for (const enough of ['1:22.10.1+dfsg+~cs6.17-1', '22.10.2', 'Asterisk 22.11.0', '23.0.0', '22.10.1.1'])
    t.ok(isAtLeast(enough, '22.10.1'), enough);
  for (const old of ['1:22.10.0~rc1-1', '22.9.3', '20.18.0', '1:16.28.0~dfsg-0', '22.10', 'none', ''])
    t.notOk(isAtLeast(old, '22.10.1'), old);
});
