/**
 * Every way out of every kind of step can be taken, and says by which it was: else `onedoor flow test --coverage` would
 * call it untested for ever. All ways of a step lead to the same one here, where nothing but the name tells them apart.
 */
import t, { type Test } from 'tap';
import {
  type CompiledFlow,
  exitsOf,
  type FlowEvent,
  type FlowSnapshot,
  type FlowStep,
  parseFlow,
} from '../../src/flows/index.js';
import type { stepSchemas } from '../../src/flows/step-schemas.js';
import { hearsKeys } from '../../src/flows/way.js';
import { flowFrom, flowOf } from '../kit/flow-walk.js';

const keys = '01238*#9'.split('');
const results = ['talked', 'busy', 'no-answer', 'rejected', 'unreachable', 'failed'] as const;
const waits = ['talked', 'closed', 'full', 'nobody', 'no-answer', 'failed'] as const;

/** All that can happen to a flow, whatever it waits for: what it does not wait for changes nothing. */
const happenings: readonly FlowEvent[] = [
  ...keys.map((key) => ({ type: 'key', key }) as FlowEvent),
  { type: 'spoken' },
  { type: 'looked-up', result: 'found', row: { state: 'open' } },
  { type: 'looked-up', result: 'not-found' },
  { type: 'looked-up', result: 'failed' },
  { type: 'recorded', recording: 'r', ms: 9_000 },
  { type: 'recorded', recording: 'r', ms: 10 },
  { type: 'record-failed' },
  { type: 'dial-answered' },
  ...results.map((result): FlowEvent => ({ type: 'dial-ended', result })),
  { type: 'case-opened', reference: '1234' },
  ...(['open', 'closed', 'holiday', 'emergency'] as const).flatMap((state): FlowEvent[] => [
    { type: 'hours-told', state, say: null, value: {} },
    { type: 'hours-told', state, say: 'why', value: {} },
  ]),
  { type: 'queue-waiting' },
  { type: 'queue-connected' },
  ...waits.map((result): FlowEvent => ({ type: 'queue-ended', result })),
  { type: 'number-checked', result: 'allowed', number: '+96891234567' },
  { type: 'number-checked', result: 'refused' },
  ...(['sent', 'failed', 'no-number'] as const).map(
    (result): FlowEvent => ({
      type: 'message-ended',
      result,
    }),
  ),
  { type: 'questions-chosen', chosen: [1, 0] },
  {
    type: 'returned',
    results: {},
    caller: { language: 'en', languageChosen: false, number: null },
    keys: '',
  },
];

const mostMoments = 4_000;

/** A third digit of what a caller enters makes no difference to where one can go. */
const inShort = (_name: string, value: unknown): unknown =>
  typeof value === 'string' && /^\d{3,}$/.test(value) ? '…' : value;

/** The ways that are told of, `step id`, on all ways that a flow can go. */
function waysTold(flow: CompiledFlow, beginnings: readonly (FlowStep | null)[]): Set<string> {
  const told = new Set<string>();
  const seen = new Set<string>();
  const open: { readonly snapshot: FlowSnapshot; readonly timers: readonly string[] }[] = [];
  const take = (step: FlowStep | null, before: readonly string[]): void => {
    if (step?.result !== 'stepped') return;
    for (const effect of step.effects) {
      if (effect.type === 'enter' && effect.by !== undefined) told.add(`${effect.from} ${effect.by}`);
      if (effect.type === 'repeat') told.add(`${effect.step} ${effect.by}`);
    }
    const timers = new Set(before);
    for (const timer of step.timers) if (timer.type === 'arm') timers.add(timer.event);
    const { state, context } = step.snapshot;
    const moment = JSON.stringify([state, { ...context, trail: [] }], inShort);
    // Of what is typed ahead, one key shows all.
    if (step.snapshot.done || context.keys.length > 1 || seen.has(moment)) return;
    seen.add(moment);
    open.push({ snapshot: step.snapshot, timers: [...timers] });
  };
  for (const beginning of beginnings) take(beginning, []);
  // The list grows while it is walked.
  for (const { snapshot, timers } of open) {
    if (seen.size > mostMoments) throw new Error(`more than ${mostMoments} moments`);
    const due = timers.map((event): FlowEvent => ({ type: 'timer', event }));
    for (const event of [...happenings, ...due]) take(flow.step(snapshot, event), timers);
  }
  return told;
}

const start = (flow: CompiledFlow, number: string | null): FlowStep =>
  flow.start({ vars: {}, caller: { language: 'en', languageChosen: false, number }, keys: '' });

