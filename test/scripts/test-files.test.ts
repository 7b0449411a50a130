import t from 'tap';
import { load } from './kit.js';

const { queuesOf } = await load<{
  queuesOf: (
    files: readonly string[],
    folder: string,
  ) => {
    readonly waiting: readonly string[];
    readonly computing: readonly string[];
    readonly alone: ReadonlySet<string>;
  };
}>('test-files.mjs');

t.test(
  'tests that wait overlap with those that compute, the longest first, and have processes of their own',
  async (t) => {
    const names = [
      'journal/commits',
      'exchange/calls',
      'exchange/contract',
      'telephony/asterisk/embedded',
      'journal/takeover',
      'exchange-of-words/speech',
      'scripts/set-up',
      'telephony/simulator/simulator',
    ];
    const inFolder = (list: readonly string[]): readonly string[] =>
      list.map((name) => `/tests/${name}.test.js`);
    const waiting = inFolder([
      'exchange/contract',
      'exchange/calls',
      'journal/takeover',
      'telephony/asterisk/embedded',
    ]);
    t.same(queuesOf(inFolder(names), '/tests'), {
      waiting,
      computing: inFolder([
        'journal/commits',
        'exchange-of-words/speech',
        'scripts/set-up',
        'telephony/simulator/simulator',
      ]),
      alone: new Set([...waiting, ...inFolder(['scripts/set-up'])]),
    });
  },
);
