/** Ways from step to step, and the end. */
import { flowOf } from '../../kit/flow-walk.js';
import type { BrokenFlow } from './broken-flow.js';

export const brokenWays: readonly BrokenFlow[] = [
  // Ways.
  ['flow/unknown-step', flowOf('  a: { say: hello, go: §edn }\n')],
  ['flow/unknown-step', flowOf('  a: { menu: { say: menu, keys: { 1: §nowhere } } }\n')],
  [
    'flow/unknown-step',
    flowOf('  a: { menu: { say: menu, keys: { 1: { language: en, go: §nowhere } } } }\n'),
  ],
  ['flow/unknown-step', flowOf('  a: { say: hello, go: end }\n').replace('start: a', 'start: §b')],
  ['flow/unknown-step', flowOf('  a: { say: hello, go: end }\n', 'keys-anywhere: { "0": §agent }\n')],
  [
    'flow/unknown-step',
    flowOf(
      '  a: { menu: { say: menu, keys: { 1: end } } }\n',
      'defaults: { no-input: { go: §nobody }, no-match: { go: end } }\n',
    ).replace(/ {2}(silent|wrong):.*\n/g, ''),
  ],
  ['flow/unknown-step', flowOf('  a: { decide: [{ when: true, go: §x }, { else: end }] }\n')],
  ['flow/unknown-step', flowOf('  a: { dial: { phone: agent-1, answered: end, busy: §x, failed: end } }\n')],
  ['flow/way-not-here', flowOf('  a: { say: hello, go: §repeat }\n')],
  ['flow/way-not-here', flowOf('  a: { menu: { say: menu, keys: { 1: end }, no-input: { go: §back } } }\n')],
  ['flow/no-way-out', flowOf('  §a: { say: hello }\n')],
  ['flow/no-way-out', flowOf('  a: { §decide: [{ when: true, go: end }] }\n')],
  ['flow/no-way-out', flowOf('  a: { §lookup: { source: requests, found: end, failed: end } }\n')],
  ['flow/no-way-out', flowOf('  a: { §dial: { phone: agent-1, answered: end } }\n')],
  [
    'flow/no-retry-exit',
    flowOf('  a: { §menu: { say: menu, keys: { 1: end }, no-input: { go: end } } }\n', 'defaults: {}\n'),
  ],
  ['flow/no-retry-exit', flowOf('  a:\n    §record: { name: x }\n    go: end\n')],
  ['flow/else-not-last', flowOf('  a: { decide: [{ else: end }, §{ when: true, go: end }] }\n')],
  [
    'flow/unreachable',
    flowOf('  a: { menu: { say: menu, keys: { 1: end } } }\n  §b: { say: hello, go: end }\n'),
  ],
  [
    'flow/endless-cycle',
    flowOf(
      '  a: { say: hello, go: b }\n  §b: { set: { n: 1 }, go: c }\n  c: { decide: [{ when: n == 1, go: b }, { else: end }] }\n',
    ),
  ],
  ['flow/never-ends', flowOf('  §a: { say: hello, go: b }\n  b: { say: hello, go: a }\n')],
  [
    'flow/silence-goes-round',
    flowOf(
      '  §a: { menu: { say: menu, keys: { 1: end }, no-input: { go: b } } }\n  b: { say: hello, go: a }\n',
    ),
  ],
  [
    'flow/mistakes-go-round',
    flowOf(
      '  §a: { menu: { say: menu, keys: { 1: end }, no-match: { go: b } } }\n  b: { say: hello, go: a }\n',
    ),
  ],
  // Entries that never pass their check are wrong ones too; what time does not lead on, a wrong key does.
  [
    'flow/mistakes-go-round',
    flowOf(
      '  §a: { collect: { say: enter, into: n, digits: { min: 2, max: 2 }, check: luhn, no-match: { go: b } }, go: end }\n  b: { menu: { say: menu, keys: { 1: end }, no-match: { go: a } } }\n',
    ),
  ],
  [
    'flow/mistakes-go-round',
    flowOf(
      '  §a: { collect: { say: enter, into: reference, digits: { min: 2, max: 2 }, confirm: { say: reference, no-match: { go: b } } }, go: end }\n  b: { say: hello, go: a }\n',
    ),
  ],
  [
    'flow/refusals-go-round',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 2, max: 2 } }, go: b }\n  §b: { lookup: { source: requests, with: { n: n }, into: r, found: end, not-found: c, failed: end } }\n  c: { say: hello, go: a }\n',
    ),
  ],
  // A decision that nothing is counted for comes out the same each time.
  [
    'flow/refusals-go-round',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 2, max: 2 } }, go: b }\n  §b: { lookup: { source: requests, with: { n: n }, into: r, found: end, not-found: c, failed: end } }\n  c: { decide: [{ when: n == "11", go: end }, { else: a }] }\n',
    ),
  ],
  // Wrong PINs are counted; whoever is locked out must not be asked again at once.
  [
    'flow/refusals-go-round',
    flowOf(
      '  a: { collect: { say: enter, into: p, secret: true, digits: { min: 4, max: 4 } }, go: b }\n  §b: { lookup: { source: accounts, with: { pin: p }, account: "1", into: r, found: end, not-found: a, locked: a, failed: end } }\n',
    ),
  ],
  [
    'flow/no-human',
    flowOf('  a: { say: hello, go: end }\n', 'numbers: ["100"]\n').replace('start: a', '§start: a'),
  ],

  // The end.
  ['flow/unknown-step', flowOf('  a: { say: hello, go: end }\n', 'at-end: §b\n')],
  [
    'flow/end-needs-caller',
    flowOf(
      '  a: { say: hello, go: end }\n  b: { set: { n: 1 }, go: c }\n  §c: { say: hello, go: end }\n',
      'at-end: b\n',
    ),
  ],
  // Whoever withholds their number hears it too.
  [
    'flow/maybe-unspoken',
    flowOf(
      '  a: { callback: { say: back, enter: enter, no-input: { say: §back }, accepted: end, refused: end, withheld: end } }\n',
    ),
  ],
  [
    'flow/maybe-unset',
    flowOf(
      '  a: { lookup: { source: requests, into: row, found: end, not-found: end, failed: end } }\n  b: { set: { n: §row.n }, go: end }\n',
      'at-end: b\n',
    ),
  ],
  [
    'flow/undeclared-outcome',
    flowOf(
      '  a: { say: hello, outcome: §answred, go: b }\n  b: { say: hello, outcome: answered, go: end }\n',
      'outcomes: { answered: true }\n',
    ),
  ],
  ['flow/unused-outcome', flowOf('  a: { say: hello, go: end }\n', 'outcomes: { §answered: true }\n')],
  [
    'flow/invalid-type',
    flowOf('  a: { say: hello, outcome: answered, go: end }\n', 'outcomes: { answered: §contained }\n'),
  ],
];
