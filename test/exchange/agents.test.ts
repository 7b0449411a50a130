/** Agents on real SIP phones: they sign in by dialling, are rung for callers who wait, and talk. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { converse, readCallerSteps, recognise } from '../../src/outside/index.js';
import { type AgentPhone, type Caller, tells } from '../kit/outside.js';
import { eventually, patientMs, within } from '../kit/waiting.js';
import { startHotline } from './hotline.js';

const agents = ['one-call-1', 'one-call-2', 'agent-1'];
const hotline = await startHotline({ phones: agents, change: quick });
const { engine, world } = hotline;
t.teardown(() => hotline.stop());

/** Wrap-up is short; and a phone rings longer than an engine takes to start on a busy machine. */
function quick(folder: string): void {
  const file = join(folder, 'onedoor.yaml');
  const text = readFileSync(file, 'utf8');
  const block = /( {4}whisper: agent-whisper\n)/g;
  if (!block.test(text)) throw new Error('onedoor.yaml has no queues as this test knows them');
  writeFileSync(file, text.replace(block, '$1    wrap-up: 1\n    ring: 60\n'));
}

const stateOf = async (name: string): Promise<string> => {
  const { agents: list } = (await engine.get('/agents')) as { agents: { name: string; state: string }[] };
  return list.find((agent) => agent.name === name)?.state ?? 'unknown';
};

/** Dials a code at a phone, and gives the names of the texts that were heard. */
async function dialCode(phone: string, code: string): Promise<string> {
  const call = await world.call(code, { phone });
  t.ok(await within(call.answered, patientMs, `${code} is answered`));
  await within(call.ended, patientMs, 'the desk hangs up');
  return textsIn(call.line.heard());
}

/** Names of the texts that a sound has pieces of. */
function textsIn(sound: Int16Array): string {
  return recognise(sound, hotline.book.dictionary)
    .flatMap(({ name }) => (name === null ? [] : hotline.book.piecesOf(name)))
    .map(({ language, name }) => `${language} ${name}`)
    .join(', ');
}

t.test('an agent signs in by phone, and hears so in her language', async (t) => {
  const heard = await dialCode('one-call-1', '*11');
  t.match(heard, /ms agent-signed-in/);
  t.equal(await stateOf('aisyah'), 'ready');
});

/** A caller who chose Malay and waits for somebody who knows of identity cards. */
async function waits(): Promise<Caller & { readonly callerNumber: string }> {
  const caller = await hotline.call({ number: '0380008000' });
  t.ok(await within(caller.answered, patientMs, 'the caller is answered'));
  const steps = readCallerSteps('1,1,1');
  if (steps === null) throw new Error('keys');
  // It goes on listening until the call is over.
  void converse(caller, steps, { interruptAfterMs: 300 });
  return caller;
}

const phone = (name: string): AgentPhone => world.phone(name);
const becomes = (agent: string, state: string): Promise<unknown> =>
  eventually(async () => (await stateOf(agent)) === state, patientMs, `${agent} is ${state}`, 100);

t.test('whoever waits is put through to her; she is told who it is, and both hear one another', async (t) => {
  const caller = await waits();
  const ringing = await phone('one-call-1').rings();
  t.equal(ringing.from.number, caller.callerNumber);
  await ringing.ring();
  await becomes('aisyah', 'ringing');
  const agent = await ringing.answer();
  await becomes('aisyah', 'talking');
  await tells(caller, agent, hotline.text('ms', 'goodbye'), patientMs);
  await tells(agent, caller, hotline.text('en', 'one-moment'), patientMs);
  t.match(textsIn(agent.line.heard()), /ms agent-whisper/, 'the queue, the language, the wait');

  await agent.hold();
  await becomes('aisyah', 'hold');
  await agent.unhold();
  await becomes('aisyah', 'talking');
  await agent.hangUp();
  await caller.hears(hotline.text('ms', 'one-call-survey-intro'), patientMs);
  await caller.hangUp();
  const contact = await engine.contact(caller.callerNumber);
  t.match(contact.tickets, [
    { queue: 'identity', agent: 'aisyah', result: 'talked', assigned: [{ agent: 'aisyah', step: 0 }] },
  ]);
  await becomes('aisyah', 'ready');

  // Wrap-up is over, the call too: she says what it was.
  t.match(await dialCode('one-call-1', '*481'), /ms agent-disposed/);
  t.match(await dialCode('one-call-1', '*4877'), /ms agent-unknown/);
  const { output } = await engine.run('contact', 'show', contact.id);
  t.match(output, /dispositions:\n +-\n.*agent: aisyah\n +code: 1\n +name: answered/s);
  const again = await engine.run('agent', 'set', 'aisyah', 'dispose', '--code', '5', '--json');
  t.match(JSON.parse(again.output), { spoke: { contact: contact.id, queue: 'identity', code: '5' } });
});

t.test(
  'a second agent is rung when the first rejects, and the first is paused until she says so',
  async (t) => {
    await dialCode('one-call-1', '*11');
    const caller = await waits();
    const first = await phone('one-call-1').rings();
    await first.reject('rejected');
    await becomes('aisyah', 'paused');
    const { output } = await engine.run('agent', 'list');
    t.match(output, /aisyah +Aisyah +paused .* missed/);
    t.match(await dialCode('one-call-1', '*13'), /ms agent-ready/);
    const again = await phone('one-call-1').rings();
    await caller.hangUp();
    t.ok(await within(again.ended, patientMs, 'the ring is cancelled when the caller is gone'));
    await becomes('aisyah', 'ready');
  },
);

