/** Callers who wait, agents who sign in by phone, and an engine that dies between them: whole calls in virtual time. */
import t from 'tap';
import { dialCode, facts, heard, pickUp, ringing, state, types } from '../kit/hotline-view.js';
import { queueHotline, type QueueHotline } from '../kit/queue-hotline.js';
import { testQueue, testRouting, twoAgents } from '../kit/test-routing.js';
import type { Caller, Party } from '../../src/telephony/simulator/index.js';

const two = twoAgents();

t.test('an agent signs in by phone and is told so; then whoever waits is put through', async (t) => {
  const hotline = await queueHotline(t, { queue: { whisper: 'please-wait' } });
  const { time } = hotline;
  const nobody = hotline.dial();
  await time.runFor(5_000);
  t.match(heard(nobody), [/nobody/], 'without an agent the flow goes on at once');

  const code = await dialCode(hotline, 'agent-1', '*11');
  t.equal(code.state, 'over');
  t.equal(code.ending?.by, 'exchange', 'the desk hangs up when it has spoken');
  t.match(heard(code), [/agent-signed-in/]);
  t.equal(state(hotline, 'amal'), 'ready');

  const caller = hotline.dial();
  await time.runFor(3_000);
  const phone = ringing(hotline, 'agent-1');
  t.ok(phone, 'her phone rings');
  t.equal(state(hotline, 'amal'), 'ringing');
  phone?.pickUp();
  await time.runFor(300);
  t.match(heard(phone!), [/please-wait/], 'she is told who waits');
  await time.runFor(3_000);
  t.equal(state(hotline, 'amal'), 'talking');
  phone?.hangUp();
  await time.runFor(3_000);
  t.match(heard(caller).at(-1), /goodbye/, 'the caller goes on in the flow');
  t.equal(state(hotline, 'amal'), 'wrap-up');
  await time.runFor(20_000);
  t.equal(state(hotline, 'amal'), 'ready');

  t.match(facts(hotline, 'ticket.assigned')[0], {
    agent: 'amal',
    queue: 'general',
    strategy: 'longest-idle',
  });
  t.equal(types(hotline).filter((type) => type === 'ticket.connected').length, 1);
});

t.test('codes that mean nothing, or are not possible now, change nothing and say so', async (t) => {
  const hotline = await queueHotline(t);
  t.match(heard(await dialCode(hotline, 'agent-1', '*15')), [/agent-cannot/]);
  t.match(heard(await dialCode(hotline, 'agent-1', '*99')), [/agent-unknown/]);
  t.match(heard(await dialCode(hotline, 'agent-2', '*11')), [/agent-unknown/], 'the phone is nobody’s');
  t.equal(state(hotline, 'amal'), 'offline');
  await dialCode(hotline, 'agent-1', '*11');
  t.match(heard(await dialCode(hotline, 'agent-1', '*141')), [/agent-paused/]);
  t.match(hotline.switchboard().router().agents.get('amal'), { state: 'paused', reason: 'break' });
  t.match(heard(await dialCode(hotline, 'agent-1', '*149')), [/agent-unknown/], 'there is no such reason');
  t.match(heard(await dialCode(hotline, 'agent-1', '*13')), [/agent-ready/]);
  t.match(heard(await dialCode(hotline, 'agent-1', '*12')), [/agent-signed-out/]);
  t.equal(state(hotline, 'amal'), 'offline');
  t.notOk(types(hotline).includes('call.arrived'), 'the desk is no contact');
});

t.test('waiting callers and agents are taken on by the next engine, in their order', async (t) => {
  const hotline = await queueHotline(t);
  const { time } = hotline;
  await dialCode(hotline, 'agent-1', '*11');
  const first = hotline.dial('+96891000001');
  await time.runFor(2_000);
  ringing(hotline, 'agent-1')?.pickUp();
  await time.runFor(1_000);
  const second = hotline.dial('+96891000002');
  await time.runFor(1_000);
  const third = hotline.dial('+96891000003');
  await time.runFor(1_000);
  await hotline.restart(3_000);
  t.equal(state(hotline, 'amal'), 'talking');
  t.equal(hotline.switchboard().router().tickets.size, 3);
  first.hangUp();
  await time.runFor(21_000);
  const next = ringing(hotline, 'agent-1');
  t.equal(next?.shown, '+96891000002', 'the second caller is the next');
  next?.pickUp();
  await time.runFor(1_000);
  t.equal(second.state, 'talking');
  t.equal(third.state, 'talking', 'the third still waits');
  t.equal(state(hotline, 'amal'), 'talking');
});

