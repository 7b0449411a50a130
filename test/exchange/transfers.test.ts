/** Callers who are moved on by agents on real SIP phones: asked first, taken back, in conference, to a queue. */
import t from 'tap';
import { tells } from '../kit/outside.js';
import { eventually, patientMs, within } from '../kit/waiting.js';
import { becomes, dialCode, hotline, phone, segments, talking, textsIn } from './agent-phones.js';

const { engine } = hotline;
t.setTimeout(400_000);

t.test('an agent signs in', async () => {
  await dialCode('one-call-1', '*11');
  await becomes('aisyah', 'ready');
});

t.test('attended: she speaks with the target, hangs up, and caller and target talk', async (t) => {
  const { caller, agent } = await talking();
  await agent.press('*231#');
  const desk = await (await phone('agent-1').rings(patientMs)).answer();
  await tells(agent, desk, hotline.text('en', 'one-moment'), patientMs);
  await agent.hangUp();
  await tells(caller, desk, hotline.text('ms', 'goodbye'), patientMs);
  await tells(desk, caller, hotline.text('en', 'one-moment'), patientMs);
  await desk.hangUp();
  await caller.hears(hotline.text('ms', 'one-call-survey-intro'), patientMs);
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
    const desk = await phone('agent-1').rings(patientMs);
    await desk.reject(answer);
    await tells(caller, agent, hotline.text('ms', 'goodbye'), patientMs);
  }
  await agent.press('*231#');
  const last = await phone('agent-1').rings(patientMs);
  await agent.press('*0');
  await within(last.ended, patientMs, 'it rings no longer');
  await caller.hangUp();
  await within(agent.ended, patientMs, 'she is let go');
  await becomes('aisyah', 'ready');
});

t.test('a conference of three, which the agent leaves; and a blind transfer that comes back', async (t) => {
  const { caller, agent } = await talking();
  await agent.press('*331#');
  const desk = await (await phone('agent-1').rings(patientMs)).answer();
  await tells(caller, desk, hotline.text('ms', 'goodbye'), patientMs);
  await tells(desk, agent, hotline.text('en', 'one-moment'), patientMs);
  await desk.hangUp();
  await tells(caller, agent, hotline.text('ms', 'goodbye'), patientMs);
  await agent.press('*131#');
  await within(agent.ended, patientMs, 'she is let go');
  await (await phone('agent-1').rings(patientMs)).reject('busy');
  const again = await (await phone('one-call-1').rings(patientMs)).answer();
  await tells(caller, again, hotline.text('ms', 'goodbye'), patientMs);
  await caller.hangUp();
  await within(again.ended, patientMs, 'she is let go');
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
  await within(agent.ended, patientMs, 'she is let go');
  const next = await phone('one-call-2').rings(patientMs);
  await becomes('aisyah', 'ready');
  await caller.hangUp();
  t.ok(await within(next.ended, patientMs, 'the ring is cancelled'));
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
    patientMs,
    'she hears that nobody has it',
    500,
  );
  await tells(caller, agent, hotline.text('ms', 'goodbye'), patientMs);
  await caller.hangUp();
  await within(agent.ended, patientMs, 'she is let go');
  await becomes('aisyah', 'ready');
  t.same(await segments(caller), [{ who: 'aisyah', began: 'offer', ended: 'caller-gone' }]);
});

t.test('the history breaks no promise', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
