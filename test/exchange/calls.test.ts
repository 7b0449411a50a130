/** Real calls: the hotline's exchange on one side, an independent one on the other, SIP and RTP between them. */
import t, { type Test } from 'tap';
import { rawCaller } from '../telephony/asterisk/kit.js';
import type { TestDial } from '../kit/outside.js';
import { eventually, within } from '../kit/waiting.js';
import { startHotline, type Walk } from './hotline.js';

const hotline = await startHotline(['agent-1']);
t.teardown(() => hotline.stop());

/** `npm run test:calls` makes all calls, at once; `npm test` makes those that a busy machine carries surely. */
const all = process.env.ONEDOOR_CALLS === 'all';

/** A busy machine delays a packet now and then: so many sounds of a call may be unclear. A wrong prompt is more. */
const unclear = 1;

/** So soon does a caller in a hurry press; who hears all prompts out takes four times as long. */
const hurry = { interruptAfterMs: 1_500 };

interface Way extends Walk {
  readonly name: string;
  /** As on record. */
  readonly outcome: string;
}

/** The ways through the municipality's flow, behind the choice of the language. */
const ways: readonly Way[] = [
  { name: 'learns the status of a request', keys: '1,123456#', outcome: 'answered' },
  { name: 'asks for a request that nobody knows', keys: '1,999999#,9', outcome: 'not-found' },
  { name: 'learns of parking violations', keys: '2,2#,12345#', outcome: 'answered' },
  { name: 'has a car without violations', keys: '2,9#,8080#', outcome: 'answered' },
  { name: 'keys a plate that nobody knows', keys: '2,1#,1#', outcome: 'not-found' },
  { name: 'hears how to get a building permit', keys: '3,1,1', outcome: 'answered' },
  { name: 'hears how to renew a licence', keys: '3,2,2', outcome: 'answered' },
  { name: 'hears how to get a health card', keys: '3,3,1', outcome: 'answered' },
  { name: 'hears how to close a road', keys: '3,4,2', outcome: 'answered' },
  { name: 'leaves a complaint by voice', keys: '4,1,s3', outcome: 'left-complaint' },
];

const walks = [
  { language: 'ar', choice: '1' },
  { language: 'en', choice: '2' },
].flatMap(({ language, choice }) => [
  ...(all ? ways : ways.slice(0, 1)).map((way) => ({
    ...way,
    ...hurry,
    keys: `${choice},${way.keys}`,
    language,
  })),
  ...(all ? [{ name: 'hears the menus out', keys: choice, outcome: 'abandoned', language }] : []),
]);

// All at once: each is a call of its own.
t.jobs = 100;
const together = { buffered: true };

for (const { name, language, outcome, ...walk } of walks) {
  t.test(`a caller ${name} (${language})`, together, async (t) => {
    const { differences, heard, contact } = await hotline.walk(walk);
    const told = `hears what a rehearsal of the same keys says: ${heard.join(', ')}; ${differences.join('; ')}`;
    t.ok(differences.length <= unclear, told);
    t.equal(contact.language, language, 'the language is on record');
    t.equal(contact.outcome, outcome, 'the outcome is on record');
    t.ok(contact.case, 'it belongs to a case');
  });
}

t.test('a number that is not ours is answered with an apology, and recorded', together, async (t) => {
  const { differences, contact } = await hotline.walk({ keys: '', number: '80099999' });
  t.ok(differences.length <= unclear, differences.join('; '));
  t.equal(contact.number, '80099999');
});

const agentCalls = async (t: Test): Promise<void> => {
  t.test('an agent is reached, and both hear one another', async (t) => {
    const phone = hotline.world.phone('agent-1');
    await phone.register();
    const caller = await hotline.call();
    await caller.answered;
    await caller.press('20');
    const ringing = await phone.rings(20_000);
    t.equal(ringing.from.number, caller.callerNumber, 'the phone shows who calls');
    await ringing.ring();
    const agent = await ringing.answer();
    const [question, answer] = [hotline.text('ar', 'goodbye'), hotline.text('en', 'one-moment')];
    await Promise.all([agent.hears(question, 10_000), caller.line.say(question.pcm)]);
    const since = caller.line.now();
    await Promise.all([caller.hears(answer, 10_000, since), agent.line.say(answer.pcm)]);
    const left = caller.line.now();
    await agent.hangUp();
    await caller.hears(hotline.text('en', 'goodbye'), 10_000, left);
    t.match(await within(caller.ended, 10_000, 'the hotline hangs up'), { q850: 16 });
    const contact = await hotline.engine.contact(caller.callerNumber);
    t.match(contact, { outcome: 'handed-over', talks: [{ phone: 'agent-1', result: 'talked' }] });
  });

  t.test('an agent who rejects leaves the caller with a message', async (t) => {
    const caller = await hotline.call();
    await caller.answered;
    await caller.press('20');
    const ringing = await hotline.world.phone('agent-1').rings(20_000);
    await ringing.reject('busy');
    await caller.hears(hotline.text('en', 'agent-busy'), 10_000);
    await caller.hangUp();
    const { talks } = await hotline.engine.contact(caller.callerNumber);
    t.match(talks, [{ phone: 'agent-1', result: 'busy' }]);
  });

  t.test('a caller who hangs up while an agent rings cancels the ring', async (t) => {
    const caller = await hotline.call();
    await caller.answered;
    await caller.press('20');
    const ringing = await hotline.world.phone('agent-1').rings(20_000);
    await ringing.ring();
    await caller.hangUp();
    await within(ringing.ended, 5_000, 'the phone stops ringing');
    const { termination, talks } = await hotline.engine.contact(caller.callerNumber);
    t.match(termination, { by: 'caller' });
    t.equal(talks.length, 1);
  });
};
if (all) t.test('an agent', together, agentCalls);

