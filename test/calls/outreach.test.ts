/** Numbers that are checked, messages that are written, questions that are chosen: what a call decides of them. */
import fc from 'fast-check';
import t from 'tap';
import { asLegId, type JsonObject } from '../../src/base/index.js';
import {
  type Call,
  type CallDecision,
  type CallEvent,
  type CallSite,
  decideCall,
} from '../../src/calls/index.js';
import { chooseQuestions } from '../../src/calls/survey.js';
import { arrives, siteWithFlow } from '../kit/decided-call.js';

const leg = asLegId('in');
const oman = { countries: ['OM'], only: [], refuse: [] };

function siteOf(steps: string, head = '') {
  return siteWithFlow(
    `onedoor: 1\nflow: tried\nnumbers: ["200"]\nlanguages: [en]\nstart: a\n${head}steps:\n${steps}  sent: { say: goodbye, go: hang-up }\n  failed: { say: sorry, go: hang-up }\n  none: { say: nobody, go: hang-up }\n`,
    { callbacks: { ...oman, trunk: null, show: null }, messages: oman },
  );
}

const arrive = (site: CallSite, number: string | null = '+96891234567', id = 'call'): CallDecision =>
  arrives(site, { number, id });

const writes = siteOf(
  '  a: { set: { ref: \'"12345678"\' }, go: b }\n  b: { message: { text: your-reference, timeout: 5, sent: sent, failed: failed, no-number: none } }\n',
);
const command = ({ commands }: { readonly commands: CallDecision['commands'] }) =>
  commands.find(({ body }) => body.type === 'send-message');
const step = ({ call }: { readonly call: Call }): string => call.lastStep;
const on = (call: Call, event: CallEvent, site = writes): CallDecision =>
  decideCall(call, event, site, 2_000);

t.test('a message is written by the texts that are spoken, to the number that calls', async (t) => {
  const decision = arrive(writes);
  t.match(command(decision)?.body, {
    channel: 'sms',
    to: '+96891234567',
    language: 'en',
    texts: ['your-reference'],
    text: 'Your case has the number 12345678.',
    timeoutMs: 5_000,
  });
  t.notOk(JSON.stringify(decision.facts).includes('91234567'), 'no fact holds the number');
  t.notOk(JSON.stringify(decision.facts).includes('Your case'), 'nor the words');
  t.match(decision.personal.map(({ class: cls, body }) => [cls, body]).slice(-2), [
    ['number', '+96891234567'],
    ['text', /Your case/],
  ]);
});

t.test('the flow goes on as the channel says', async (t) => {
  const { call, commands } = arrive(writes);
  const id = command({ commands })!.id;
  const sent = on(call, { type: 'message.settled', command: id, outcome: { result: 'sent', by: 'log' } });
  t.equal(step(sent), 'tried/sent');
  t.match(sent.facts[0], { type: 'message.ended', body: { result: 'sent', by: 'log' } });
  t.notOk(command(sent.call), 'it is settled');
  for (const result of ['failed', 'unknown'] as const) {
    const failed = on(call, { type: 'message.settled', command: id, outcome: { result, why: 'down' } });
    t.equal(step(failed), 'tried/failed');
    t.match(failed.facts[0], { body: { result, by: null } });
  }
});

t.test(
  'a channel that never answers does not hold the caller, and a late answer is written down',
  async (t) => {
    const { call } = arrive(writes);
    const overdue = on(call, { type: 'deadline.due', id: 'message', frame: -1 });
    t.equal(step(overdue), 'tried/failed');
    t.match(overdue.facts[0], { type: 'message.ended', body: { result: 'unknown' } });
    t.notOk(command(overdue.call));
  },
);

t.test('after a break nobody knows whether it was sent, and it is not sent twice', async (t) => {
  const { call } = arrive(writes);
  const settled = on(call, {
    type: 'command.settled',
    command: command(call)!.id,
    outcome: { result: 'unknown', detail: 'never repeated' },
  });
  t.equal(step(settled), 'tried/failed');
  t.match(settled.facts[0], { type: 'message.ended', body: { result: 'unknown' } });
  t.notOk(command(settled));
});

t.test('a caller who hangs up gets the message all the same, and the call waits for its fate', async (t) => {
  const { call } = arrive(writes);
  const gone = on(call, { type: 'leg.ended', leg, cause: { q850: 16, sip: null } });
  t.equal(gone.call.phase, 'ending');
  t.match(gone.call.deadlines, [{ id: 'message' }]);
  const outcome = { result: 'sent', by: 'log' } as const;
  const told = on(gone.call, { type: 'message.settled', command: command(call)!.id, outcome });
  t.match(told.facts, [{ type: 'message.ended', body: { result: 'sent' } }]);
  t.equal(told.call.phase, 'over');
  const silent = on(gone.call, { type: 'deadline.due', id: 'message', frame: -1 });
  t.equal(silent.call.phase, 'over', 'nor for ever');
});

