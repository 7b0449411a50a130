/** Agents on real SIP phones: they sign in by dialling, are rung for callers who wait, and talk. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { converse, readCallerSteps, recognise } from '../../src/outside/index.js';
import { type AgentPhone, type Caller, tells } from '../kit/outside.js';
import { eventually, within } from '../kit/waiting.js';
import { startHotline } from './hotline.js';

const agents = ['one-call-1', 'one-call-2'];
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
  t.ok(await within(call.answered, 10_000, `${code} is answered`));
  await within(call.ended, 20_000, 'the desk hangs up');
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
  t.ok(await within(caller.answered, 10_000, 'the caller is answered'));
  const steps = readCallerSteps('1,1,1');
  if (steps === null) throw new Error('keys');
  // It goes on listening until the call is over.
  void converse(caller, steps, { interruptAfterMs: 300 });
  return caller;
}

const phone = (name: string): AgentPhone => world.phone(name);
const becomes = (agent: string, state: string): Promise<unknown> =>
  eventually(async () => (await stateOf(agent)) === state, 10_000, `${agent} is ${state}`, 100);

t.test('whoever waits is put through to her; she is told who it is, and both hear one another', async (t) => {
  const caller = await waits();
  const ringing = await phone('one-call-1').rings(20_000);
  t.equal(ringing.from.number, caller.callerNumber);
  await ringing.ring();
  await becomes('aisyah', 'ringing');
  const agent = await ringing.answer();
  await becomes('aisyah', 'talking');
  await tells(caller, agent, hotline.text('ms', 'goodbye'), 15_000);
  await tells(agent, caller, hotline.text('en', 'one-moment'), 15_000);
  t.match(textsIn(agent.line.heard()), /ms agent-whisper/, 'the queue, the language, the wait');

  await agent.hold();
  await becomes('aisyah', 'hold');
  await agent.unhold();
  await becomes('aisyah', 'talking');
  await agent.hangUp();
  await caller.hears(hotline.text('ms', 'one-call-survey-intro'), 10_000);
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
    const first = await phone('one-call-1').rings(20_000);
    await first.reject('rejected');
    await becomes('aisyah', 'paused');
    const { output } = await engine.run('agent', 'list');
    t.match(output, /aisyah +Aisyah +paused .* missed/);
    t.match(await dialCode('one-call-1', '*13'), /ms agent-ready/);
    const again = await phone('one-call-1').rings(20_000);
    await caller.hangUp();
    t.ok(await within(again.ended, 5_000, 'the ring is cancelled when the caller is gone'));
    await becomes('aisyah', 'ready');
  },
);

t.test(
  'a phone is rung once it is registered again, and rings on while the engine dies and comes back',
  async () => {
    await phone('one-call-1').unregister();
    await eventually(
      async () => /aisyah .*one-call-1 +no/.test((await engine.run('agent', 'list')).output),
      10_000,
      'the engine knows',
      200,
    );
    const caller = await waits();
    await phone('one-call-1').register();
    const ringing = await phone('one-call-1').rings(20_000);
    await ringing.ring();
    await becomes('aisyah', 'ringing');
    await engine.kill();
    await engine.startAgain();
    const agent = await ringing.answer();
    await becomes('aisyah', 'talking');
    await tells(caller, agent, hotline.text('ms', 'goodbye'), 15_000);
    await caller.hangUp();
    await within(agent.ended, 10_000, 'the agent is let go');
  },
);

t.test('the history breaks no promise', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
