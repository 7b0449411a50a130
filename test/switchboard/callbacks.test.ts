/** Callers who kept their place are called back when an agent is there: whole calls in virtual time. */
import t from 'tap';
import type { Party } from '../../src/telephony/simulator/index.js';
import {
  calledBack,
  calledWill,
  callsBack,
  keepsPlace,
  kept,
  ready,
  settle,
  tried,
} from '../kit/callback-stage.js';
import { facts, heard, pickUp, ringing, state, types } from '../kit/hotline-view.js';

t.test(
  'whoever keeps the place is called when an agent is there, asked for a key, and put through',
  async (t) => {
    const hotline = await kept(t);
    const { time } = hotline;
    t.ok(types(hotline).includes('ticket.parked'));
    t.equal(callsBack(hotline).length, 0, 'nobody is there yet');
    calledWill(hotline, { type: 'answers', afterMs: 4_000 });
    await ready(hotline);
    await time.runFor(2_000);
    t.equal(state(hotline, 'amal'), 'offered', 'she is kept for the caller, who is rung first');
    t.equal(ringing(hotline, 'agent-1'), undefined);
    t.equal(callsBack(hotline).length, 1);
    t.equal(callsBack(hotline)[0]?.shown, '200', 'the phone shows the number that was called');
    await time.runFor(4_000);
    const caller = callsBack(hotline)[0] as Party;
    t.match(heard(caller), [/one-moment/]);
    caller.press('1');
    await time.runFor(500);
    t.match(heard(caller).at(-1), /please-wait/);
    const agent = await pickUp(hotline, 'agent-1');
    t.equal(state(hotline, 'amal'), 'talking');
    agent.hangUp();
    await time.runFor(3_000);
    t.match(heard(caller).at(-1), /goodbye/, 'and the flow goes on');
    t.match(facts(hotline, 'ticket.ended'), [{ result: 'talked' }]);
    t.match(facts(hotline, 'case.closed'), [{ outcome: 'handed-over' }], 'nobody has to call back any more');
    t.same(facts(hotline, 'case.contacted').length, 1);
    t.same(hotline.brokenPromises(), []);
  },
);

t.test('an answering machine presses no key: the place is kept, and tried again later', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  calledWill(hotline, { type: 'answers', afterMs: 2_000 });
  await ready(hotline);
  await time.runFor(30_000);
  t.equal(callsBack(hotline)[0]?.state, 'over', 'the machine is hung up');
  t.equal(state(hotline, 'amal'), 'ready', 'she is free without a miss');
  t.match(facts(hotline, 'ticket.unreached'), [{ tries: 1 }]);
  await time.runFor(60_000);
  t.equal(callsBack(hotline).length, 2);
  await time.runFor(30_000);
  t.match(facts(hotline, 'ticket.ended'), [{ result: 'no-answer' }], 'twice is often enough');
  t.match(
    facts(hotline, 'call.ended').map((body) => (body as { outcome: string }).outcome),
    ['callback-kept', 'not-reached', 'not-reached'],
  );
  t.same(facts(hotline, 'case.closed'), [], 'the case stays open for a person');
  await time.runFor(300_000);
  t.equal(callsBack(hotline).length, 2, 'nobody is called any more');
  t.same(hotline.brokenPromises(), []);
});

for (const [how, behaviour, reason] of [
  ['does not answer', { type: 'rings-out' }, 'no-answer'],
  ['is busy', { type: 'is-busy' }, 'busy'],
  ['rejects', { type: 'rejects', afterMs: 500 }, 'rejected'],
] as const)
  t.test(`whoever ${how} is tried again, and the agent serves others meanwhile`, async (t) => {
    const hotline = await kept(t);
    const { time } = hotline;
    calledWill(hotline, behaviour);
    await ready(hotline);
    await time.runFor(32_000);
    t.match(facts(hotline, 'call.ended').at(-1), {
      outcome: 'not-reached',
      termination: { result: 'abandoned', reason },
    });
    const other = hotline.dial('+96891005555');
    await time.runFor(3_000);
    t.ok(ringing(hotline, 'agent-1'), 'she is rung for somebody else');
    other.hangUp();
    calledWill(hotline, { type: 'answers', afterMs: 1_000 });
    await time.runFor(90_000);
    t.equal(facts(hotline, 'ticket.dialled').length, 2);
    t.same(hotline.brokenPromises(), []);
  });

t.test(
  'one agent, two callers who kept their places: one is called at a time, the older first',
  async (t) => {
    const hotline = await kept(t);
    const { time, simulator } = hotline;
    const other = hotline.dial('+96891001299');
    await time.runFor(3_000);
    await keepsPlace(t, hotline, other);
    calledWill(hotline, { type: 'answers', afterMs: 20_000 });
    simulator.number('+96891001299').will({ type: 'answers', afterMs: 20_000 });
    await ready(hotline, 'omar');
    await time.runFor(10_000);
    t.equal(callsBack(hotline).length, 1);
    t.equal(simulator.number('+96891001299').calls.length, 0);
    await ready(hotline);
    await time.runFor(1_000);
    t.equal(
      simulator.number('+96891001299').calls.length,
      1,
      'the second agent is there for the second caller',
    );
    await time.runFor(200_000);
    t.same(hotline.brokenPromises(), []);
  },
);

