/**
 * Callers who are moved on by the keys of real SIP phones: REFER, and a second call that is connected with the first
 * (REFER with Replaces); and callers who hang up at each point of it.
 */
import t from 'tap';
import { type Caller, type Party, tells } from '../kit/outside.js';
import { begun, patientMs, within } from '../kit/waiting.js';
import {
  type Answered,
  becomes,
  dialCode,
  hotline,
  phone,
  segments,
  stateOf,
  type Waiter,
  waits,
} from './agent-phones.js';

const { world } = hotline;
t.setTimeout(400_000);
const [ms, en] = [hotline.text('ms', 'one-moment'), hotline.text('en', 'one-moment')];

/** Aisyah has picked up, and is put through. */
async function talking(): Promise<{ readonly caller: Waiter; readonly agent: Answered }> {
  const caller = await waits('transport');
  const agent = await (await phone('one-call-1').rings()).answer();
  await becomes('aisyah', 'talking');
  return { caller, agent };
}

/** Aisyah's phone holds the caller and calls somebody. */
async function asks(code: string): Promise<{
  readonly caller: Waiter;
  readonly agent: Answered;
  readonly second: Caller;
}> {
  const { caller, agent } = await talking();
  await agent.hold();
  await becomes('aisyah', 'hold');
  const second = await world.call(code, { phone: 'one-call-1' });
  await within(second.answered, patientMs, 'her second call is answered');
  return { caller, agent, second };
}

async function gone(...parties: readonly Party[]): Promise<void> {
  for (const party of parties) await within(party.ended, patientMs, 'it is let go');
}

async function over(caller: Waiter, ...others: readonly Party[]): Promise<void> {
  await caller.hangUp();
  await gone(...others);
  await becomes('aisyah', 'ready');
}

t.test('two agents sign in', async () => {
  await dialCode('one-call-1', '*11');
  await becomes('aisyah', 'ready');
  await dialCode('one-call-2', '*11');
  await becomes('farid', 'ready');
});

t.test('attended: she calls the target, speaks with it, and her phone connects the two calls', async (t) => {
  const { caller, agent, second } = await asks('31');
  const desk = await (await phone('agent-1').rings()).answer();
  await tells(second, desk, en, patientMs);
  await tells(desk, second, en, patientMs);
  t.equal(await agent.transfer(second), 200, 'her phone is told that it was done');
  await gone(agent, second);
  await tells(caller, desk, ms, patientMs);
  await tells(desk, caller, en, patientMs);
  await desk.hangUp();
  await caller.hears(hotline.text('ms', 'one-call-survey-intro'), patientMs);
  await over(caller);
  t.same(await segments(caller), [
    { who: 'aisyah', began: 'offer', ended: 'transferred' },
    { who: 'agent-1', began: 'transfer', ended: 'hung-up' },
  ]);
});

t.test('… or the other way round, after she was with the caller once more', async (t) => {
  const { caller, agent, second } = await asks('22');
  const farid = await (await phone('one-call-2').rings()).answer();
  await tells(farid, second, en, patientMs);
  await second.hold();
  await agent.unhold();
  await becomes('aisyah', 'talking');
  await tells(agent, caller, en, patientMs);
  t.equal(await second.transfer(agent), 200);
  await gone(agent, second);
  await tells(caller, farid, ms, patientMs);
  await over(caller, farid);
  await becomes('farid', 'ready');
  t.same(await segments(caller), [
    { who: 'aisyah', began: 'offer', ended: 'transferred' },
    { who: 'farid', began: 'transfer', ended: 'caller-gone' },
  ]);
});

t.test(
  'she connects them while it rings; the target is lost, never answers, and she is rung again',
  async (t) => {
    const { caller, agent, second } = await asks('31');
    const ringing = await phone('agent-1').rings();
    await ringing.ring();
    t.equal(await agent.transfer(second), 200);
    await gone(agent, second);
    await phone('agent-1').unregister();
    await within(ringing.ended, patientMs, 'it rings no longer than it should');
    const again = await (await phone('one-call-1').rings()).answer();
    await tells(caller, again, ms, patientMs);
    await phone('agent-1').register();
    await over(caller, again);
    t.same(await segments(caller), [
      { who: 'aisyah', began: 'offer', ended: 'transferred' },
      { who: 'aisyah', began: 'back', ended: 'caller-gone' },
    ]);
  },
);

