/**
 * Agents on real SIP phones: they sign in by dialling, are rung for callers who wait, and talk. Part of calls.test.ts:
 * to start a hotline and an outside world costs more than all that the agents do.
 */
import t, { type Test } from 'tap';
import { tells } from '../kit/outside.js';
import { eventually, patientMs, within } from '../kit/waiting.js';
import { becomes, dialCode, hotline, isRegistered, phone, stateOf, textsIn, waits } from './agent-phones.js';

const { engine } = hotline;

async function signsIn(t: Test): Promise<void> {
  const heard = await dialCode('one-call-1', '*11');
  t.match(heard, /ms agent-signed-in/);
  t.equal(await stateOf('aisyah'), 'ready');
}

async function isPutThrough(t: Test): Promise<void> {
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
  const disposed = await eventually(
    async () => (await engine.contact(caller.callerNumber)).dispositions[0],
    patientMs,
    'it is on record',
  );
  t.match(disposed, { agent: 'aisyah', code: '1', name: 'answered' });
  const again = await engine.run('agent', 'set', 'aisyah', 'dispose', '--code', '5', '--json');
  t.match(JSON.parse(again.output), { spoke: { contact: contact.id, queue: 'identity', code: '5' } });
}

async function rejects(t: Test): Promise<void> {
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
}

async function comesBack(): Promise<void> {
  await phone('one-call-1').unregister();
  await eventually(async () => !(await isRegistered('aisyah')), patientMs, 'the engine knows', 200);
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
}

/** When the callers of the file are gone. */
export function agentsWork(): void {
  t.test('an agent signs in by phone, and hears so in her language', signsIn);
  t.test(
    'whoever waits is put through to her; she is told who it is, and both hear one another',
    isPutThrough,
  );
  t.test('a second agent is rung when the first rejects, and the first is paused until she says so', rejects);
  t.test(
    'a phone is rung once it is registered again, and rings on while the engine dies and comes back',
    comesBack,
  );
}
