/** Real calls: the hotline's exchange on one side, an independent one on the other, SIP and RTP between them. */
import t from 'tap';
import type { Contact } from '../../src/cases/index.js';
import type { CallEnd } from '../../src/outside/index.js';
import { rawCaller } from '../telephony/asterisk/kit.js';
import { tells, type TestDial } from '../kit/outside.js';
import { begun, eventually, patientMs, within } from '../kit/waiting.js';
import { hotline } from './agent-phones.js';
import { agentsWork } from './agents-at-work.js';
import type { Walk } from './hotline.js';

/** `npm run test:calls` makes all calls, at once; `npm test` makes those that a busy machine carries surely. */
const all = process.env.ONEDOOR_CALLS === 'all';

/** So soon does a caller in a hurry press; who hears all prompts out takes four times as long. */
const hurry = { interruptAfterMs: 1_500 };

/** Each is judged in the order in which it was begun. */
function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('There is no such call.');
  return value;
}

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

const noSuchNumber: Walk = { keys: '', number: '80099999' };
const simple: Walk = { keys: '2', ...hurry };

/** A call of which one hangs up at an awkward moment, so long after the last key. */
const moments: readonly { readonly name: string; readonly keys: string; readonly afterMs: number }[] = [
  { name: 'at once', keys: '', afterMs: 0 },
  { name: 'as the menu begins', keys: '', afterMs: 300 },
  { name: 'with half a number keyed', keys: '21123', afterMs: 100 },
  { name: 'as the number is asked for', keys: '21123456#', afterMs: 0 },
  { name: 'as the status is told', keys: '21123456#', afterMs: 1_500 },
  { name: 'while a complaint is recorded', keys: '241', afterMs: 8_000 },
  { name: 'as an agent is called', keys: '20', afterMs: 200 },
];

async function hangsUp({ name, keys, afterMs }: (typeof moments)[number]): Promise<Contact> {
  const caller = await hotline.call();
  await within(caller.answered, patientMs, 'answered');
  if (keys !== '') await caller.press(keys);
  const until = caller.line.now() + afterMs;
  await eventually(() => caller.line.now() >= until, patientMs, name, 20);
  await caller.hangUp();
  return hotline.engine.contact(caller.callerNumber);
}

const dialplan = '${SHELL(touch /tmp/onedoor-was-here)}';
const hostile: readonly (TestDial & { readonly number?: string })[] = [
  { callerName: `"${dialplan}` },
  { callerName: 'a,b,c)&System(x)' },
  { callerName: '\u0007\u001b[31mred' },
  { callerName: 'x'.repeat(4_000) },
  { callerName: "Robert'); DROP TABLE event;--" },
  { callerNumber: '+1${EXTEN}' },
  { callerNumber: '0'.repeat(200) },
  { callerNumber: '<sip:agent-1@127.0.0.1>' },
  { callerNumber: '1;2;3' },
  { number: '80077222${HANGUP()}' },
  { number: '*80077222#' },
  { number: '7'.repeat(300) },
  { number: '80077222;ext=1' },
  { number: '../../etc/passwd' },
  { headers: { 'X-Onedoor': dialplan, Diversion: `<sip:${dialplan}@x>` } },
  { callerNumber: null },
];

/** How it was refused; null: it was answered. */
async function attempt(one: (typeof hostile)[number]): Promise<CallEnd | null> {
  const caller = await hotline.world.call(one.number ?? '80077222', one);
  const answered = await within(caller.answered, patientMs, JSON.stringify(one).slice(0, 80));
  if (!answered) return caller.ended;
  await caller.hangUp();
  return null;
}

/** The agent dials a code of the desk, and is told that it is done. */
async function dials(code: string): Promise<void> {
  const desk = await hotline.world.call(code, { phone: 'agent-1' });
  if (!(await within(desk.answered, patientMs, `${code} is answered`)))
    throw new Error(`${code} was refused`);
  await within(desk.ended, patientMs, 'the desk hangs up');
}

async function asksForAgent() {
  const caller = await hotline.call();
  await within(caller.answered, patientMs, 'answered');
  await caller.press('20');
  // Others wait for it too.
  const ringing = await hotline.world.phone('agent-1').rings(patientMs, caller.callerNumber);
  return { caller, ringing };
}

async function talks() {
  const { caller, ringing } = await asksForAgent();
  await ringing.ring();
  const agent = await ringing.answer();
  // First the agent is told who waits.
  await tells(caller, agent, hotline.text('ar', 'goodbye'), patientMs);
  await tells(agent, caller, hotline.text('en', 'one-moment'), patientMs);
  const left = caller.line.heardTo();
  await agent.hangUp();
  await caller.hears(hotline.text('en', 'goodbye'), patientMs, left);
  const end = await within(caller.ended, patientMs, 'the hotline hangs up');
  return { end, contact: await hotline.engine.contact(caller.callerNumber) };
}

