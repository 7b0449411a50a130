/** Steps that reach people outside the call: agents who are waited for, callbacks, messages, surveys. */
import t from 'tap';
import { flowFrom, flowOf, type Input, textsWith, walk, walksWith } from '../kit/flow-walk.js';

const walks = walksWith(t, textsWith({ confirm: ['callbackNumber'], note: ['ref'] }));

const ended = 'end.ended done | enter end, hang-up';

// --- queue

const queue = (more = ''): string =>
  flowOf(
    `
  main: { menu: { say: menu, keys: { 1: wait } } }
  wait:
    queue: { name: general, need: { language: caller.language, parking: 2 }, say: please-wait, again: { say: still, every: 30 }, keys: { 1: other, 9: repeat, "#": back }, no-answer-after: { seconds: 120, go: tired }, answered: end, failed: broken${more} }
  other: { say: other, go: end }
  tired: { say: tired, go: end }
  empty: { say: empty, go: end }
  broken: { say: broken, go: end }
`,
    'keys-anywhere: { "0": other, "*": repeat }\n',
  );
const asked = 'main.asking | enter main, say menu/en';
const queueing: [Input, string] = [
  '1',
  'wait.queueing | hush, enter wait, queue general {"en":1,"parking":2} priority null',
];
const queued: [Input, string] = [
  { type: 'queue-waiting' },
  'wait.queued | no music, say please-wait/en | no-answer in 120000',
];
const left = 'hush, no music, leave queue left';
const off = 'no no-answer, no again';

walks('who waits hears texts and music in turn', queue(), asked, [
  queueing,
  queued,
  ['spoken', 'wait.queued | music | again in 30000'],
  ['timer again', 'wait.queued | no music, say still/en'],
  ['spoken', 'wait.queued | music | again in 30000'],
]);
walks('an agent talks to the caller, and keys are theirs', queue(), asked, [
  queueing,
  queued,
  [{ type: 'queue-connected' }, `wait.talking | hush, no music | ${off}`],
  ['1', 'wait.talking'],
  [{ type: 'queue-ended', result: 'talked' }, ended],
]);
walks('nobody waits longer than the flow lets them', queue(), asked, [
  queueing,
  queued,
  [
    'timer no-answer',
    `tired.speaking | hush, no music, leave queue no-answer, enter tired, say tired/en | ${off}`,
  ],
]);
walks('a key leaves the queue', queue(), asked, [
  queueing,
  queued,
  ['1', `other.speaking | ${left}, enter other, say other/en | ${off}`],
]);
walks('a key that means the same everywhere leaves the queue, any other means nothing', queue(), asked, [
  queueing,
  queued,
  ['5', 'wait.queued'],
  ['0', `other.speaking | ${left}, enter other, say other/en | ${off}`],
]);
walks('who asks for it hears the text again, and waits on', queue(), asked, [
  queueing,
  queued,
  ['9', 'wait.queued | no music, say please-wait/en | no again'],
  ['*', 'wait.queued | no music, say please-wait/en | no again'],
]);
walks('back from the queue leads to the menu before', queue(), asked, [
  queueing,
  queued,
  ['#', `main.asking | ${left}, enter main, say menu/en | ${off}`],
]);
for (const result of ['closed', 'full', 'nobody', 'failed'] as const) {
  walks(`a queue that is ${result} has an exit, or failed stands for it`, queue(), asked, [
    queueing,
    [{ type: 'queue-ended', result }, 'broken.speaking | enter broken, say broken/en'],
  ]);
}
walks('a queue without agents has an exit of its own', queue(', nobody: empty'), asked, [
  queueing,
  [{ type: 'queue-ended', result: 'nobody' }, 'empty.speaking | enter empty, say empty/en'],
]);
walks(
  'without words there is music at once, and the queue alone limits the wait',
  flowOf(
    '  wait: { queue: { name: general, priority: 9, no-answer-after: { go: end }, answered: end, failed: end } }\n',
  ),
  'wait.queueing | enter wait, queue general {} priority 9',
  [
    [{ type: 'queue-waiting' }, 'wait.queued | music'],
    ['*', 'wait.queued'],
    [{ type: 'queue-ended', result: 'no-answer' }, `end.ended done | hush, no music, enter end, hang-up`],
  ],
);
for (const [what, value] of [
  ['a level beyond five', 9],
  ['digits that were keyed', '123456'],
  ['a list', ['en']],
] as const) {
  t.test(`${what} is no need: the flow fails before it is written down`, async (t) => {
    const flow = flowFrom(
      flowOf(
        '  wait: { queue: { name: general, need: { x: n }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
        'parameters: [n]\n',
      ),
    );
    const caller = { language: 'en', languageChosen: false, number: null };
    const step = flow.start({ vars: { n: value }, caller, keys: '' });
    t.match(step, { result: 'failed', why: /what "x" needs is neither a level from 1 to 5 nor a skill/ });
    t.notOk(JSON.stringify(step).includes('123456'));
  });
}
walks(
  'what is not there, false or empty is no need',
  flowOf(
    '  wait: { queue: { name: general, need: { a: n, b: false, c: \'""\', d: true }, no-answer-after: { go: end }, answered: end, failed: end } }\n',
    'parameters: [n]\n',
  ),
  'wait.queueing | enter wait, queue general {"d":1} priority null',
  [],
);

