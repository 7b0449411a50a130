import { readFileSync } from 'node:fs';
import t from 'tap';
import {
  checkFlow,
  type Flow,
  type FlowFinding,
  findingTable,
  parseFlow,
  type SiteFacts,
} from '../../src/flows/index.js';
import { flowOf } from '../kit/flow-walk.js';

const texts: Readonly<Record<string, readonly string[]>> = {
  hello: [],
  menu: [],
  enter: [],
  status: ['request.state'],
  reference: ['reference'],
  number: ['caller.number'],
  back: ['callbackNumber'],
  name: ['caller.name'],
  owner: ['rowOwner'],
  pin: ['n'],
  long: [],
};
/** As they are read; other texts have a word. */
const words: Readonly<Record<string, string>> = {
  menu: `For status, press ١. ${'more '.repeat(60)}`,
  long: `${'welcome '.repeat(31)} for status, press one`,
};
const survey = parseFlow(
  'onedoor: 1\nflow: survey\nlanguages: [en]\nparameters: [about]\nstart: a\nsteps: { a: { return: {} } }\n',
  'survey.yaml',
).flow as Flow;
const told = parseFlow(
  `onedoor: 1\nflow: told\nlanguages: [en]\nparameters: [about, more]\nstart: a\nsteps:
  a: { case: { kind: request, subject: '"about-" + about', details: { more: more } }, go: b }
  b: { return: {} }\n`,
  'told.yaml',
).flow as Flow;
const loop = parseFlow(
  'onedoor: 1\nflow: loop\nlanguages: [en]\nstart: a\nsteps: { a: { call: { flow: tried }, go: b }, b: { return: {} } }\n',
  'loop.yaml',
).flow as Flow;
/** Eight flows, each of which calls the next. */
const deep = Array.from({ length: 8 }, (_, n): [string, Flow] => {
  const step = n === 7 ? '{ return: {} }' : `{ call: { flow: deep-${n + 2} }, go: b }`;
  const text = `onedoor: 1\nflow: deep-${n + 1}\nlanguages: [en]\nstart: a\nsteps: { a: ${step}, b: { return: {} } }\n`;
  return [`deep-${n + 1}`, parseFlow(text, 'deep.yaml').flow as Flow];
});
const facts: SiteFacts = {
  texts: {
    // `only-en` is there in English alone.
    has: (language, text) => Object.hasOwn(texts, text) || (text === 'only-en' && language === 'en'),
    slots: (_language, text) => texts[text] ?? [],
  },
  phones: new Set(['agent-1']),
  lookups: new Set(['requests', 'accounts']),
  calendars: new Set(['agents']),
  queues: new Map([
    [
      'general',
      new Map([
        ['en', 5],
        ['parking', 2],
      ]),
    ],
    ['office', new Map([['en', 5]])],
  ]),
  skills: new Set(['en', 'ms', 'parking', 'water']),
  agents: new Set(['amal', 'omar']),
  notices: new Map([['office', 'only-en']]),
  callbacks: true,
  callbackCountries: new Set(['MY', 'OM']),
  callbackTrunk: true,
  messages: true,
  queuesWithHours: new Set(['office']),
  personalLookups: new Set(['accounts']),
  menus: { depth: 2, seconds: 15, read: (_language, text) => words[text] ?? text, rate: () => 120 },
  flows: new Map([['survey', survey], ['told', told], ['loop', loop], ...deep]),
};

function findingsIn(text: string): readonly FlowFinding[] {
  return checkFlow(parseFlow(text, 'flow.yaml'), facts);
}

/** A flow with a PIN, and a lookup that gets it; the further steps follow. */
function pinned(given: string, further = ''): string {
  const next = further === '' ? 'end' : 'c';
  return flowOf(
    '  a: { collect: { say: enter, into: n, secret: true, digits: { min: 4, max: 4 } }, go: b }\n' +
      `  b: { lookup: { source: requests, with: ${given}, account: "1", locked: end, found: ${next}, not-found: end, failed: end } }\n` +
      further,
  );
}

/** Each flow has one fault, at the place of the mark §. */
const broken: readonly (readonly [code: string, flow: string])[] = [
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
  [
    'flow/country-not-called',
    flowOf(
      '  a: { callback: { say: back, countries: [OM, §SG], accepted: end, refused: end, withheld: end } }\n',
    ),
  ],
];

const keeping = (keep: string): string =>
  `{ callback: { say: back, keep-place: ${keep}, kept: end, accepted: end, refused: end, withheld: end } }\n`;

/** The same, on a site that has no trunk to call back by. */
const brokenWithoutTrunk: typeof broken = [
  [
    'flow/no-callback-trunk',
    flowOf(
      `  a: { queue: { name: general, keep-place: { key: 1, go: b }, no-answer-after: { go: end }, answered: end, failed: end } }\n  b: ${keeping('{ flow: tried }').replace('keep-place', '§keep-place')}`,
    ),
  ],
];

