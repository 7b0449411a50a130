import t from 'tap';
import type { Key } from '../../src/base/index.js';
import { type Rehearsal, type RehearsalSettings, rehearse } from '../../src/rehearsal/index.js';
import { testAnswer, testSite } from '../kit/test-site.js';

const at = Date.UTC(2026, 2, 4, 6);

function call(settings: Partial<RehearsalSettings> = {}): Rehearsal {
  return rehearse({
    site: testSite(),
    number: '100',
    at,
    caller: { number: '+96890000001', name: 'Fatima' },
    lookUp: (source, given) => testAnswer({ source, with: given }),
    ...settings,
  });
}

function press(rehearsal: Rehearsal, keys: string): void {
  for (const key of keys) {
    rehearsal.press(key as Key);
    rehearsal.waitUntil(rehearsal.now + 200);
  }
}

function runOut(rehearsal: Rehearsal): void {
  for (let n = 0; n < 1000 && rehearsal.advance(); n++);
}

const texts = (rehearsal: Rehearsal): string[] => rehearsal.heard.map(({ text }) => text);

t.test('a caller hears the language choice in each language in turn', async (t) => {
  const rehearsal = call();
  t.same(
    rehearsal.heard.map(({ text, language }) => `${text} ${language}`),
    ['choose-language en', 'choose-language ar'],
  );
});

t.test('a caller learns the status of a request, and the case says so', async (t) => {
  const rehearsal = call();
  press(rehearsal, '11123456#');
  rehearsal.waitUntil(rehearsal.now + 2_000);
  t.equal(texts(rehearsal).at(-1), 'status');
  rehearsal.hangUp();
  t.equal(rehearsal.contact?.outcome, 'answered');
  t.same(rehearsal.contact?.termination, { result: 'completed', reason: 'hung-up', by: 'caller' });
  t.equal(rehearsal.contact?.language, 'en');
  t.equal(rehearsal.cases.length, 1);
  t.match(rehearsal.cases[0], { kind: 'enquiry', status: 'closed', outcome: 'answered' });
  t.notOk(JSON.stringify(rehearsal.events).includes('123456'), 'the event log holds no digits');
  t.notOk(JSON.stringify(rehearsal.events).includes('96890000001'), 'nor the caller');
});

t.test('keys pressed early are not lost, and nobody waits for their prompts', async (t) => {
  const rehearsal = call();
  for (const key of '114444#') rehearsal.press(key as Key);
  rehearsal.waitUntil(rehearsal.now + 500);
  t.equal(texts(rehearsal).at(-1), 'status');
  const asked = rehearsal.heard.find(({ text }) => text === 'enter-reference');
  t.ok(asked === undefined || asked.cut, 'nobody waits for its end');
});

t.test('a complaint is recorded, gets a case that stays open, and its reference is spoken', async (t) => {
  const rehearsal = call();
  press(rehearsal, '22');
  runOut(rehearsal);
  t.equal(rehearsal.state, 'over');
  t.same(texts(rehearsal).slice(-2), ['your-reference', 'goodbye']);
  t.match(rehearsal.cases[0], { kind: 'complaint', status: 'received', subject: 'noise', language: 'ar' });
  t.equal(rehearsal.contact?.recordings.length, 1);
  t.same(rehearsal.contact?.termination, { result: 'completed', reason: 'flow-ended', by: 'engine' });
});

t.test('a caller who hangs up while speaking leaves what was said', async (t) => {
  const rehearsal = call();
  press(rehearsal, '12');
  while (rehearsal.state !== 'recording') rehearsal.advance();
  rehearsal.waitUntil(rehearsal.now + 2_000);
  rehearsal.hangUp();
  t.match(rehearsal.contact?.recordings, [{}]);
  t.match(rehearsal.cases, [{ status: 'received' }], 'somebody has to hear it');
});

t.test('two people talk, then the caller says goodbye', async (t) => {
  const rehearsal = call({ phone: () => ({ type: 'answers', afterMs: 3_000, talksMs: 20_000 }) });
  press(rehearsal, '13');
  runOut(rehearsal);
  t.match(rehearsal.contact?.talks, [{ phone: 'agent-1', result: 'talked' }]);
  t.equal(
    (rehearsal.contact?.talks[0]?.answeredAt ?? 0) - (rehearsal.contact?.talks[0]?.startedAt ?? 0),
    3_000,
  );
  t.equal(texts(rehearsal).at(-1), 'goodbye');
});

for (const type of ['busy', 'rejects', 'rings-out', 'unreachable'] as const) {
  t.test(`a phone that ${type} sends the caller to the machine, not into silence`, async (t) => {
    const rehearsal = call({ phone: () => ({ type }) });
    press(rehearsal, '13');
    runOut(rehearsal);
    t.ok(texts(rehearsal).includes('nobody'), texts(rehearsal).join());
    t.ok(rehearsal.over);
    t.equal(rehearsal.cases.length, 1);
  });
}

t.test('a sub-flow gives its result back and the call goes on', async (t) => {
  const rehearsal = call();
  press(rehearsal, '145');
  runOut(rehearsal);
  t.equal(texts(rehearsal).at(-1), 'goodbye');
  t.same(
    rehearsal.contact?.path.slice(-4).map(({ flow, step }) => `${flow}/${step}`),
    ['survey/ask', 'survey/give', 'main/bye', 'main/end'],
  );
});

t.test('a flow that goes round for ever ends in the apology, not in silence', async (t) => {
  const rehearsal = call({ number: '666', site: testSite(null) });
  t.same(texts(rehearsal), ['sorry'], 'in the language of the number’s flow');
  runOut(rehearsal);
  t.ok(rehearsal.over);
  t.match(rehearsal.contact, { outcome: 'failed', marks: ['flow-failed'] });
});

t.test('a number that is not ours is told so, and leaves a record', async (t) => {
  const rehearsal = call({ number: '555;rm -rf' });
  t.equal(texts(rehearsal)[0], 'unknown-number');
  runOut(rehearsal);
  t.equal(rehearsal.contact?.number, '555');
  t.equal(rehearsal.cases.length, 1);
});

t.test('a caller who says nothing at all is not kept for ever', async (t) => {
  const rehearsal = call();
  runOut(rehearsal);
  t.ok(rehearsal.over);
});
