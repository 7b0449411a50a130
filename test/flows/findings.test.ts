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
import { type BrokenFlow, pinned, placeOf } from './broken/broken-flow.js';
import { brokenForm } from './broken/form.js';
import { brokenInput } from './broken/input.js';
import { brokenPersonal } from './broken/personal.js';
import { brokenReach } from './broken/reach.js';
import { brokenSite } from './broken/site.js';
import { brokenValues } from './broken/values.js';
import { brokenWays } from './broken/ways.js';
import { facts } from './broken/site-facts.js';

function findingsIn(text: string, site: SiteFacts = facts): readonly FlowFinding[] {
  return checkFlow(parseFlow(text, 'flow.yaml'), site);
}

/** On the whole site. */
const broken: readonly BrokenFlow[] = [
  ...brokenForm,
  ...brokenWays,
  ...brokenInput,
  ...brokenValues,
  ...brokenReach,
  ...brokenSite,
  ...brokenPersonal,
];

const keeping = (keep: string): string =>
  `{ callback: { say: back, keep-place: ${keep}, kept: end, accepted: end, refused: end, withheld: end } }\n`;

/** The same, on a site that has no trunk to call back by. */
const brokenWithoutTrunk: readonly BrokenFlow[] = [
  [
    'flow/no-callback-trunk',
    flowOf(
      `  a: { queue: { name: general, keep-place: { key: 1, go: b }, no-answer-after: { go: end }, answered: end, failed: end } }\n  b: ${keeping('{ flow: tried }').replace('keep-place', '§keep-place')}`,
    ),
  ],
];

/** The same, on a site that calls nobody back and writes to nobody. */
const brokenWithoutPermission: readonly BrokenFlow[] = [
  [
    'flow/no-callbacks',
    flowOf('  a: { §callback: { say: back, accepted: end, refused: end, withheld: end } }\n'),
  ],
  [
    'flow/no-messages',
    flowOf('  a: { §message: { text: hello, sent: end, failed: end, no-number: end } }\n'),
  ],
];

/** The ends that flowOf adds where silence and mistakes lead are no step of the flow that is tried. */
const isOwn = ({ code, what }: FlowFinding): boolean =>
  !(code === 'flow/unreachable' && /"(silent|wrong|end)"/.test(what));

const placed = (findings: readonly FlowFinding[]): string[] =>
  findings.filter(isOwn).map(({ line, col, code }) => `${line}:${col} ${code}`);

t.test('a flow with one fault has one finding, at its place', async (t) => {
  for (const [code, marked] of broken) {
    const findings = findingsIn(marked.replace('§', '')).filter(isOwn);
    t.same(placed(findings), [`${placeOf(marked)} ${code}`], `${code}\n${marked}`);
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
    t.same(placed(findingsIn(marked.replace('§', ''), without)), [`${placeOf(marked)} ${code}`]);
  }
});

t.test('a site without a trunk calls nobody back', async (t) => {
  const without: SiteFacts = { ...facts, callbackTrunk: false };
  for (const [code, marked] of brokenWithoutTrunk) {
    t.same(placed(findingsIn(marked.replace('§', ''), without)), [`${placeOf(marked)} ${code}`]);
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