/** The same, on a site that calls nobody back and writes to nobody. */
const brokenWithoutPermission: typeof broken = [
  [
    'flow/no-callbacks',
    flowOf('  a: { §callback: { say: back, accepted: end, refused: end, withheld: end } }\n'),
  ],
  [
    'flow/no-messages',
    flowOf('  a: { §message: { text: hello, sent: end, failed: end, no-number: end } }\n'),
  ],
];

/** The place of the mark, counted from 1. */
function placeOf(marked: string): string {
  const before = marked.slice(0, marked.indexOf('§')).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** The ends that flowOf adds where silence and mistakes lead are no step of the flow that is tried. */
const isOwn = ({ code, what }: FlowFinding): boolean =>
  !(code === 'flow/unreachable' && /"(silent|wrong|end)"/.test(what));

t.test('a flow with one fault has one finding, at its place', async (t) => {
  for (const [code, marked] of broken) {
    const findings = findingsIn(marked.replace('§', '')).filter(isOwn);
    t.same(
      findings.map((finding) => `${finding.line}:${finding.col} ${finding.code}`),
      [`${placeOf(marked)} ${code}`],
      `${code}\n${marked}`,
    );
    for (const finding of findings) {
      t.notMatch(
        finding.what + finding.why + finding.mend,
        /\{(?!request|reference|call|row|n\W)\w|undefined|\[object/,
        'complete sentences',
      );
      t.equal(finding.file, 'flow.yaml');
    }
  }
});

t.test('a site that says nothing of callbacks and messages has neither', async (t) => {
  const without: SiteFacts = { ...facts, callbacks: false, messages: false };
  for (const [code, marked] of brokenWithoutPermission) {
    const findings = checkFlow(parseFlow(marked.replace('§', ''), 'flow.yaml'), without).filter(isOwn);
    t.same(
      findings.map((finding) => `${finding.line}:${finding.col} ${finding.code}`),
      [`${placeOf(marked)} ${code}`],
    );
  }
});

t.test('a site without a trunk calls nobody back', async (t) => {
  const without: SiteFacts = { ...facts, callbackTrunk: false };
  for (const [code, marked] of brokenWithoutTrunk) {
    const findings = checkFlow(parseFlow(marked.replace('§', ''), 'flow.yaml'), without).filter(isOwn);
    t.same(
      findings.map((finding) => `${finding.line}:${finding.col} ${finding.code}`),
      [`${placeOf(marked)} ${code}`],
    );
  }
});

t.test('what the caller proved, and what only decides, is no finding', async (t) => {
  const ask = (name: string, next: string): string =>
    `  ask-${name}: { collect: { say: enter, into: ${name}, digits: { min: 1, max: 3 } }, go: ${next} }\n`;
  const find = (given: string): string =>
    `  find: { lookup: { source: accounts, with: ${given}, into: request, found: tell, not-found: end, failed: end } }\n  tell: { say: status, go: end }\n`;
  const right = [
    // Two entries that fit together.
    ask('n', 'ask-m') + ask('m', 'find') + find('{ id: n, birth: m }'),
    // An entry only chooses between fixed words.
    ask('n', 'b') +
      '  b: { case: { kind: request, subject: \'n == "1" ? "bill" : "other"\', details: { n: n } }, go: end }\n',
    // A PIN.
    pinned('{ n: n }', '  c: { say: status, go: end }\n')
      .replace('source: requests', 'source: accounts, into: request')
      .replace(/^.*steps:\n/s, ''),
    // A row that is not personal, found by what was keyed.
    ask('n', 'find') + find('{ id: n }').replace('accounts', 'requests'),
    // A text message reaches whose number it is.
    find('{ phone: caller.number }')
      .replace('accounts', 'requests')
      .replace(
        '{ say: status, go: end }',
        '{ message: { to: caller.number, text: status, sent: end, failed: end, no-number: end } }',
      ),
  ];
  for (const steps of right) t.same(findingsIn(flowOf(steps)).filter(isOwn), [], steps);
});

t.test('who is counted, or may choose, goes round no longer than they like', async (t) => {
  const enter = '  a: { collect: { say: enter, into: n, digits: { min: 2, max: 2 } }, go: b }\n';
  const find = (next: string): string =>
    `  b: { lookup: { source: requests, with: { n: n }, into: r, found: end, not-found: ${next}, failed: end } }\n`;
  const right = [
    // Three numbers that are not known, then the end.
    `  t: { set: { tries: 0 }, go: a }\n${enter}${find('c')}  c: { set: { tries: tries + 1 }, go: d }\n` +
      '  d: { decide: [{ when: tries < 3, go: a }, { else: end }] }\n',
    // A menu asks whether to try again.
    `${enter}${find('c')}  c: { menu: { say: menu, keys: { 1: a, 2: end } } }\n`,
    // Wrong PINs lock.
    '  a: { collect: { say: enter, into: p, secret: true, digits: { min: 4, max: 4 } }, go: b }\n' +
      '  b: { lookup: { source: accounts, with: { pin: p }, account: "1", into: r, found: end, not-found: a, locked: end, failed: end } }\n',
    // Wrong keys lead on, silence leads back.
    '  a: { menu: { say: menu, keys: { 1: end }, no-match: { go: b } } }\n  b: { menu: { say: menu, keys: { 1: a } } }\n',
  ];
  for (const steps of right) {
    const text = flowOf(steps).replace('start: a', steps.startsWith('  t:') ? 'start: t' : 'start: a');
    t.same(
      findingsIn(text)
        .filter(isOwn)
        .map(({ code }) => code),
      [],
      text,
    );
  }
});

t.test('every finding of the table is tried', async (t) => {
  const tried = new Set([...broken, ...brokenWithoutTrunk, ...brokenWithoutPermission].map(([code]) => code));
  t.same(
    Object.keys(findingTable).filter((code) => !tried.has(code)),
    [],
  );
});

t.test('all findings of a file are told at once, in its order', async (t) => {
  const text = flowOf(
    '  a: { say: helo, go: nowhere }\n  b: { dial: { phone: agent-9, answered: x, failed: end } }\n',
  );
  t.same(
    findingsIn(text)
      .filter(isOwn)
      .map(({ line, code }) => `${line} ${code}`),
    ['7 flow/unknown-text', '7 flow/unknown-step', '8 flow/unknown-phone', '8 flow/unknown-step'],
  );
  const form = flowOf('  a: { sya: x }\n  b: { say: hello, gone: end }\n', 'colour: red\n');
  t.same(
    findingsIn(form).map(({ code }) => code),
    ['flow/unrecognized-keys', 'flow/no-kind', 'flow/unrecognized-keys'],
  );
});

t.test('a mistyped name is told with the one that was probably meant', async (t) => {
  const [finding] = findingsIn(
    flowOf('  a: { dial: { phone: agent-2, answered: end, failed: end } }\n'),
  ).filter(isOwn);
  t.match(finding?.mend, /^Did you mean "agent-1"\?/);
});

t.test('warnings do not keep a flow from being used, errors do', async (t) => {
  const severities = new Map(Object.entries(findingTable).map(([code, row]) => [code, row.severity]));
  t.equal(severities.get('flow/ambiguous-keys'), 'warning');
  t.equal(severities.get('flow/unreachable'), 'warning');
  t.equal(severities.get('flow/unknown-step'), 'error');
});

t.test('hostile files are refused, not run', async (t) => {
  const keys = Array.from({ length: 2_001 }, (_, n) => `  s${n}: { hang-up: }\n`).join('');
  const hostile: readonly [string, string][] = [
    ['a million letters', `a: ${'x'.repeat(1_000_001)}`],
    ['deep nesting', `steps: ${'['.repeat(5_000)}`],
    ['too many steps', flowOf(keys)],
    ['a prototype', flowOf('  a: { say: hello, go: end }\n  __proto__: { say: hello, go: end }\n')],
    ['a prototype of values', flowOf('  a: { set: { __proto__: 1 }, go: end }\n')],
    ['a prototype of keys', flowOf('  a: { say: hello, go: end }\n', 'keys-anywhere: { __proto__: end }\n')],
    ['a constructor', flowOf('  a: { set: { n: \'"x".constructor\' }, go: end }\n')],
    ['an alias bomb', `a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: &d [*c,*c,*c]\ne: [*d,*d,*d]`],
    ['control characters', 'onedoor: 1\u0000\u0001'],
    ['nothing', ''],
    ['a list', '- 1\n- 2\n'],
    ['a text', 'hello'],
  ];
  for (const [what, text] of hostile) {
    const findings = findingsIn(text);
    t.ok(
      findings.some(({ severity }) => severity === 'error'),
      what,
    );
    t.ok(findings.length < 100, `${what}: ${findings.length} findings`);
  }
  t.equal(({} as Record<string, unknown>)['say'], undefined);
});

t.test('the example flows have no error of their own', async (t) => {
  const root = new URL('../../../', import.meta.url);
  const parsed = ['municipality', 'services', 'complaint', 'call-back', 'called-back'].map((name) =>
    parseFlow(readFileSync(new URL(`flows/${name}.yaml`, root), 'utf8'), `flows/${name}.yaml`),
  );
  const site: SiteFacts = {
    texts: {
      has: () => true,
      slots: (_language, text) => (text === 'confirm-number' ? ['callbackNumber'] : []),
    },
    phones: new Set(['agent-1']),
    lookups: new Set(['requests', 'violations', 'services']),
    calendars: new Set(['agents']),
    queues: new Map([
      [
        'municipality',
        new Map([
          ['ar', 5],
          ['en', 5],
        ]),
      ],
    ]),
    skills: new Set(['ar', 'en']),
    callbacks: true,
    callbackTrunk: true,
    messages: false,
    flows: new Map(
      parsed.flatMap(({ flow }): [string, Flow][] => (flow === null ? [] : [[flow.flow, flow]])),
    ),
  };
  for (const flow of parsed) t.same(checkFlow(flow, site), [], flow.file);
});