t.test('an agent whose phone is not registered is offered nothing, and is back when it is', async (t) => {
  const hotline = await queueHotline(t);
  const { time, simulator } = hotline;
  await dialCode(hotline, 'agent-1', '*11');
  simulator.phone('agent-1').unregister();
  await time.runFor(100);
  hotline.dial();
  await time.runFor(3_000);
  t.notOk(ringing(hotline, 'agent-1'));
  t.equal(hotline.switchboard().router().tickets.size, 1, 'the caller waits: she may be back in a moment');
  simulator.phone('agent-1').register();
  await time.runFor(500);
  t.ok(ringing(hotline, 'agent-1'));
});

t.test('a phone that unregistered while no engine ran is known of at the next start', async (t) => {
  const hotline = await queueHotline(t);
  await dialCode(hotline, 'agent-1', '*11');
  const back = hotline.restart(2_000);
  hotline.simulator.phone('agent-1').unregister();
  await back;
  t.equal(hotline.switchboard().router().phones.get('agent-1')?.registered, false);
});

t.test(
  'what is published holds for whoever waits: an agent who is new can sign in and is rung',
  async (t) => {
    const hotline = await queueHotline(t, { routing: two, phones: ['agent-1', 'agent-2', 'agent-3'] });
    const { time } = hotline;
    const agents = new Map(two.agents);
    agents.set('zain', { name: 'zain', phone: 'agent-3', skills: {}, queues: ['general'] });
    t.match(heard(await dialCode(hotline, 'agent-3', '*11')), [/agent-unknown/]);
    hotline.publish({ ...two, agents });
    await dialCode(hotline, 'agent-3', '*11');
    t.equal(state(hotline, 'zain'), 'ready');
    hotline.dial();
    await time.runFor(2_000);
    t.ok(ringing(hotline, 'agent-3'));
    hotline.publish({ ...two, queues: new Map([['general', testQueue('general', { wrapUpMs: 1_000 })]]) });
    await time.runFor(500);
    const last = ringing(hotline, 'agent-3');
    t.ok(last, 'whoever is rung may still answer');
    last?.pickUp();
    await time.runFor(1_000);
    last?.hangUp();
    await time.runFor(2_000);
    t.notOk(state(hotline, 'zain'), 'and is no agent any more after that');
  },
);

t.test('who waits hears the place in the queue, and how long it will take', async (t) => {
  const hotline = await queueHotline(t, { tellsPlace: true });
  const { time } = hotline;
  await dialCode(hotline, 'agent-1', '*11');
  for (const number of ['+96891000001', '+96891000002', '+96891000003']) {
    hotline.dial(number);
    await time.runFor(1_000);
    ringing(hotline, 'agent-1')?.pickUp();
  }
  await time.runFor(70_000);
  t.same(
    facts(hotline, 'place.told').map((body) => (body as { position: number }).position),
    [1, 1, 2, 1, 2, 1, 2],
    'at once, and every 30 s',
  );
});

t.test('a caller’s number is in no row and no fact of the router', async (t) => {
  const hotline = await queueHotline(t);
  await dialCode(hotline, 'agent-1', '*11');
  hotline.dial('+96891234567');
  await hotline.time.runFor(2_000);
  const [ticket] = hotline.switchboard().router().tickets.values();
  t.ok(ticket?.caller, 'who calls again is known');
  t.notMatch(JSON.stringify(ticket), /91234567/);
  t.notMatch(JSON.stringify(hotline.facts()), /91234567/);
});

/** A caller and an agent who talk in a queue that records. */
async function recordedTalk(
  hotline: QueueHotline,
): Promise<{ readonly caller: Caller; readonly phone: Party }> {
  await dialCode(hotline, 'agent-1', '*11');
  const caller = hotline.dial();
  await hotline.time.runFor(3_000);
  const phone = await pickUp(hotline, 'agent-1');
  await hotline.time.runFor(500);
  return { caller, phone };
}

