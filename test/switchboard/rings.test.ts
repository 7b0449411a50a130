/** Phones that ring for whoever waits: who picks up, who does not, and an engine that dies meanwhile. */
import t, { type Test } from 'tap';
import type { Caller, Party } from '../../src/telephony/simulator/index.js';
import { dialCode, heard, pickUp, ringing, state, types } from '../kit/hotline-view.js';
import { queueHotline, type QueueHotline } from '../kit/queue-hotline.js';
import { twoAgents } from '../kit/test-routing.js';

t.test('an agent who does not answer costs the caller nothing: somebody else is rung at once', async (t) => {
  const hotline = await queueHotline(t, { routing: twoAgents() });
  const { time } = hotline;
  await dialCode(hotline, 'agent-1', '*11');
  await dialCode(hotline, 'agent-2', '*11');
  hotline.dial();
  await time.runFor(1_500);
  t.ok(ringing(hotline, 'agent-1'), 'who is ready the longest');
  ringing(hotline, 'agent-1')?.reject();
  await time.runFor(500);
  t.equal(state(hotline, 'amal'), 'paused');
  const other = ringing(hotline, 'agent-2');
  t.ok(other);
  other?.pickUp();
  await time.runFor(1_000);
  t.equal(state(hotline, 'omar'), 'talking');
  const [ticket] = hotline.switchboard().router().tickets.values();
  t.match(ticket, { state: 'connected', missed: [{ agent: 'amal', cause: 'rejected' }] });
});

t.test('a caller who hangs up while a phone rings stops it at once, and the agent is ready', async (t) => {
  const hotline = await queueHotline(t);
  await dialCode(hotline, 'agent-1', '*11');
  const caller = hotline.dial();
  await hotline.time.runFor(1_500);
  const phone = ringing(hotline, 'agent-1');
  caller.hangUp();
  await hotline.time.runFor(100);
  t.equal(phone?.state, 'over');
  t.equal(state(hotline, 'amal'), 'ready');
  t.equal(hotline.switchboard().router().tickets.size, 0);
});

/** Her wrap-up ends, and she is rung for whoever waits, while the disk stands still. */
async function rungBeforeWritten(t: Test): Promise<{
  readonly hotline: QueueHotline;
  readonly caller: Caller;
  readonly early: Party;
}> {
  const hotline = await queueHotline(t, { queue: { whisper: 'please-wait' } });
  const { time } = hotline;
  await dialCode(hotline, 'agent-1', '*11');
  hotline.dial('+96891000001');
  await time.runFor(2_000);
  ringing(hotline, 'agent-1')?.pickUp();
  const caller = hotline.dial('+96891000002');
  await time.runFor(2_000);
  hotline.simulator
    .phone('agent-1')
    .calls.find(({ state }) => state === 'talking')
    ?.hangUp();
  await time.runFor(5_000);
  t.equal(state(hotline, 'amal'), 'wrap-up');
  hotline.holdDisk();
  const written = types(hotline).length;
  await time.runFor(17_000);
  const early = ringing(hotline, 'agent-1');
  t.ok(early, 'her phone rings');
  t.equal(types(hotline).length, written, 'nothing of it is written');
  if (early === undefined) throw new Error('nothing rings');
  return { hotline, caller, early };
}

t.test('a phone rings while the disk still writes; who picks up is told when it has', async (t) => {
  const { hotline, early } = await rungBeforeWritten(t);
  early.pickUp();
  await hotline.time.runFor(300);
  t.same(heard(early), []);
  hotline.letDiskGo();
  await hotline.time.runFor(300);
  t.match(heard(early), [/please-wait/]);
  t.same(hotline.brokenPromises(), []);
});

t.test('a ring that was never written ends with its engine, and the next one rings anew', async (t) => {
  for (const picksUp of [false, true]) {
    const { hotline, caller, early } = await rungBeforeWritten(t);
    const { time } = hotline;
    if (picksUp) early.pickUp();
    await hotline.restart(2_000);
    t.equal(early.state, 'over', 'nobody wants that ring any more');
    await time.runFor(500);
    const phone = ringing(hotline, 'agent-1');
    t.equal(phone?.shown, '+96891000002', 'she is rung for the caller who still waits');
    phone?.pickUp();
    await time.runFor(1_500);
    t.equal(caller.state, 'talking');
    t.equal(state(hotline, 'amal'), 'talking');
    t.same(hotline.brokenPromises(), []);
  }
});

