/** Personal data and PINs. */
import { flowOf } from '../../kit/flow-walk.js';
import { type BrokenFlow, pinned } from './broken-flow.js';

export const brokenPersonal: readonly BrokenFlow[] = [
  // Personal data.
  [
    'flow/caller-id-alone',
    flowOf(
      '  a: { lookup: { source: requests, with: { phone: caller.number }, into: request, found: b, not-found: end, failed: end } }\n  b: { say: §status, go: end }\n',
    ),
  ],
  [
    'flow/caller-id-alone',
    flowOf(
      '  a: { lookup: { source: requests, with: { phone: caller.number }, into: person, found: b, not-found: end, failed: end } }\n' +
        '  b: { lookup: { source: requests, with: { id: person.id }, into: request, found: c, not-found: end, failed: end } }\n' +
        '  c: { set: { rowOwner: \'request.owner + "!"\' }, go: d }\n  d: { say: §owner, go: end }\n',
    ),
  ],
  [
    'flow/unproven',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 1, max: 3 } }, go: b }\n' +
        '  b: { lookup: { source: accounts, with: { id: n }, into: request, found: c, not-found: end, failed: end } }\n' +
        '  c: { say: §status, go: end }\n',
    ),
  ],
  [
    'flow/personal-subject',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 1, max: 3 } }, go: b }\n' +
        '  b: { case: { kind: request, subject: §\'"about " + n\' }, go: end }\n',
    ),
  ],
  [
    'flow/personal-subject',
    flowOf(
      '  a: { set: { who: string(caller.number) }, go: b }\n  b: { case: { kind: request, subject: §who }, go: end }\n',
    ),
  ],
  [
    'flow/personal-subject',
    flowOf(
      '  a: { lookup: { source: accounts, with: {}, into: row, found: b, not-found: end, failed: end } }\n' +
        '  b: { case: { kind: request, subject: §row.owner }, go: end }\n',
    ),
  ],
  [
    'flow/personal-subject',
    flowOf(
      '  a: { collect: { say: enter, into: n, digits: { min: 1, max: 3 } }, go: b }\n' +
        '  b: { call: { flow: told, with: { about: §n, more: n } }, go: end }\n',
    ),
  ],
  // PINs.
  ['flow/secret-used', pinned('{ n: n }', '  c: { set: { m: §\'n + "!"\' }, go: end }\n')],
  ['flow/secret-used', pinned('{ n: n }', '  c: { say: §pin, go: end }\n')],
  ['flow/secret-used', pinned('{ n: n, twice: §n + n }')],
  ['flow/secret-used', pinned('{ n: n }').replace('account: "1"', 'account: §n')],
  ['flow/secret-set', pinned('{ n: n }', '  §c: { set: { n: 1 }, go: end }\n')],
  ['flow/secret-set', pinned('{ n: n }').replace('start:', 'parameters: [§n]\nstart:')],
  ['flow/secret-shown', pinned('{ n: n }').replace('secret: true', 'secret: true, §confirm: { say: hello }')],
  [
    'flow/secret-shown',
    pinned('{ n: n }').replace('secret: true', 'secret: true, check: { §when: \'n != "1234"\' }'),
  ],
  [
    'flow/secret-unused',
    flowOf('  a: { collect: { say: enter, into: §n, secret: true, digits: { min: 4, max: 4 } }, go: end }\n'),
  ],
  [
    'flow/nothing-secret',
    pinned('{}').replace('secret: true, ', '').replace(', account: "1", locked', ', §locked'),
  ],
  ['flow/account-uncounted', pinned('{ n: n }').replace('account: "1", ', '').replace('lookup:', '§lookup:')],
  ['flow/no-way-out', pinned('{ n: n }').replace(', locked: end', '').replace('lookup:', '§lookup:')],
];
