import t from 'tap';
import { flowFrom, flowOf, type Input, walk, walksWith } from '../kit/flow-walk.js';

const walks = walksWith(t);

const ended = 'end.ended done | enter end, hang-up';

walks(
  'texts one after another do not overlap',
  flowOf('  a: { say: [one, two], outcome: answered, go: b }\n  b: { say: three, go: hang-up }\n'),
  'a.speaking | enter a, outcome answered, say one/en two/en',
  [
    ['spoken', 'b.speaking | enter b, say three/en'],
    ['spoken', '@hang-up done | enter hang-up, hang-up'],
    ['spoken', '@hang-up done'],
  ],
);

const lookup = (more = ''): string =>
  flowOf(
    `
  find:
    lookup: { source: requests, with: { number: n, kind: '"x"', least: 5 }, into: row, timeout: 1.5, found: yes, not-found: no, failed: broken${more} }
  yes: { decide: [{ when: row.state == "ok", go: end }, { else: no }] }
  no: { say: not-there, go: end }
  broken: { say: later, go: end }
`,
    'parameters: [n]\n',
  );
const looking = 'find.looking-up | enter find, look up requests {"number":"12","kind":"x","least":5} in 1500';
const found: Input = { type: 'looked-up', result: 'found', row: { state: 'ok' } };

walks(
  'a row that is found is kept',
  lookup(),
  looking,
  [[found, `end.ended done | enter yes, enter end, hang-up`]],
  {
    vars: { n: '12' },
  },
);
walks(
  'what is not found has an exit',
  lookup(),
  looking,
  [[{ type: 'looked-up', result: 'not-found' }, 'no.speaking | enter no, say not-there/en']],
  { vars: { n: '12' } },
);
walks(
  'a lookup that fails has an exit',
  lookup(),
  looking,
  [[{ type: 'looked-up', result: 'failed' }, 'broken.speaking | enter broken, say later/en']],
  { vars: { n: '12' } },
);
walks(
  'a lookup that takes its time is bridged by a text, which is heard to its end',
  lookup(', filler: one-moment'),
  `${looking} | filler in 1000`,
  [
    ['timer filler', 'find.filling | say one-moment/en | no filler'],
    [{ type: 'looked-up', result: 'not-found' }, 'find.not-found'],
    ['spoken', 'no.speaking | enter no, say not-there/en'],
  ],
  { vars: { n: '12' } },
);
walks(
  'a lookup may answer after the text that bridges it, and before',
  lookup(', filler: one-moment, filler-after: 0.5'),
  `${looking} | filler in 500`,
  [
    ['timer filler', 'find.filling | say one-moment/en | no filler'],
    ['spoken', 'find.filled'],
    [found, 'end.ended done | enter yes, enter end, hang-up'],
  ],
  { vars: { n: '12' } },
);
walks(
  'a fast answer needs no text',
  lookup(', filler: one-moment'),
  `${looking} | filler in 1000`,
  [[{ type: 'looked-up', result: 'failed' }, 'broken.speaking | enter broken, say later/en | no filler']],
  { vars: { n: '12' } },
);

const record = flowOf(`
  talk:
    record: { name: complaint, say: speak-now, max: 60, min: 2, silence: 4, too-short: { tries: 2, say: too-short, go: short }, failed: broken }
    go: end
  short: { say: short, go: end }
  broken: { say: broken, go: end }
`);
const speakNow = 'talk.asking | enter talk, say speak-now/en';
const recording = 'talk.recording | record max 60000 silence 4000 beep';