t.test('an engine that dies while a phone rings goes on with the ring, or with who picked up', async (t) => {
  for (const picksUp of [false, true]) {
    const hotline = await queueHotline(t);
    const { time } = hotline;
    await dialCode(hotline, 'agent-1', '*11');
    const caller = hotline.dial();
    await time.runFor(2_000);
    const phone = ringing(hotline, 'agent-1');
    t.ok(phone);
    const back = hotline.restart(2_000);
    if (picksUp) phone?.pickUp();
    await back;
    await time.runFor(100);
    if (!picksUp) phone?.pickUp();
    await time.runFor(1_500);
    t.equal(state(hotline, 'amal'), 'talking');
    t.equal(caller.state, 'talking');
    phone?.hangUp();
    await time.runFor(2_000);
    t.match(heard(caller).at(-1), /goodbye/);
  }
});

t.test('a caller who hung up while no engine ran frees the agent', async (t) => {
  const hotline = await queueHotline(t);
  const { time } = hotline;
  await dialCode(hotline, 'agent-1', '*11');
  const caller = hotline.dial();
  await time.runFor(2_000);
  const phone = ringing(hotline, 'agent-1');
  const back = hotline.restart(2_000);
  caller.hangUp();
  await back;
  await time.runFor(500);
  t.equal(phone?.state, 'over');
  t.equal(state(hotline, 'amal'), 'ready');
  t.equal(hotline.switchboard().router().tickets.size, 0);
});

/** Both agents are signed in, and rung at once for a caller. */
async function bothRung(t: Test): Promise<{ readonly hotline: QueueHotline; readonly caller: Caller }> {
  const hotline = await queueHotline(t, { routing: twoAgents({ ringAtOnce: 2 }) });
  await dialCode(hotline, 'agent-1', '*11');
  await dialCode(hotline, 'agent-2', '*11');
  const caller = hotline.dial();
  await hotline.time.runFor(1_500);
  return { hotline, caller };
}

t.test('two are rung at once: who is first has the caller, and the other is no worse off', async (t) => {
  const { hotline, caller } = await bothRung(t);
  const { time } = hotline;
  const [amal, omar] = [ringing(hotline, 'agent-1'), ringing(hotline, 'agent-2')];
  t.ok(amal && omar, 'both phones ring');
  omar?.pickUp();
  await time.runFor(200);
  t.equal(amal?.state, 'over');
  t.same([state(hotline, 'amal'), state(hotline, 'omar')], ['ready', 'talking']);
  t.notOk(types(hotline).includes('offer.missed'));
  await hotline.restart(2_000);
  t.same([state(hotline, 'omar'), caller.state], ['talking', 'talking']);
  caller.hangUp();
  await time.runFor(200);
  t.equal(omar?.state, 'over');
});

t.test('both of two who are rung at once pick up at the same moment: one talks, one is let go', async (t) => {
  const { hotline } = await bothRung(t);
  const { time } = hotline;
  const phones = [ringing(hotline, 'agent-1'), ringing(hotline, 'agent-2')];
  for (const phone of phones) phone?.pickUp();
  await time.runFor(500);
  t.same(
    phones.map((phone) => phone?.state),
    ['talking', 'over'],
  );
  t.same([state(hotline, 'amal'), state(hotline, 'omar')], ['talking', 'ready']);
});

t.test('an engine that dies while two phones ring goes on with both', async (t) => {
  const { hotline } = await bothRung(t);
  const back = hotline.restart(2_000);
  ringing(hotline, 'agent-1')?.reject();
  await back;
  t.ok(ringing(hotline, 'agent-2'), 'the other still rings');
  await pickUp(hotline, 'agent-2');
  t.same(
    [state(hotline, 'amal'), state(hotline, 'omar')],
    ['ready', 'talking'],
    'nobody knows why hers ended',
  );
});