const kept = (hotline: QueueHotline) =>
  facts(hotline, 'recording.kept') as readonly { readonly recording: string; readonly ms: number }[];

t.test('a talk is recorded but for what the agent leaves out', async (t) => {
  const hotline = await queueHotline(t, { queue: { record: { notice: 'please-wait' } } });
  const { time, switchboard } = hotline;
  const { caller, phone } = await recordedTalk(hotline);
  t.match(heard(caller)[0], /please-wait/, 'the caller was told first');
  t.equal(switchboard().talkRecorded('amal'), 'on');
  await time.runFor(4_000);
  phone.press('*90');
  await time.runFor(2_000);
  t.equal(switchboard().talkRecorded('amal'), 'off');
  await time.runFor(10_000);
  const on = switchboard().recordTalk('amal', true);
  await time.runFor(5_000);
  t.equal(await on, null);
  phone.hangUp();
  await time.runFor(2_000);
  const [talk] = kept(hotline);
  t.ok(talk !== undefined && talk.ms > 8_000 && talk.ms < 13_000, `${talk?.ms} ms without the pause`);
  t.equal(switchboard().talkRecorded('amal'), null);
  t.equal(await switchboard().recordTalk('amal', false), 'not-recorded');
  t.equal(await switchboard().recordTalk('nobody', false), 'not-recorded');
});

t.test(
  'an engine that dies while people talk takes their recording on, or hears what became of it',
  async (t) => {
    for (const overMeanwhile of [false, true]) {
      const hotline = await queueHotline(t, { queue: { record: { notice: null } } });
      const { phone } = await recordedTalk(hotline);
      await hotline.time.runFor(3_000);
      const back = hotline.restart(3_000);
      if (overMeanwhile) phone.hangUp();
      await back;
      await hotline.time.runFor(2_000);
      if (!overMeanwhile) {
        t.equal(hotline.switchboard().talkRecorded('amal'), 'on');
        phone.hangUp();
        await hotline.time.runFor(2_000);
      }
      t.equal(kept(hotline).length, 1);
      t.ok((kept(hotline)[0]?.ms ?? 0) > 2_000);
    }
  },
);

t.test('a caller who calls again talks to the agent of the last time, where the flow wants it', async (t) => {
  const routing = { ...two, lastAgentMs: 86_400_000 };
  const hotline = await queueHotline(t, { routing, prefers: '{ agent: last-agent, for: 20 }' });
  const { time } = hotline;
  await dialCode(hotline, 'agent-1', '*11');
  const first = hotline.dial('+96891000001');
  await time.runFor(3_000);
  ringing(hotline, 'agent-1')?.pickUp();
  await time.runFor(1_000);
  await dialCode(hotline, 'agent-2', '*11');
  first.hangUp();
  await time.runFor(60_000);
  await hotline.restart(1_000);
  hotline.dial('+96891000002');
  await time.runFor(3_000);
  t.ok(ringing(hotline, 'agent-2'), 'a stranger gets who is idle the longest');
  ringing(hotline, 'agent-2')?.pickUp();
  await time.runFor(1_000);
  hotline.dial('+96891000001');
  await time.runFor(3_000);
  t.ok(ringing(hotline, 'agent-1'), 'who was there before is known, though an engine died between');
  t.match(facts(hotline, 'ticket.assigned')[2], { agent: 'amal', preferred: true });
  t.notMatch(JSON.stringify([...hotline.switchboard().router().lastAgents]), /91000001/);
});

t.test('what is known of the last agent goes with the contact’s personal data', async (t) => {
  const hotline = await queueHotline(t, { routing: { ...testRouting(), lastAgentMs: 86_400_000 } });
  const { caller } = await recordedTalk(hotline);
  caller.hangUp();
  await hotline.time.runFor(2_000);
  const [last] = hotline.switchboard().router().lastAgents.values();
  t.ok(last);
  const erased = hotline.switchboard().erase(last?.contact ?? '', { who: 'test', why: 'asked' });
  await hotline.time.runFor(100);
  await erased;
  t.equal(hotline.switchboard().router().lastAgents.size, 0);
  await hotline.restart(500);
  t.equal(hotline.switchboard().router().lastAgents.size, 0, 'on the disk too');
});
