/** Texts, expressions and values. */
import { flowOf } from '../../kit/flow-walk.js';
import type { BrokenFlow } from './broken-flow.js';

export const brokenValues: readonly BrokenFlow[] = [
  // Texts.
  ['flow/unknown-text', flowOf('  a: { say: §helo, go: end }\n')],
  ['flow/unknown-text', flowOf('  a: { say: [hello, §helo], go: end }\n')],
  [
    'flow/unknown-text',
    flowOf(
      '  a: { menu: { say: menu, keys: { 1: end }, no-match: { say: [[hello], [§helo]], go: end } } }\n',
    ),
  ],
  [
    'flow/unknown-text',
    flowOf('  a: { lookup: { source: requests, filler: §wait, found: end, not-found: end, failed: end } }\n'),
  ],
  ['flow/missing-text', flowOf('  a: { say: §only-en, go: end }\n', 'languages: [en, ms]\n')],
  ['flow/unfilled-slot', flowOf('  a: { say: §reference, go: end }\n', 'languages: [en, ms]\n')],
  ['flow/unfilled-slot', flowOf('  a: { say: §name, go: end }\n')],
  [
    'flow/slot-shape',
    flowOf(
      '  a: { collect: { say: enter, into: request, digits: { min: 1, max: 3 } }, go: b }\n  b: { say: §status, go: end }\n',
    ),
  ],
  [
    'flow/slot-shape',
    flowOf(
      '  a: { lookup: { source: requests, into: reference, found: b, not-found: end, failed: end } }\n  b: { say: §reference, go: end }\n',
    ),
  ],

  // Expressions.
  ['flow/expression-syntax', flowOf("  a: { decide: [{ when: §'1 +', go: end }, { else: end }] }\n")],
  ['flow/expression-name', flowOf('  a: { decide: [{ when: §topic == "x", go: end }, { else: end }] }\n')],
  ['flow/expression-name', flowOf('  a: { case: { kind: complaint, subject: §roads }, go: end }\n')],
  ['flow/expression-name', flowOf('  a: { set: { n: §caller.name }, go: end }\n')],
  ['flow/expression-type', flowOf('  a: { decide: [{ when: §\'"x" == 1\', go: end }, { else: end }] }\n')],
  ['flow/expression-type', flowOf('  a: { decide: [{ when: §size("x"), go: end }, { else: end }] }\n')],
  ['flow/expression-type', flowOf('  a: { case: { kind: complaint, subject: §5 }, go: end }\n')],
  [
    'flow/expression-matches',
    flowOf('  a: { decide: [{ when: §\'"x".matches("(a+)+$")\', go: end }, { else: end }] }\n'),
  ],
  [
    'flow/expression-pattern',
    flowOf('  a: { decide: [{ when: §\'"x".fits("(a+)(?=b)")\', go: end }, { else: end }] }\n'),
  ],
  [
    'flow/expression-too-long',
    flowOf('  a: { decide: [{ when: §"[1, 2].all(x, [3].exists(y, x == y))", go: end }, { else: end }] }\n'),
  ],
  [
    'flow/expression-too-long',
    flowOf(`  a: { set: { n: §'[1].map(a, [1].map(b, [1].map(c, a + b + c)))' }, go: end }\n`),
  ],
  ['flow/expression-too-long', flowOf(`  a: { set: { n: §'${'1 + '.repeat(400)}1' }, go: end }\n`)],

  // Values.
  [
    'flow/maybe-unspoken',
    flowOf(
      '  a: { lookup: { source: requests, into: request, found: b, not-found: b, failed: end } }\n  b: { say: §status, go: end }\n',
    ),
  ],
  [
    'flow/maybe-unset',
    flowOf(
      `  a: { lookup: { source: requests, into: row, found: b, not-found: b, failed: end } }
  b: { decide: [{ when: 'row == null', go: end }, { else: c }] }
  c: { decide: [{ when: 'has(row.n) && row.n == "1"', go: end }, { else: d }] }
  d: { set: { n: §row.n }, go: end }
`,
    ),
  ],
];
