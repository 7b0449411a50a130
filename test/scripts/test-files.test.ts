import t from 'tap';
import { load } from './kit.js';

const { queuesOf } = await load<{
  queuesOf: (
    files: readonly string[],
    folder: string,
  ) => { readonly waiting: readonly string[]; readonly computing: readonly string[] };
}>('test-files.mjs');

t.test('tests that wait overlap with those that compute, the longest first', async (t) => {
  const names = [
    'journal/commits',
    'exchange/calls',
    'exchange/administrator',
    'telephony/asterisk/embedded',
    'journal/takeover',
    'exchange-of-words/speech',
    'telephony/simulator/simulator',
  ];
  const inFolder = (list: readonly string[]): readonly string[] =>
    list.map((name) => `/tests/${name}.test.js`);
  t.same(queuesOf(inFolder(names), '/tests'), {
    waiting: inFolder([
      'exchange/administrator',
      'exchange/calls',
      'journal/takeover',
      'telephony/asterisk/embedded',
    ]),
    computing: inFolder(['journal/commits', 'exchange-of-words/speech', 'telephony/simulator/simulator']),
  });
});