t.test('a target that is busy, declines or is not there: her second call is told, and ends', async (t) => {
  const { caller, agent, second: first } = await asks('31');
  let second = first;
  for (const answer of ['busy', 'normal', 'no_answer'] as const) {
    if (answer !== 'busy') second = await world.call('31', { phone: 'one-call-1' });
    const told = begun(second.hears(hotline.text('ms', 'transfer-failed'), patientMs));
    await (await phone('agent-1').rings()).reject(answer);
    t.ok((await told) > 0, answer);
    await gone(second);
  }
  await agent.unhold();
  await tells(agent, caller, en, patientMs);
  await over(caller, agent);
});

t.test('blind: the target answers, or does not, and her phone is told either', async (t) => {
  const { caller, agent } = await talking();
  for (const answer of ['busy', 'normal', 'no_answer'] as const) {
    const told = agent.transfer('31');
    await (await phone('agent-1').rings()).reject(answer);
    t.equal(await told, 503, answer);
    await tells(agent, caller, en, patientMs);
  }
  const told = agent.transfer('31');
  const desk = await (await phone('agent-1').rings()).answer();
  t.equal(await told, 200);
  await gone(agent);
  await tells(caller, desk, ms, patientMs);
  await over(caller, desk);
});

t.test('blind to a queue: she is let go, and the phone that rings for it is lost, and answers', async () => {
  const { caller, agent } = await talking();
  const told = agent.transfer('13');
  const ringing = await phone('one-call-2').rings();
  await Promise.all([told, gone(agent)]);
  await ringing.ring();
  await phone('one-call-2').unregister();
  const farid = await ringing.answer();
  await tells(caller, farid, ms, patientMs);
  await phone('one-call-2').register();
  await over(caller, farid);
  await becomes('farid', 'ready');
});

t.test('transfers to nonsense are declined, and the talk goes on', async (t) => {
  const { caller, agent } = await talking();
  for (const nonsense of ['99', 'nobody', '9 9"&;,$(1)', '7'.repeat(200)])
    t.equal(await agent.transfer(nonsense), 603, nonsense);
  const stranger = await world.call('0380008000', { phone: 'one-call-1' });
  await within(stranger.answered, patientMs, 'a call of her own to the hotline');
  t.equal(await agent.transfer(stranger), 603, 'a call that is none to a target');
  await stranger.hangUp();
  await tells(caller, agent, ms, patientMs);
  await over(caller, agent);
});

t.test('while she asks by code her phone holds: the target hears music, then her again', async () => {
  const { caller, agent } = await talking();
  await agent.press('*231#');
  const desk = await (await phone('agent-1').rings()).answer();
  await tells(agent, desk, en, patientMs);
  await agent.hold();
  await agent.unhold();
  await tells(desk, agent, en, patientMs);
  await agent.hold();
  await agent.hangUp();
  await tells(caller, desk, ms, patientMs);
  await over(caller, desk);
});

t.test('a caller who hangs up on hold, before anybody is asked, takes her along', async () => {
  const { caller, agent } = await talking();
  await agent.hold();
  await becomes('aisyah', 'hold');
  await over(caller, agent);
});

t.test('a caller who hangs up while the target rings takes all along', async () => {
  const { caller, agent, second } = await asks('22');
  const ringing = await phone('one-call-2').rings();
  await caller.hangUp();
  await within(ringing.ended, patientMs, 'it rings no longer');
  await over(caller, agent, second);
  await becomes('farid', 'ready');
});

t.test('a caller who hangs up while the two agents speak takes all along', async () => {
  const { caller, agent, second } = await asks('22');
  const farid = await (await phone('one-call-2').rings()).answer();
  await tells(second, farid, en, patientMs);
  await over(caller, agent, second, farid);
  await becomes('farid', 'ready');
});

t.test('a caller who hangs up in a conference, begun at the second call, takes all along', async (t) => {
  const { caller, agent, second } = await asks('22');
  const farid = await (await phone('one-call-2').rings()).answer();
  await tells(second, farid, en, patientMs);
  await second.press('*3#');
  await gone(second);
  await agent.unhold();
  await tells(caller, farid, ms, patientMs);
  await tells(farid, agent, en, patientMs);
  t.equal(await stateOf('farid'), 'talking');
  await over(caller, agent, farid);
  await becomes('farid', 'ready');
});

t.test('she hangs up her second call, and has the caller; the target is let go', async () => {
  const { caller, agent, second } = await asks('31');
  const desk = await (await phone('agent-1').rings()).answer();
  await second.hangUp();
  await gone(desk);
  await agent.unhold();
  await tells(caller, agent, ms, patientMs);
  await over(caller, agent);
});

t.test('the history breaks no promise', async (t) => {
  t.same(await hotline.brokenPromises(), []);
});