t.test('callers hang up at awkward moments, and each has a record', together, async (t) => {
  const moments: readonly { readonly name: string; readonly keys: string; readonly afterMs: number }[] = [
    { name: 'at once', keys: '', afterMs: 0 },
    { name: 'as the menu begins', keys: '', afterMs: 300 },
    { name: 'with half a number keyed', keys: '21123', afterMs: 100 },
    { name: 'as the number is asked for', keys: '21123456#', afterMs: 0 },
    { name: 'as the status is told', keys: '21123456#', afterMs: 1_500 },
    { name: 'while a complaint is recorded', keys: '241', afterMs: 8_000 },
    { name: 'as an agent is called', keys: '20', afterMs: 200 },
  ];
  await Promise.all(
    moments.map(async ({ name, keys, afterMs }) => {
      const caller = await hotline.call();
      await within(caller.answered, 10_000, 'answered');
      if (keys !== '') await caller.press(keys);
      const until = caller.line.now() + afterMs;
      await eventually(() => caller.line.now() >= until, 20_000, name, 20);
      await caller.hangUp();
      const contact = await hotline.engine.contact(caller.callerNumber);
      t.match(contact.termination, { reason: 'hung-up', by: 'caller' }, name);
      t.ok(contact.case, `${name}: it belongs to a case`);
    }),
  );
});

t.test('hostile callers have no effect beyond a record', together, async (t) => {
  const dialplan = '${SHELL(touch /tmp/onedoor-was-here)}';
  const names = [
    `"${dialplan}`,
    'a,b,c)&System(x)',
    '\u0007\u001b[31mred',
    'x'.repeat(4_000),
    "Robert'); DROP TABLE event;--",
  ];
  const numbers = ['+1${EXTEN}', '0'.repeat(200), '<sip:agent-1@127.0.0.1>', '1;2;3'];
  const dialled = [
    '80077222${HANGUP()}',
    '*80077222#',
    '7'.repeat(300),
    '80077222;ext=1',
    '../../etc/passwd',
  ];
  const attempts: readonly (TestDial & { readonly number?: string })[] = [
    ...names.map((callerName) => ({ callerName })),
    ...numbers.map((callerNumber) => ({ callerNumber })),
    ...dialled.map((number) => ({ number })),
    { headers: { 'X-Onedoor': dialplan, Diversion: `<sip:${dialplan}@x>` } },
    { callerNumber: null },
  ];
  await Promise.all(
    attempts.map(async (attempt) => {
      const caller = await hotline.world.call(attempt.number ?? '80077222', attempt);
      const answered = await within(caller.answered, 20_000, JSON.stringify(attempt).slice(0, 80));
      if (answered) await caller.hangUp();
      else t.ok((await caller.ended).q850 > 0, 'it was refused with a cause');
    }),
  );
  const { differences } = await hotline.walk({ keys: '2', ...hurry });
  t.ok(
    differences.length <= unclear,
    `the hotline serves the next caller as ever: ${differences.join('; ')}`,
  );
});

t.test('who calls in an agent’s name without registering is challenged', together, async (t) => {
  const raw = await rawCaller(hotline.engine.sip);
  t.teardown(() => raw.close());
  const status = await raw.invite({ user: '80077222', from: '"Agent" <sip:agent-1@127.0.0.1>' });
  t.match(status, /^401 /);
  const stranger = await raw.invite({ user: '80077222', from: '<sip:+96891234567@127.0.0.1>' });
  t.match(stranger, /^200 /, 'anybody else is a caller');
  await raw.bye();
});

t.test('the history keeps its promises', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