for (const [what, number] of [
  ['withholds the number', null],
  ['calls from a fixed line', '24123456'],
  ['calls from a country to which the site does not write', '+447911123456'],
] as const) {
  t.test(`a caller who ${what} gets no message`, async (t) => {
    const decision = arrive(writes, number);
    t.equal(step(decision), 'tried/none');
    t.notOk(command(decision));
    t.match(
      decision.facts.find(({ type }) => type === 'message.ended'),
      { body: { result: 'no-number' } },
    );
  });
}

t.test('a message with a hole is not sent', async (t) => {
  const decision = arrive(
    siteOf('  a: { message: { text: your-reference, sent: sent, failed: failed, no-number: none } }\n'),
  );
  t.equal(step(decision), 'tried/failed');
  t.ok(decision.facts.some(({ type }) => type === 'prompt.missing'));
});

t.test('a message that is too long is not sent', async (t) => {
  const decision = arrive(
    siteOf(
      `  a: { set: { ref: '"${'1'.repeat(900)}"' }, go: b }\n  b: { message: { text: your-reference, sent: sent, failed: failed, no-number: none } }\n`,
    ),
  );
  t.equal(step(decision), 'tried/failed');
});

t.test('a site that writes to nobody sends nothing', async (t) => {
  const decision = arrive({ ...writes, messages: null });
  t.equal(step(decision), 'tried/none');
});

const calls = siteOf(
  '  a: { callback: { say: how-was-it, accepted: sent, refused: failed, withheld: none } }\n',
);

t.test('the number for a callback lies with the case, not in the event log', async (t) => {
  const asked = arrive(calls);
  t.equal(step(asked), 'tried/a@confirm');
  const opens = on(asked.call, { type: 'key.pressed', leg, key: '1', durationMs: 100 }, calls);
  t.match(opens.messages, [
    { type: 'open-case', kind: 'request', subject: 'callback', details: { number: '+96891234567' } },
  ]);
  t.notOk(JSON.stringify([asked.facts, opens.facts]).includes('91234567'));
});

t.test('a site that calls nobody back refuses every number', async (t) => {
  t.equal(step(arrive({ ...calls, callbacks: null })), 'tried/failed');
});

t.test('the engine refuses to call back where it would cost a fortune', async (t) => {
  t.equal(step(arrive(calls, '90012345')), 'tried/failed');
});

const rates = siteOf(`
  a:
    survey:
      name: quality
      ask: 2
      questions: [{ question: one, say: how-was-it }, { question: two, say: how-was-it }, { question: three, section: last, say: how-was-it }]
    go: sent
`);

t.test('answers are facts of the contact as soon as they are given', async (t) => {
  const offered = arrive(rates);
  const names = offered.facts.find(({ type }) => type === 'survey.offered')?.body as JsonObject;
  t.equal((names['questions'] as unknown[]).length, 2);
  const first = on(offered.call, { type: 'key.pressed', leg, key: '4', durationMs: 100 }, rates);
  t.match(first.facts[0], { type: 'survey.answered', body: { survey: 'quality', answer: 4 } });
  const gone = on(first.call, { type: 'leg.ended', leg, cause: { q850: 16, sip: null } }, rates);
  t.equal(gone.call.phase, 'over');
});

t.test('a contact is always asked the same questions, each once, and in their order', async (t) => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      (id, count, ask) => {
        const chosen = chooseQuestions(id, count, ask);
        const again = chooseQuestions(id, count, ask);
        const sorted = [...new Set(chosen)].sort((a, b) => a - b);
        if (chosen.join() !== again.join() || chosen.join() !== sorted.join()) throw new Error(chosen.join());
        if (chosen.length !== Math.min(ask, count)) throw new Error(`${chosen.length} questions`);
        if (chosen.some((place) => place < 0 || place >= count)) throw new Error(chosen.join());
      },
    ),
    { numRuns: 300 },
  );
  t.pass('300 contacts');
});

t.test('in the long run each question is asked equally often', async (t) => {
  const asked = Array.from({ length: 10 }, () => 0);
  for (let n = 0; n < 10_000; n++)
    for (const place of chooseQuestions(`mws${(6_500_000 + n * 7).toString(36)}-${n.toString(36)}`, 10, 3))
      asked[place] = (asked[place] ?? 0) + 1;
  t.equal(
    asked.reduce((sum, times) => sum + times, 0),
    30_000,
  );
  for (const times of asked) t.ok(times > 2_800 && times < 3_200, `${asked.join(' ')}`);
});
