/** What the site has, and what its menus may be. */
import { flowOf } from '../../kit/flow-walk.js';
import type { BrokenFlow } from './broken-flow.js';

export const brokenSite: readonly BrokenFlow[] = [
  // What the site has.
  ['flow/unknown-phone', flowOf('  a: { dial: { phone: §agent-2, answered: end, failed: end } }\n')],
  [
    'flow/unknown-lookup',
    flowOf('  a: { lookup: { source: §request, found: end, not-found: end, failed: end } }\n'),
  ],
  ['flow/unknown-calendar', flowOf('  a: { hours: { calendar: §agent, open: end, closed: end } }\n')],
  ['flow/no-way-out', flowOf('  a: { §hours: { calendar: agents, open: end } }\n')],
  ['flow/endless-cycle', flowOf('  §a: { hours: { calendar: agents, open: a, closed: end } }\n')],
  ['flow/unknown-flow', flowOf('  a: { call: { flow: §quiz }, go: end }\n')],
  [
    'flow/called-language',
    flowOf('  a: { call: { flow: §survey, with: { about: 1 } }, go: end }\n', 'languages: [en, ms]\n'),
  ],
  ['flow/missing-parameter', flowOf('  a: { §call: { flow: survey }, go: end }\n')],
  [
    'flow/unknown-parameter',
    flowOf('  a: { call: { flow: survey, with: { about: 1, §colour: 2 } }, go: end }\n'),
  ],
  [
    'flow/kept-unkept',
    flowOf('  a: { callback: { say: back, §kept: end, accepted: end, refused: end, withheld: end } }\n'),
  ],
  [
    'flow/called-back-nowhere',
    flowOf(
      '  a: { callback: { say: back, keep-place: { flow: §deep-8 }, kept: end, accepted: end, refused: end, withheld: end } }\n',
    ),
  ],
  [
    'flow/unknown-flow',
    flowOf(
      '  a: { callback: { say: back, keep-place: { flow: §nowhere }, kept: end, accepted: end, refused: end, withheld: end } }\n',
    ),
  ],
  [
    'flow/key-twice',
    flowOf(
      '  a: { queue: { name: general, keys: { 1: end }, keep-place: { key: §1, go: b }, no-answer-after: { go: end }, answered: end, failed: end } }\n  b: { callback: { say: back, keep-place: { flow: tried }, kept: end, accepted: end, refused: end, withheld: end } }\n',
    ),
  ],
  [
    'flow/place-unkept',
    flowOf(
      '  a: { queue: { name: general, §keep-place: { key: 1, go: end }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  ['flow/too-deep', flowOf('  a: { call: { flow: §deep-1 }, go: end }\n')],
  ['flow/calls-itself', flowOf('  a: { call: { flow: §tried }, go: end }\n')],
  ['flow/calls-itself', flowOf('  a: { call: { flow: §loop }, go: end }\n')],
  // Menus.
  [
    'flow/menu-too-deep',
    flowOf(
      `${['a', 'b', 'c', '§d', 'e']
        .map((name, n) => `  ${name}: { menu: { say: menu, keys: { 1: ${'bcdef'.charAt(n)} } } }\n`)
        .join('')}  f: { say: hello, go: end }\n`,
    ),
  ],
  ['flow/menu-too-long', flowOf('  a: { menu: { say: §long, keys: { 1: end } } }\n')],
  [
    'flow/closed-unsaid',
    flowOf(
      '  a: { §queue: { name: office, need: { en: 1 }, no-answer-after: { seconds: 9, go: end }, answered: end, failed: end } }\n',
    ),
  ],
];