/** Steps by kind, each with all its exits, and again with none that it can do without. */
const steps: Readonly<Record<keyof typeof stepSchemas, readonly string[]>> = {
  menu: [
    'menu: { say: m, keys: { 1: end, 2: end, 12: end, 8: back, 9: repeat }, no-input: { tries: 2, go: end }, no-match: { tries: 2, go: end } }',
    'menu: { say: m, keys: { 1: hang-up } }',
  ],
  collect: [
    'collect: { say: m, into: n, digits: { min: 2, max: 2 }, no-input: { tries: 1, go: end }, no-match: { tries: 1, go: end }, check: { when: \'n != "11"\', say: m }, confirm: { say: m, no-input: { tries: 1, go: end }, no-match: { tries: 1, go: end } } }\n    go: end',
    'collect: { say: m, into: n, digits: { min: 1, max: 1 }, no-input: { tries: 1, go: end }, no-match: { tries: 1, go: end }, confirm: { say: m } }\n    go: end',
    'collect: { say: m, into: n, digits: { min: 1, max: 1 } }\n    go: end',
  ],
  say: ['say: m\n    go: end', 'say: m\n    go: end'],
  lookup: [
    'lookup: { source: s, with: {}, into: row, found: end, not-found: end, failed: end }',
    'lookup: { source: s, with: {}, found: end, not-found: end, failed: end, filler: m }',
  ],
  record: [
    'record: { name: r, say: m, max: 60, silence: 3, too-short: { tries: 1, go: end }, failed: end, review: { say: m, no-input: { tries: 1, go: end }, no-match: { tries: 1, go: end } } }\n    go: end',
    'record: { name: r, max: 60, silence: 3, too-short: { tries: 2, go: end }, review: { say: m } }\n    go: end',
    'record: { name: r, max: 60, silence: 3, too-short: { tries: 2, go: end } }\n    go: end',
  ],
  decide: [
    'menu: { say: m, keys: { 1: { set: { n: "1" }, go: which }, 2: { set: { n: "2" }, go: which }, 3: { set: { n: "3" }, go: which } } }\n  which:\n    decide: [{ when: n == 1, go: end }, { when: n == 2, go: end }, { else: end }]',
  ],
  set: ['set: { n: "1" }\n    go: end'],
  dial: [
    'dial: { phone: p, ring: 20, answered: end, busy: end, no-answer: end, rejected: end, unreachable: end, failed: end }',
    'dial: { phone: p, ring: 20, answered: end, failed: end }',
  ],
  case: ['case: { kind: complaint, subject: \'"noise"\', into: ref }\n    go: end'],
  hours: [
    'hours: { calendar: c, open: end, closed: end, holiday: end, emergency: end }',
    'hours: { calendar: c, open: end, closed: end }',
  ],
  call: ['call: { flow: other }\n    go: end'],
  return: ['return: {}'],
  'hang-up': ['hang-up:'],
  queue: [
    'queue: { name: q, say: m, again: { say: m, every: 20 }, keys: { 1: end, 2: end, 3: repeat }, no-answer-after: { seconds: 60, go: end }, answered: end, closed: end, full: end, nobody: end, failed: end }',
    'queue: { name: q, no-answer-after: { seconds: 60, go: end }, answered: end, failed: end }',
  ],
  callback: [
    'callback: { say: m, enter: m, into: ref, accepted: end, refused: end, withheld: end, no-input: { tries: 1 }, no-match: { tries: 1 } }',
    'callback: { say: m, into: ref, accepted: end, refused: end, withheld: end, no-input: { tries: 1 }, no-match: { tries: 1 } }',
  ],
  message: [
    'message: { text: m, sent: end, failed: end, no-number: end }',
    'message: { text: m, filler: m, sent: end, failed: end, no-number: end }',
  ],
  survey: [
    'survey: { name: s, questions: [{ question: a, section: x, say: m }, { question: b, section: y, say: m }] }\n    go: end',
  ],
};

function compare(t: Test, text: string, told: ReadonlySet<string>): void {
  const written = exitsOf(parseFlow(text, 'tried.yaml'));
  const own = new Set(written.map(({ step, id }) => `${step} ${id}`));
  const isAnywhere = (name: string): boolean => own.has(name.replace(/^\S+/, 'keys-anywhere'));
  const gone = new Set(
    [...told].map((name) => (own.has(name) ? name : name.replace(/^\S+/, 'keys-anywhere'))),
  );
  // Questions of callbacks and surveys are not written, and so are not counted.
  const unknown = [...told].filter((name) => !own.has(name) && !isAnywhere(name) && !name.includes('@'));
  t.same(
    [...own].filter((name) => !gone.has(name)),
    [],
    'ways that are never told of',
  );
  t.same(unknown, [], 'ways that are told of and not written');
}

const anywhere = 'keys-anywhere: { "*": end }\n';

for (const [kind, forms] of Object.entries(steps)) {
  t.test(`${kind}: each way can be taken, and is told of by its own name`, async (t) => {
    for (const [place, form] of forms.entries()) {
      const head = place === 0 ? '' : anywhere;
      const text = flowOf(`  first:\n    ${form}\n  end: { hang-up: }\n`, head);
      const flow = flowFrom(text);
      const told = waysTold(flow, [start(flow, null), start(flow, '+96891234567')]);
      // Where no key is awaited, the keys of `keys-anywhere` are no way out.
      const first = parseFlow(text, 'tried.yaml').flow?.steps.get('first');
      compare(t, first !== undefined && hearsKeys(first) ? text : text.replace(head, ''), told);
    }
  });
}

t.test('ways at the end of a flow are told of as all others are', async (t) => {
  const text = flowOf(
    `  ask: { say: m, go: end }
  leave: { hours: { calendar: c, open: note, closed: note } }
  note: { decide: [{ when: "true", go: file }, { else: file }] }
  file: { case: { kind: complaint, subject: '"left"' }, go: gone }
  gone: { hang-up: }
`,
    'at-end: leave\n',
  );
  const flow = flowFrom(text);
  const first = start(flow, null);
  if (first.result !== 'stepped') throw new Error('the flow does not start');
  const told = waysTold(flow, [flow.end(first.snapshot)]);
  t.same([...told].sort(), ['file go', 'leave closed', 'leave open', 'note when 1']);
});
