/** Form: YAML, the file, a step. */
import { flowOf } from '../../kit/flow-walk.js';
import type { BrokenFlow } from './broken-flow.js';

export const brokenForm: readonly BrokenFlow[] = [
  // YAML itself.
  ['yaml/bad-indent', 'onedoor: 1\nflow: [a\n§steps: 1\n'],
  ['yaml/duplicate-key', flowOf('  a: { say: hello, go: end }\n  §a: { say: hello, go: end }\n')],

  // Form: the file.
  ['flow/file-too-long', `§# ${'x'.repeat(200_000)}`],
  ['flow/invalid-type', '§'],
  ['flow/invalid-value', flowOf('  a: { say: hello, go: end }\n').replace('onedoor: 1', 'onedoor: §2')],
  ['flow/unrecognized-keys', flowOf('  a: { say: hello, go: end }\n', '§colour: red\n')],
  ['flow/invalid-type', flowOf('  a: { say: hello, go: end }\n', 'numbers: [§80077222]\n')],
  ['flow/invalid-format', flowOf('  a: { say: hello, go: end }\n', 'numbers: [§"800 77222"]\n')],
  ['flow/invalid-format', flowOf('  a: { say: hello, go: end }\n', 'languages: [§English]\n')],
  ['flow/too-small', flowOf('  a: { say: hello, go: end }\n', 'languages: §[]\n')],
  ['flow/invalid-key', flowOf('  a: { say: hello, go: end }\n', 'keys-anywhere: { §12: end }\n')],
  [
    'flow/invalid-key',
    flowOf('  a: { say: hello, go: A-B }\n  §A-B: { hang-up: }\n').replace('go: A-B', 'go: end'),
  ],
  [
    'flow/too-big',
    flowOf('  a: { say: hello, go: end }\n', 'defaults: { no-input: { tries: §99, go: end } }\n'),
  ],

  ['yaml/key', flowOf('  a: { say: hello, go: end }\n  §__proto__: { say: hello, go: end }\n')],

  // Form: a step.
  ['flow/no-kind', flowOf('  a: { say: hello, go: end }\n  b: { §sya: hello, go: end }\n')],
  ['flow/no-kind', flowOf('  a: { say: hello, go: end }\n  §b:\n')],
  ['flow/two-kinds', flowOf('  a: { say: hello, §hang-up: }\n')],
  ['flow/reserved-name', flowOf('  a: { say: hello, go: end }\n  §back: { say: hello, go: end }\n')],
  ['flow/unrecognized-keys', flowOf('  a: { say: hello, go: end, §wait: 5 }\n')],
  ['flow/invalid-type', flowOf('  a: { menu: §{ say: menu } }\n')],
  ['flow/invalid-key', flowOf('  a: { menu: { say: menu, keys: { §one: end } } }\n')],
  ['flow/custom', flowOf('  a: { menu: { say: menu, keys: §{} } }\n')],
  ['flow/unrecognized-keys', flowOf('  a: { menu: { say: menu, keys: { 1: { go: end, §lang: en } } } }\n')],
  [
    'flow/invalid-type',
    flowOf('  a: { collect: { say: enter, into: n, digits: { min: §two, max: 3 } }, go: end }\n'),
  ],
  [
    'flow/custom',
    flowOf('  a: { collect: { say: enter, into: n, digits: §{ min: 4, max: 3 } }, go: end }\n'),
  ],
  [
    'flow/invalid-format',
    flowOf('  a: { collect: { say: enter, into: §my-number, digits: { min: 1, max: 3 } }, go: end }\n'),
  ],
  [
    'flow/custom',
    flowOf('  a: { collect: { say: enter, into: §caller, digits: { min: 1, max: 3 } }, go: end }\n'),
  ],
  [
    'flow/invalid-type',
    flowOf(
      '  a: { collect: { say: enter, into: n, secret: §"yes", digits: { min: 1, max: 3 } }, go: end }\n',
    ),
  ],
  [
    'flow/too-big',
    flowOf('  a: { lookup: { source: requests, timeout: §60, found: end, not-found: end, failed: end } }\n'),
  ],
  ['flow/too-small', flowOf('  a: { decide: §[] }\n')],
  ['flow/invalid-value', flowOf('  a: { case: { kind: §moan, subject: \'"x"\' }, go: end }\n')],
];