walks('a recording that ends by silence is kept', record, speakNow, [
  ['spoken', recording],
  [
    { type: 'recorded', recording: 'r1', ms: 5000 },
    'end.ended done | keep recording complaint, enter end, hang-up',
  ],
]);
walks('a key ends a recording, and is not kept', record, speakNow, [
  ['1', 'talk.recording | hush, record max 60000 silence 4000 beep'],
  ['#', 'talk.stopping | stop-recording'],
  ['1', 'talk.stopping'],
  [
    { type: 'recorded', recording: 'r1', ms: 2000 },
    'end.ended done | keep recording complaint, enter end, hang-up',
  ],
]);
walks('a recording that is too short is thrown away and asked for again, so often', record, speakNow, [
  ['spoken', recording],
  [{ type: 'recorded', recording: 'r1', ms: 1999 }, 'talk.asking | discard-recording, say too-short/en'],
  ['spoken', recording],
  [
    { type: 'recorded', recording: 'r2', ms: 10 },
    'short.speaking | discard-recording, enter short, say short/en',
  ],
]);
walks('a recording that fails has an exit', record, speakNow, [
  ['spoken', recording],
  [{ type: 'record-failed' }, 'broken.speaking | enter broken, say broken/en'],
]);
walks(
  'only the key that is named ends a recording; without a prompt it begins at once',
  flowOf(`
  talk:
    record: { name: note, end: "#", beep: false, silence: 0, too-short: { tries: 2, go: end } }
    go: end
`),
  'talk.recording | enter talk, record max 120000 silence 0',
  [
    ['1', 'talk.recording'],
    ['#', 'talk.stopping | stop-recording'],
    [
      { type: 'recorded', recording: 'r', ms: 1 },
      'talk.recording | discard-recording, record max 120000 silence 0',
    ],
    [{ type: 'record-failed' }, ended],
  ],
);

const decide = (first: string): string =>
  flowOf(
    `
  which: { decide: [{ when: '${first}', go: yes }, { else: no }] }
  yes: { say: yes, go: end }
  no: { say: no, go: end }
`,
    'parameters: [n, row, later]\n',
  );
for (const [condition, answer] of [
  ['n == 5', 'yes'],
  ['n + 1 == 6', 'yes'],
  ['n > 5', 'no'],
  ['row.state == "ok"', 'yes'],
  ['has(row.other)', 'no'],
  ['later == null', 'yes'],
  ['caller.language == "en" && !caller.languageChosen', 'yes'],
  ['caller.number.startsWith("+968")', 'yes'],
  ['size(row.list) == 2 && row.list.exists(x, x == 2)', 'yes'],
] as const) {
  walks(
    `the condition ${condition} holds: ${answer}`,
    decide(condition),
    `${answer}.speaking | enter which, enter ${answer}, say ${answer}/en`,
    [],
    {
      vars: { n: 5, row: { state: 'ok', list: [1, 2] } },
    },
  );
}

t.test('a condition that fails at run time is a failed step, not a throw', async (t) => {
  const text = flowOf(`
  hello: { say: hello, go: which }
  which: { decide: [{ when: 'row.state == "ok"', go: end }, { else: end }] }
  find: { lookup: { source: x, into: row, found: end, not-found: end, failed: end } }
`);
  const walker = walk(flowFrom(text));
  t.match(walker.give('spoken'), /^failed: in hello.speaking, on spoken: .*state/);
  const number = walk(
    flowFrom(
      flowOf(
        '  hello: { say: x, go: d }\n  d: { decide: [{ when: n, go: end }, { else: end }] }\n',
        'parameters: [n]\n',
      ),
    ),
    { vars: { n: 5 } },
  );
  t.match(number.give('spoken'), /neither true nor false/);
});

walks(
  'values are set in order, as JSON',
  flowOf(`
  keep: { set: { a: 1 + 2, b: '"x" + string(a)', c: '{"deep": [a, 2.5, true, null]}', d: caller.number }, go: give }
  give: { return: { a: a, b: b, c: c, d: d } }
`),
  'give.returned done | enter keep, enter give, return {"a":3,"b":"x3","c":{"deep":[3,2.5,true,null]},"d":"+96880077222"}',
  [],
);

walks(
  'a key can set values',
  flowOf(`
  topics: { menu: { say: topics, keys: { 1: { set: { topic: '"roads"' }, go: give } } } }
  give: { return: { topic: topic } }
`),
  'topics.asking | enter topics, say topics/en',
  [['1', 'give.returned done | hush, enter give, return {"topic":"roads"}']],
);

const dial = flowOf(`
  ring:
    dial: { phone: agent-1, ring: 25, answered: thanks, busy: taken, failed: nobody }
    outcome: handed-over
  thanks: { say: thanks, go: end }
  taken: { say: taken, go: end }
  nobody: { say: nobody, go: end }
`);
const ringing = 'ring.ringing | enter ring, outcome handed-over, dial agent-1 for 25000';

