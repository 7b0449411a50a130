/** Steps that reach people outside the call. */
import { flowOf } from '../../kit/flow-walk.js';
import type { BrokenFlow } from './broken-flow.js';

export const brokenReach: readonly BrokenFlow[] = [
  // Steps that reach people outside the call.
  [
    'flow/unrecognized-keys',
    flowOf(
      '  a: { queue: { name: general, no-answer-after: { go: end }, answered: end, failed: end, §music: x } }\n',
    ),
  ],
  [
    'flow/no-way-out',
    flowOf('  a: { §queue: { name: general, no-answer-after: { go: end }, failed: end } }\n'),
  ],
  ['flow/no-way-out', flowOf('  a: { §queue: { name: general, answered: end, failed: end } }\n')],
  [
    'flow/unknown-step',
    flowOf('  a: { queue: { name: general, no-answer-after: { go: §x }, answered: end, failed: end } }\n'),
  ],
  [
    'flow/unknown-step',
    flowOf(
      '  a: { queue: { name: general, keys: { 1: §x }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/too-big',
    flowOf(
      '  a: { queue: { name: general, priority: §11, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/unknown-text',
    flowOf(
      '  a: { queue: { name: general, again: { say: §wait }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/endless-cycle',
    flowOf(
      '  a: { say: hello, go: b }\n  §b: { queue: { name: general, nobody: b, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/unknown-queue',
    flowOf('  a: { queue: { name: §generl, no-answer-after: { go: end }, answered: end, failed: end } }\n'),
  ],
  [
    'flow/unknown-skill',
    flowOf(
      '  a: { queue: { name: general, need: { §roads: 2 }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/unknown-skill',
    flowOf(
      '  a: { queue: { name: general, need: { topic: §\'"roads"\' }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/need-level',
    flowOf(
      '  a: { queue: { name: general, need: { parking: §6 }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/notice-missing',
    flowOf(
      '  a: { queue: { name: §office, no-answer-after: { go: end }, answered: end, closed: end, failed: end } }\n',
      'languages: [en, ms]\n',
    ),
  ],
  [
    'flow/unknown-agent',
    flowOf(
      '  a: { queue: { name: general, prefer: §\'"amel"\', no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/unknown-agent',
    flowOf(
      '  a: { queue: { name: general, prefer: { agent: §\'"zain"\', for: 20 }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/expression-name',
    flowOf(
      '  a: { queue: { name: general, prefer: { agent: §amal }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/expression-name',
    flowOf(
      '  a: { queue: { name: general, prefer: §amal, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/unserved-need',
    flowOf(
      '  a: { queue: { name: general, need: { parking: §3 }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  [
    'flow/unserved-need',
    flowOf(
      '  a: { queue: { name: general, need: { x: §caller.language }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
      'languages: [en, ms]\n',
    ),
  ],
  [
    'flow/expression-name',
    flowOf(
      '  a: { queue: { name: general, need: { x: §topic }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    ),
  ],
  ['flow/no-way-out', flowOf('  a: { §callback: { say: back, refused: end, withheld: end } }\n')],
  [
    'flow/custom',
    flowOf(
      '  a: { callback: §{ say: back, yes: "1", no: "1", accepted: end, refused: end, withheld: end } }\n',
    ),
  ],
  [
    'flow/unrecognized-keys',
    flowOf(
      '  a: { callback: { say: back, no-input: { §go: end }, accepted: end, refused: end, withheld: end } }\n',
    ),
  ],
  [
    'flow/number-unspoken',
    flowOf('  a: { callback: { say: §hello, accepted: end, refused: end, withheld: end } }\n'),
  ],
  [
    'flow/expression-type',
    flowOf('  a: { callback: { say: back, subject: §5, accepted: end, refused: end, withheld: end } }\n'),
  ],
  ['flow/no-way-out', flowOf('  a: { §message: { text: hello, sent: end, failed: end } }\n')],
  [
    'flow/unfilled-slot',
    flowOf('  a: { message: { text: §reference, sent: end, failed: end, no-number: end } }\n'),
  ],
  ['flow/too-small', flowOf('  a: { survey: { name: s, questions: §[] }, go: end }\n')],
  [
    'flow/custom',
    flowOf(
      '  a: { survey: { name: s, scale: §{ from: 5, to: 1 }, questions: [{ question: x, say: hello }] }, go: end }\n',
    ),
  ],
  ['flow/no-way-out', flowOf('  §a: { survey: { name: s, questions: [{ question: x, say: hello }] } }\n')],
  [
    'flow/duplicate-question',
    flowOf(
      '  a: { survey: { name: s, questions: [{ question: x, say: hello }, { question: §x, say: hello }] }, go: end }\n',
    ),
  ],
  [
    'flow/asks-too-many',
    flowOf('  a: { survey: { name: s, ask: §2, questions: [{ question: x, say: hello }] }, go: end }\n'),
  ],
  [
    'flow/country-not-called',
    flowOf(
      '  a: { callback: { say: back, countries: [OM, §SG], accepted: end, refused: end, withheld: end } }\n',
    ),
  ],
];