t.test(
  'a phone is rung once it is registered again, and rings on while the engine dies and comes back',
  async () => {
    await phone('one-call-1').unregister();
    await eventually(
      async () => /aisyah .*one-call-1 +no/.test((await engine.run('agent', 'list')).output),
      patientMs,
      'the engine knows',
      200,
    );
    const caller = await waits();
    await phone('one-call-1').register();
    const ringing = await phone('one-call-1').rings();
    await ringing.ring();
    await becomes('aisyah', 'ringing');
    await engine.kill();
    await engine.startAgain();
    const agent = await ringing.answer();
    await becomes('aisyah', 'talking');
    await tells(caller, agent, hotline.text('ms', 'goodbye'), patientMs);
    await caller.hangUp();
    await within(agent.ended, patientMs, 'the agent is let go');
  },
);

/** Aisyah talks to a caller. */
async function talking(): Promise<{ readonly caller: Waiter; readonly agent: Answered }> {
  const caller = await waits();
  const agent = await (await phone('one-call-1').rings(20_000)).answer();
  await becomes('aisyah', 'talking');
  return { caller, agent };
}
type Waiter = Awaited<ReturnType<typeof waits>>;
type Answered = Awaited<ReturnType<Awaited<ReturnType<AgentPhone['rings']>>['answer']>>;

/** In how many talks the caller has been by now. */
async function segments(caller: Waiter): Promise<readonly { who: string; began: string; ended: string }[]> {
  const { segments: all } = (await engine.contact(caller.callerNumber)) as unknown as {
    segments: { who: string; began: string; ended: string }[];
  };
  return all.map(({ who, began, ended }) => ({ who, began, ended }));
}

t.test('attended: she speaks with the target, hangs up, and caller and target talk', async (t) => {
  const { caller, agent } = await talking();
  await agent.press('*231#');
  const desk = await (await phone('agent-1').rings(20_000)).answer();
  await tells(agent, desk, hotline.text('en', 'one-moment'), 15_000);
  await agent.hangUp();
  await tells(caller, desk, hotline.text('ms', 'goodbye'), 15_000);
  await tells(desk, caller, hotline.text('en', 'one-moment'), 15_000);
  await desk.hangUp();
  await caller.hears(hotline.text('ms', 'one-call-survey-intro'), 10_000);
  await caller.hangUp();
  t.same(await segments(caller), [
    { who: 'aisyah', began: 'offer', ended: 'hung-up' },
    { who: 'agent-1', began: 'transfer', ended: 'hung-up' },
  ]);
  await becomes('aisyah', 'ready');
});

t.test('a target that is busy, declines or is not there gives the caller back', async () => {
  const { caller, agent } = await talking();
  for (const answer of ['busy', 'rejected', 'no_answer'] as const) {
    await agent.press('*231#');
    const desk = await phone('agent-1').rings(20_000);
    await desk.reject(answer);
    await tells(caller, agent, hotline.text('ms', 'goodbye'), 15_000);
  }
  await agent.press('*231#');
  const last = await phone('agent-1').rings(20_000);
  await agent.press('*0');
  await within(last.ended, 10_000, 'it rings no longer');
  await caller.hangUp();
  await within(agent.ended, 10_000, 'she is let go');
  await becomes('aisyah', 'ready');
});

t.test('a conference of three, which the agent leaves; and a blind transfer that comes back', async (t) => {
  const { caller, agent } = await talking();
  await agent.press('*331#');
  const desk = await (await phone('agent-1').rings(20_000)).answer();
  await tells(caller, desk, hotline.text('ms', 'goodbye'), 15_000);
  await tells(desk, agent, hotline.text('en', 'one-moment'), 15_000);
  await desk.hangUp();
  await tells(caller, agent, hotline.text('ms', 'goodbye'), 15_000);
  await agent.press('*131#');
  await within(agent.ended, 10_000, 'she is let go');
  await (await phone('agent-1').rings(20_000)).reject('busy');
  const again = await (await phone('one-call-1').rings(20_000)).answer();
  await tells(caller, again, hotline.text('ms', 'goodbye'), 20_000);
  await caller.hangUp();
  await within(again.ended, 10_000, 'she is let go');
  t.same(await segments(caller), [
    { who: 'aisyah', began: 'offer', ended: 'transferred' },
    { who: 'agent-1', began: 'conference', ended: 'hung-up' },
    { who: 'aisyah', began: 'back', ended: 'caller-gone' },
  ]);
  await becomes('aisyah', 'ready');
});

t.test('blind to a queue, with music; the caller hangs up there', async (t) => {
  await dialCode('one-call-2', '*11');
  const { caller, agent } = await talking();
  await agent.press('*113#');
  await within(agent.ended, 10_000, 'she is let go');
  const next = await phone('one-call-2').rings(20_000);
  await becomes('aisyah', 'ready');
  await caller.hangUp();
  t.ok(await within(next.ended, 5_000, 'the ring is cancelled'));
  const contact = await engine.contact(caller.callerNumber);
  t.match(contact.tickets, [
    { queue: 'identity', result: 'talked' },
    { queue: 'health', result: 'caller-gone' },
  ]);
});

t.test('a code that nobody has is said so in the midst of the talk, which goes on', async (t) => {
  const { caller, agent } = await talking();
  await agent.press('*199#');
  await eventually(
    async () => /ms transfer-unknown/.test(textsIn(agent.line.heard())),
    30_000,
    'she hears that nobody has it',
    500,
  );
  await tells(caller, agent, hotline.text('ms', 'goodbye'), 15_000);
  await caller.hangUp();
  await within(agent.ended, 10_000, 'she is let go');
  await becomes('aisyah', 'ready');
  t.same(await segments(caller), [{ who: 'aisyah', began: 'offer', ended: 'caller-gone' }]);
});

t.test('the history breaks no promise', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