walks('two people talk, and their keys are their own', dial, ringing, [
  ['1', 'ring.ringing'],
  [{ type: 'dial-answered' }, 'ring.talking'],
  ['2', 'ring.talking'],
  [{ type: 'dial-ended', result: 'talked' }, 'thanks.speaking | enter thanks, say thanks/en'],
  ['spoken', ended],
]);
for (const result of ['busy', 'no-answer', 'rejected', 'unreachable', 'failed'] as const) {
  const exit = result === 'busy' ? 'taken' : 'nobody';
  walks(`a phone that is ${result} leads to ${exit}`, dial, ringing, [
    [{ type: 'dial-ended', result }, `${exit}.speaking | enter ${exit}, say ${exit}/en`],
  ]);
}

walks(
  'a case is opened, and its reference kept',
  flowOf(
    `
  open:
    case: { kind: complaint, subject: '"noise in " + place', details: { place: place, number: caller.number }, into: reference }
    go: give
  give: { return: { reference: reference } }
`,
    'parameters: [place]\n',
  ),
  'open.opening | enter open, case complaint noise in town {"place":"town","number":"+96880077222"}',
  [
    [
      { type: 'case-opened', reference: 'C-1' },
      'give.returned done | enter give, return {"reference":"C-1"}',
    ],
  ],
  { vars: { place: 'town' } },
);

walks(
  'a sub-flow gets values and keys, and gives results, language and keys back',
  flowOf(
    `
  hello: { say: hello, go: ask }
  ask: { call: { flow: survey, with: { about: '"you"' }, into: answers }, go: next }
  next: { menu: { say: next, keys: { 1: give } } }
  give: { return: { all: answers } }
`,
    'languages: [en, ar]\n',
  ),
  'hello.speaking | enter hello, say hello/en',
  [
    ['7', 'ask.calling | hush, enter ask, push survey {"about":"you"}'],
    [
      {
        type: 'returned',
        results: { grade: 5 },
        caller: { language: 'ar', languageChosen: true, number: null },
        keys: '',
      },
      'next.asking | enter next, say next/ar',
    ],
    ['1', 'give.returned done | hush, enter give, return {"all":{"grade":5}}'],
  ],
);

t.test('steps that go round without waiting fail, and never hang', async (t) => {
  const text = flowOf(`
  hello: { say: hello, go: a }
  a: { set: { n: 1 }, go: b }
  b: { decide: [{ when: n == 1, go: a }, { else: end }] }
`);
  const walker = walk(flowFrom(text));
  const before = walker.snapshot();
  t.match(walker.give('spoken'), /^failed: in hello.speaking, on spoken: Infinite loop/);
  t.same(walker.snapshot(), before);
});

t.test('a value that grows without bound fails', async (t) => {
  const text = flowOf(
    `
  hello: { say: hello, go: grow }
  grow: { set: { s: 's + s' }, go: hello }
`,
    'parameters: [s]\n',
  );
  const walker = walk(flowFrom(text), { vars: { s: 'x'.repeat(1000) } });
  const results = Array.from({ length: 5 }, () => walker.give('spoken'));
  t.match(results.at(-1), /too big/);
});

t.test('a snapshot of another flow, or of none, fails', async (t) => {
  const flow = flowFrom(flowOf('  a: { say: x, go: end }\n'));
  const context = walk(flow).snapshot().context;
  for (const state of ['b.speaking', 'a.asking', '', '@nowhere', '__proto__', 'constructor']) {
    t.equal(flow.step({ state, context, done: false }, { type: 'spoken' }).result, 'failed', state);
  }
});

t.test('events that mean nothing where the flow stands change nothing', async (t) => {
  const walker = walk(flowFrom(flowOf('  a: { say: x, go: end }\n')));
  const before = walker.snapshot();
  for (const input of [
    'timer first-key',
    { type: 'timer', event: 'timer.first-key.b' },
    { type: 'timer', event: '*' },
    { type: 'timer', event: 'xstate.init' },
    { type: 'recorded', recording: 'r', ms: 1 },
    { type: 'case-opened', reference: 'x' },
    { type: 'dial-ended', result: 'talked' },
  ] as const) {
    t.equal(walker.give(input), 'a.speaking', JSON.stringify(input));
    t.same(walker.snapshot(), before);
  }
});