const preferring = (prefer: string): string =>
  flowOf(
    `  wait: { queue: { name: general, prefer: ${prefer}, no-answer-after: { go: end }, answered: end, failed: end } }\n`,
    'parameters: [n]\n',
  );
for (const [what, prefer, told] of [
  ['the agent who talked with the caller last', 'last-agent', { whom: 'last-agent', forMs: null }],
  ['that agent for a stated time', '{ agent: last-agent, for: 12.5 }', { whom: 'last-agent', forMs: 12_500 }],
  ['an agent by name', `'"amal"'`, { whom: 'agent', agent: 'amal', forMs: null }],
  [
    'the agent that an expression gives',
    '{ agent: \'"am" + "al"\', for: 30 }',
    { whom: 'agent', agent: 'amal', forMs: 30_000 },
  ],
] as const)
  walks(
    `${what} is waited for first`,
    preferring(prefer),
    `wait.queueing | enter wait, queue general {} priority null prefer ${JSON.stringify(told)}`,
    [],
  );
walks(
  'an expression that gives no name prefers nobody, and costs the caller nothing',
  preferring('n'),
  'wait.queueing | enter wait, queue general {} priority null',
  [],
);

// --- callback

const callback = (more = ', enter: enter'): string =>
  flowOf(
    `
  main: { menu: { say: menu, keys: { 1: call } } }
  call:
    callback: { say: confirm${more}, details: { topic: '"roads"' }, into: ref, no-input: { tries: 2, say: hurry }, accepted: thanks, refused: no, withheld: none }
  thanks: { say: note, go: end }
  no: { menu: { say: no, keys: { 9: back } } }
  none: { say: none, go: end }
`,
  );
const number = '+96880077222';
const checking: [Input, string] = ['1', `call.beginning | hush, enter call, check ${number}`];
const allowed: Input = { type: 'number-checked', result: 'allowed', number };
const refused: Input = { type: 'number-checked', result: 'refused' };
const confirming = `call@confirm.asking | enter call@confirm, say confirm/en{"callbackNumber":"${number}"}`;

walks('a caller confirms the own number, and a case keeps it', callback(), asked, [
  checking,
  [allowed, confirming],
  [
    '1',
    `call@open.opening | hush, enter call@open, case request callback {"topic":"roads","number":"${number}"}`,
  ],
  [{ type: 'case-opened', reference: '18' }, 'thanks.speaking | enter thanks, say note/en{"ref":"18"}'],
]);
walks('a caller keys another number, which is read back', callback(), asked, [
  checking,
  [allowed, confirming],
  ['2', 'call@enter.asking | hush, enter call@enter, say enter/en'],
  ['9', 'call@enter.collecting | hush | between-keys in 3000'],
  ['1', 'call@enter.collecting | | between-keys in 3000'],
  ['2', 'call@enter.collecting | | between-keys in 3000'],
  ['#', 'call.checking | entered callbackNumber=912, check 912 | no between-keys'],
  [
    { type: 'number-checked', result: 'allowed', number: '+968912' },
    'call@confirm.asking | enter call@confirm, say confirm/en{"callbackNumber":"+968912"}',
  ],
]);
walks(
  'a number that the site does not call is refused, and the menu before is still known',
  callback(),
  asked,
  [
    checking,
    [refused, 'call@enter.asking | enter call@enter, say enter/en'],
    ['9', 'call@enter.collecting | hush | between-keys in 3000'],
    ['0', 'call@enter.collecting | | between-keys in 3000'],
    ['0', 'call@enter.collecting | | between-keys in 3000'],
    ['#', 'call.checking | entered callbackNumber=900, check 900 | no between-keys'],
    [refused, 'no.asking | enter no, say no/en'],
    ['9', asked.replace('enter', 'hush, enter')],
  ],
);
walks('who keeps silent leaves no number', callback(''), asked, [
  checking,
  [allowed, confirming],
  ['spoken', 'call@confirm.waiting | | first-key in 10000'],
  ['timer first-key', 'call@confirm.asking | say hurry/en | no first-key'],
  ['spoken', 'call@confirm.waiting | | first-key in 10000'],
  ['timer first-key', 'none.speaking | enter none, say none/en | no first-key'],
]);
walks('where no other number can be keyed, no means none', callback(''), asked, [
  checking,
  [allowed, confirming],
  ['2', 'none.speaking | hush, enter none, say none/en'],
]);
walks('where no other number can be keyed, one that is not called is refused', callback(''), asked, [
  checking,
  [refused, 'no.asking | enter no, say no/en'],
]);
for (const [more, state] of [
  [', enter: enter', 'call@enter.asking | hush, enter call, enter call@enter, say enter/en'],
  ['', 'none.speaking | hush, enter call, enter none, say none/en'],
] as const) {
  walks(
    `a caller who withholds the number ${more === '' ? 'has none to leave' : 'can key one'}`,
    callback(more),
    asked,
    [['1', state]],
    { number: null },
  );
}