async function isRejected(): Promise<Contact> {
  const { caller, ringing } = await asksForAgent();
  await ringing.reject('busy');
  await caller.press('1');
  await caller.hears(hotline.text('en', 'record-message'), patientMs);
  await caller.hangUp();
  return hotline.engine.contact(caller.callerNumber);
}

async function givesUp(): Promise<Contact> {
  const { caller, ringing } = await asksForAgent();
  await ringing.ring();
  await caller.hangUp();
  await within(ringing.ended, patientMs, 'the phone stops ringing');
  return hotline.engine.contact(caller.callerNumber);
}

/** One agent has one caller after another. */
async function agentWorks() {
  await dials('*11');
  const givenUp = await givesUp();
  const rejected = await isRejected();
  // Who rejects is paused.
  await dials('*13');
  return { givenUp, rejected, talked: await talks() };
}

/** All at once, each a call of its own; judged one after another. */
const walked = walks.map((walk) => begun(hotline.walk(walk)));
const wrongNumber = begun(hotline.walk(noSuchNumber));
const hungUp = moments.map((moment) => begun(hangsUp(moment)));
const attempts = hostile.map((one) => begun(attempt(one)));
const nextCaller = begun(Promise.allSettled(attempts).then(() => hotline.walk(simple)));
const agents = all ? begun(agentWorks()) : null;

const calls = [
  ...walked,
  wrongNumber,
  ...hungUp,
  ...attempts,
  nextCaller,
  ...(agents === null ? [] : [agents]),
];
// Comparing is work, and whoever still talks would be kept waiting.
await Promise.allSettled(calls);

walks.forEach(({ name, language, outcome, ...walk }, nth) => {
  t.test(`a caller ${name} (${language})`, async (t) => {
    const { sound, contact } = await must(walked[nth]);
    const { differences, heard } = hotline.compare(sound, walk);
    t.same(differences, [], `hears what a rehearsal of the same keys says: ${heard.join(', ')}`);
    t.equal(contact.language, language, 'the language is on record');
    t.equal(contact.outcome, outcome, 'the outcome is on record');
    t.ok(contact.case, 'it belongs to a case');
  });
});

t.test('a number that is not ours is answered with an apology, and recorded', async (t) => {
  const { sound, contact } = await wrongNumber;
  t.same(hotline.compare(sound, noSuchNumber).differences, []);
  t.equal(contact.number, '80099999');
});

if (agents !== null) {
  t.test('an agent is reached, and both hear one another', async (t) => {
    const { end, contact } = (await agents).talked;
    t.match(end, { q850: 16 });
    t.match(contact, { outcome: 'handed-over', talks: [{ phone: 'agent-1', result: 'talked' }] });
  });

  t.test('a caller whom an agent rejects waits on, and may leave a message instead', async (t) => {
    const { talks, outcome, tickets } = (await agents).rejected;
    t.match(talks, [{ phone: 'agent-1', result: 'busy' }]);
    t.match(tickets, [{ missed: [{ agent: 'amal', cause: 'busy' }], result: 'left' }]);
    t.equal(outcome, 'handed-over');
  });

  t.test('a caller who hangs up while an agent rings cancels the ring', async (t) => {
    const { termination, talks } = (await agents).givenUp;
    t.match(termination, { by: 'caller' });
    t.equal(talks.length, 1);
  });
}

moments.forEach(({ name }, nth) => {
  t.test(`a caller hangs up ${name}, and has a record`, async (t) => {
    const contact = await must(hungUp[nth]);
    t.match(contact.termination, { reason: 'hung-up', by: 'caller' });
    t.ok(contact.case, 'it belongs to a case');
  });
});

t.test('hostile callers have no effect beyond a record', async (t) => {
  for (const end of await Promise.all(attempts))
    if (end !== null) t.ok(end.q850 > 0, 'it was refused with a cause');
  const { sound } = await nextCaller;
  t.same(hotline.compare(sound, simple).differences, [], 'the hotline serves the next caller as ever');
});

t.test('who calls in an agent’s name without registering is challenged', async (t) => {
  const raw = await rawCaller(hotline.engine.sip);
  t.teardown(() => raw.close());
  const status = await raw.invite({ user: '80077222', from: '"Agent" <sip:agent-1@127.0.0.1>' });
  t.match(status, /^401 /);
  const stranger = await raw.invite({ user: '80077222', from: '<sip:+96891234567@127.0.0.1>' });
  t.match(stranger, /^200 /, 'anybody else is a caller');
  await raw.bye();
});

agentsWork();

t.test('the history keeps its promises', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