t.test('a place is kept through a restart, and so is the number', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  await hotline.restart(5_000);
  calledWill(hotline, { type: 'answers', afterMs: 1_000 });
  await ready(hotline);
  await time.runFor(3_000);
  t.equal(callsBack(hotline).length, 1);
  callsBack(hotline)[0]?.press('1');
  await time.runFor(500);
  t.ok(ringing(hotline, 'agent-1'));
  await settle(t, hotline, callsBack(hotline)[0]);
});

t.test('an engine that dies while the phone rings finds it ringing, and rings nobody twice', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  calledWill(hotline, { type: 'answers', afterMs: 8_000 });
  await ready(hotline);
  await time.runFor(1_000);
  await hotline.restart(2_000);
  await time.runFor(8_000);
  t.equal(callsBack(hotline).length, 1);
  t.match(heard(callsBack(hotline)[0] as Party), [/one-moment/]);
  callsBack(hotline)[0]?.press('1');
  await time.runFor(500);
  await pickUp(hotline, 'agent-1');
  t.equal(state(hotline, 'amal'), 'talking');
  await settle(t, hotline, callsBack(hotline)[0]);
  t.match(facts(hotline, 'case.closed'), [{}], 'they talked');
});

t.test('an agent who goes while the caller is rung costs the caller nothing', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  calledWill(hotline, { type: 'answers', afterMs: 5_000 });
  await ready(hotline);
  await time.runFor(1_000);
  await hotline.agent({ type: 'agent.signed-out', agent: 'amal' });
  await time.runFor(6_000);
  const [caller] = callsBack(hotline);
  caller?.press('1');
  await time.runFor(1_000);
  t.ok(
    heard(caller as Party).some((sound) => sound.includes('please-wait')),
    'they are the first in line',
  );
  await ready(hotline, 'omar');
  await time.runFor(1_000);
  t.ok(ringing(hotline, 'agent-2'));
  await settle(t, hotline, caller);
  t.equal(callsBack(hotline).length, 1);
});

t.test('whoever presses a key and does not want to wait is owed nothing any more', async (t) => {
  const { hotline, caller } = await calledBack(t);
  caller.press('9');
  await hotline.time.runFor(5_000);
  t.match(facts(hotline, 'ticket.ended'), [{ result: 'left' }]);
  t.equal(state(hotline, 'amal'), 'ready');
  t.match(facts(hotline, 'case.closed'), [{}]);
  t.same(hotline.brokenPromises(), []);
});

t.test('a trunk that is down leaves one contact, with its tries', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  calledWill(hotline, { type: 'is-congested' });
  await ready(hotline);
  await time.runFor(62_000);
  const ours = () => hotline.history().contacts.filter(({ began }) => began === 'outbound');
  t.equal(facts(hotline, 'ticket.dialled').length, 2);
  t.equal(ours().length, 1);
  t.match(ours(), [{ tries: [{ times: 2, result: 'failed', answeredAt: null }], outcome: 'not-reached' }]);
  t.equal(facts(hotline, 'call.placed').length, 1);
  t.equal(facts(hotline, 'call.redialled').length, 1);
  t.match(facts(hotline, 'ticket.ended'), [{ result: 'no-answer' }]);
  t.same(hotline.brokenPromises(), []);
});

t.test(
  'tries are told one by one where they ended otherwise, and the one that reached somebody last',
  async (t) => {
    const hotline = await kept(t, { routing: tried(4) });
    const { time } = hotline;
    calledWill(hotline, { type: 'is-busy' });
    await ready(hotline);
    await time.runFor(62_000);
    calledWill(hotline, { type: 'answers', afterMs: 1_000 });
    await time.runFor(90_000);
    await hotline.restart(1_000);
    await time.runFor(54_000);
    const caller = callsBack(hotline).at(-1);
    caller?.press('1');
    await time.runFor(500);
    await pickUp(hotline, 'agent-1');
    await settle(t, hotline, caller);
    const [contact, ...others] = hotline.history().contacts.filter(({ began }) => began === 'outbound');
    t.same(others, []);
    t.match(contact?.tries, [
      { times: 2, result: 'busy' },
      { times: 1, result: 'answered' },
      { times: 1, result: 'answered' },
    ]);
    t.match(contact, { outcome: 'handed-over' });
    t.equal(facts(hotline, 'case.contacted').length, 1);
  },
);

t.test('whoever is called back has not come back on the subject: the first call was enough', async (t) => {
  const { hotline, caller } = await calledBack(t);
  caller.press('1');
  await hotline.time.runFor(500);
  await pickUp(hotline, 'agent-1');
  await hotline.time.runFor(1_500);
  await settle(t, hotline, caller);
  t.match(facts(hotline, 'subject.noted'), [{ after: null }]);
  t.equal(facts(hotline, 'subject.noted').length, 1);
});