// --- message

const message = (more = ''): string =>
  flowOf(
    `  write: { message: { text: note, to: n, timeout: 4${more}, sent: end, failed: broken, no-number: none } }
  broken: { say: broken, go: end }
  none: { say: none, go: end }
`,
    'parameters: [n, ref]\n',
  );
const writing = 'write.sending | enter write, write note{"ref":"18"} to +96891 in 4000';
const vars = { n: '+96891', ref: '18' };

walks(
  'a message is written by a text, and sent',
  message(),
  writing,
  [[{ type: 'message-ended', result: 'sent' }, ended]],
  { vars },
);
walks(
  'a message that is not sent has an exit',
  message(),
  writing,
  [[{ type: 'message-ended', result: 'failed' }, 'broken.speaking | enter broken, say broken/en']],
  { vars },
);
walks(
  'who has no number has an exit',
  message(),
  writing.replace('+96891', ''),
  [[{ type: 'message-ended', result: 'no-number' }, 'none.speaking | enter none, say none/en']],
  { vars: { ref: '18', n: null } },
);
walks(
  'a slow channel is bridged by a text',
  message(', filler: one-moment'),
  `${writing} | filler in 1000`,
  [
    ['timer filler', 'write.filling | say one-moment/en | no filler'],
    [{ type: 'message-ended', result: 'sent' }, 'write.sent'],
    ['spoken', ended],
  ],
  { vars },
);

// --- survey

const survey = flowOf(
  `
  main: { menu: { say: menu, keys: { 1: rate } } }
  rate:
    survey:
      name: quality
      ask: 2
      questions: [{ question: polite, section: agent, say: polite }, { question: fast, say: fast }, { question: solved, say: solved }]
    go: bye
  bye: { menu: { say: bye, keys: { 9: back } } }
`,
  'keys-anywhere: { "0": end }\n',
);
const choosing: [Input, string] = ['1', 'rate.choosing | hush, enter rate, choose 2 of polite+fast+solved'];
const chosen: [Input, string] = [
  { type: 'questions-chosen', chosen: [0, 2] },
  'rate@polite.asking | enter rate@polite, say polite/en',
];

walks('each answer counts at once', survey, asked, [
  choosing,
  chosen,
  ['5', 'rate@solved.asking | hush, answer quality/agent/polite=5, enter rate@solved, say solved/en'],
  ['1', 'bye.asking | hush, answer quality/general/solved=1, enter bye, say bye/en'],
  ['9', asked.replace('enter', 'hush, enter')],
]);
walks('silence skips a question', survey, asked, [
  choosing,
  chosen,
  ['spoken', 'rate@polite.waiting | | first-key in 10000'],
  ['timer first-key', 'rate@solved.asking | enter rate@solved, say solved/en | no first-key'],
]);
walks('a key beyond the scale is a mistake, and the second one skips the question', survey, asked, [
  choosing,
  chosen,
  ['7', 'rate@polite.asking | hush, say polite/en'],
  ['9', 'rate@solved.asking | hush, enter rate@solved, say solved/en'],
]);
walks('a key that means the same everywhere leaves the survey', survey, asked, [
  choosing,
  chosen,
  ['0', 'end.ended done | hush, enter end, hang-up'],
]);
t.test('an answer leaves nothing behind in the values of the flow', async (t) => {
  const walker = walk(flowFrom(survey));
  for (const input of ['1', chosen[0], '4', '4']) walker.give(input);
  t.same(walker.snapshot().context.vars, {});
});
