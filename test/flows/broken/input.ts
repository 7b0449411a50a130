/** What callers key: input, confirming, checking, reviewing. */
import { flowOf } from '../../kit/flow-walk.js';
import type { BrokenFlow } from './broken-flow.js';

export const brokenInput: readonly BrokenFlow[] = [
  // Input.
  ['flow/ambiguous-keys', flowOf('  a: { menu: { say: menu, keys: { 1: end, §12: end } } }\n')],
  [
    'flow/unspoken-language',
    flowOf('  a: { menu: { say: menu, keys: { 1: { language: §ar, go: end } } } }\n'),
  ],
  [
    'flow/never-heard',
    flowOf(
      '  a: { menu: { say: menu, keys: { 1: end }, no-input: { tries: 2, say: [hello, §menu], go: end } } }\n',
    ),
  ],
  [
    'flow/end-key-taken',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 1, max: 3, end: §"*" } }, go: end }\n',
      'keys-anywhere: { "*": repeat }\n',
    ),
  ],

  // Confirming, checking, reviewing.
  [
    'flow/check-never-passes',
    flowOf('  a: { collect: { say: enter, into: n, digits: { min: 1, max: 2 }, check: §mod97 }, go: end }\n'),
  ],
  [
    'flow/check-never-passes',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 6, max: 8 }, check: §{ length: [5, 9] } }, go: end }\n',
    ),
  ],
  [
    'flow/custom',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 1, max: 2 }, check: §{ say: hello } }, go: end }\n',
    ),
  ],
  [
    'flow/expression-name',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 1, max: 2 }, check: { when: §m == "1" } }, go: end }\n',
    ),
  ],
  [
    'flow/unknown-text',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 2, max: 2 }, check: { digits: luhn, say: §wrogn } }, go: end }\n',
    ),
  ],
  [
    'flow/confirm-unspoken',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 1, max: 3 }, confirm: { say: §hello } }, go: end }\n',
    ),
  ],
  [
    'flow/custom',
    flowOf(
      '  a: { collect: { say: enter, into: reference, digits: { min: 1, max: 3 }, confirm: §{ say: reference, no: "1" } }, go: end }\n',
    ),
  ],
  [
    'flow/answer-key-taken',
    flowOf(
      '  a: { collect: { say: enter, into: reference, digits: { min: 1, max: 3 }, confirm: { say: reference, no: §"*" } }, go: end }\n',
      'keys-anywhere: { "*": repeat }\n',
    ),
  ],
  [
    'flow/answer-never-heard',
    flowOf(
      '  a: { collect: { say: enter, into: reference, digits: { min: 1, max: 3 }, confirm: { say: reference, no-match: { tries: 2, say: [hello, §menu] } } }, go: end }\n',
    ),
  ],
  [
    'flow/unknown-step',
    flowOf(
      '  a: { collect: { say: enter, into: reference, digits: { min: 1, max: 3 }, confirm: { say: reference, no-input: { go: §x } } }, go: end }\n',
    ),
  ],
  [
    'flow/answer-key-taken',
    flowOf(
      '  a: { record: { name: x, too-short: { go: end }, review: { say: menu, again: §"*" } }, go: end }\n',
      'keys-anywhere: { "*": repeat }\n',
    ),
  ],
  [
    'flow/no-retry-exit',
    flowOf(
      '  a: { §record: { name: x, too-short: { go: end }, review: { say: menu, no-match: { go: end } } }, go: end }\n',
      'defaults: {}\n',
    ),
  ],
  [
    'flow/custom',
    flowOf(
      '  a: { record: { name: x, too-short: { go: end }, review: §{ say: menu, again: "1" } }, go: end }\n',
    ),
  ],
];
