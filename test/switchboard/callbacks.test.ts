/** Callers who keep their place and hang up are called back when an agent is there: whole calls in virtual time. */
import t from 'tap';
import { calledNumber, queueHotline, type QueueHotline } from '../kit/queue-hotline.js';
import { testRouting } from '../kit/test-routing.js';
import type { Routing } from '../../src/acd/index.js';
import type { Caller, Party } from '../../src/telephony/simulator/index.js';

const two: Routing = {
  ...testRouting({ callback: { tries: 2, pauseMs: 60_000, withinMs: 86_400_000 } }),
  agents: new Map(
    ['amal', 'omar'].map((name, index) => [
      name,
      { name, phone: `agent-${index + 1}`, skills: {}, queues: ['general'] },
    ]),
  ),
};

const state = ({ switchboard }: QueueHotline, agent: string): string | undefined =>
  switchboard().router().agents.get(agent)?.state;
const ringing = ({ simulator }: QueueHotline, phone: string): Party | undefined =>
  simulator.phone(phone).calls.find(({ state }) => state === 'ringing');
const heard = (caller: Party): string[] => caller.heard.map(({ sound }) => JSON.stringify(sound));
const types = (hotline: QueueHotline): string[] => hotline.facts().map(({ type }) => type);
const bodies = (hotline: QueueHotline, wanted: string): unknown[] =>
  hotline.facts().flatMap(({ type, body }) => (type === wanted ? [body] : []));

/** An agent is signed in and paused; a caller waits, keeps the place and hangs up. */
async function kept(t: Tap, options: Parameters<typeof queueHotline>[1] = {}): Promise<QueueHotline> {
  const hotline = await queueHotline(t, { routing: two, ...options });
  const { time } = hotline;
  for (const agent of ['amal', 'omar']) {
    await hotline.agent({ type: 'agent.signed-in', agent, phone: null });
    await hotline.agent({ type: 'agent.paused', agent, reason: 'break' });
  }
  const caller = hotline.dial();
  await time.runFor(3_000);
  await keepsPlace(t, hotline, caller);
  return hotline;
}
type Tap = Parameters<typeof queueHotline>[0];

async function keepsPlace(t: Tap, { time }: QueueHotline, caller: Caller): Promise<void> {
  caller.press('2');
  await time.runFor(2_000);
  caller.press('1');
  await time.runFor(300);
  t.match(heard(caller).at(-1), /your-reference/, 'hears that the place is kept');
  caller.hangUp();
  await time.runFor(500);
}

const them = ({ simulator }: QueueHotline): readonly Party[] => simulator.number(calledNumber).calls;

t.test(
  'whoever keeps the place is called when an agent is there, asked for a key, and put through',
  async (t) => {
    const hotline = await kept(t);
    const { time, simulator } = hotline;
    t.ok(types(hotline).includes('ticket.parked'));
    t.equal(them(hotline).length, 0, 'nobody is there yet');
    simulator.number(calledNumber).will({ type: 'answers', afterMs: 4_000 });
    await hotline.agent({ type: 'agent.readied', agent: 'amal' });
    await time.runFor(2_000);
    t.equal(state(hotline, 'amal'), 'offered', 'she is kept for the caller, who is rung first');
    t.equal(ringing(hotline, 'agent-1'), undefined);
    t.equal(them(hotline).length, 1);
    t.equal(them(hotline)[0]?.shown, '200', 'the phone shows the number that was called');
    await time.runFor(4_000);
    const caller = them(hotline)[0] as Party;
    t.match(heard(caller), [/one-moment/]);
    caller.press('1');
    await time.runFor(500);
    t.match(heard(caller).at(-1), /please-wait/);
    const agent = ringing(hotline, 'agent-1');
    t.ok(agent, 'now her phone rings');
    agent?.pickUp();
    await time.runFor(500);
    t.equal(state(hotline, 'amal'), 'talking');
    agent?.hangUp();
    await time.runFor(3_000);
    t.match(heard(caller).at(-1), /goodbye/, 'and the flow goes on');
    t.match(bodies(hotline, 'ticket.ended'), [{ result: 'talked' }]);
    t.match(bodies(hotline, 'case.closed'), [{ outcome: 'handed-over' }], 'nobody has to call back any more');
    t.same(bodies(hotline, 'case.contacted').length, 1);
    t.same(hotline.brokenPromises(), []);
  },
);

t.test('an answering machine presses no key: the place is kept, and tried again later', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  simulator.number(calledNumber).will({ type: 'answers', afterMs: 2_000 });
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(30_000);
  t.equal(them(hotline)[0]?.state, 'over', 'the machine is hung up');
  t.equal(state(hotline, 'amal'), 'ready', 'she is free without a miss');
  t.match(bodies(hotline, 'ticket.unreached'), [{ tries: 1 }]);
  await time.runFor(60_000);
  t.equal(them(hotline).length, 2);
  await time.runFor(30_000);
  t.match(bodies(hotline, 'ticket.ended'), [{ result: 'no-answer' }], 'twice is often enough');
  t.match(
    bodies(hotline, 'call.ended').map((body) => (body as { outcome: string }).outcome),
    ['callback-kept', 'not-reached', 'not-reached'],
  );
  t.same(bodies(hotline, 'case.closed'), [], 'the case stays open for a person');
  await time.runFor(300_000);
  t.equal(them(hotline).length, 2, 'nobody is called any more');
  t.same(hotline.brokenPromises(), []);
});

for (const [how, behaviour, reason] of [
  ['does not answer', { type: 'rings-out' }, 'no-answer'],
  ['is busy', { type: 'is-busy' }, 'busy'],
  ['rejects', { type: 'rejects', afterMs: 500 }, 'rejected'],
] as const)
  t.test(`whoever ${how} is tried again, and the agent serves others meanwhile`, async (t) => {
    const hotline = await kept(t);
    const { time, simulator } = hotline;
    simulator.number(calledNumber).will(behaviour);
    await hotline.agent({ type: 'agent.readied', agent: 'amal' });
    await time.runFor(32_000);
    t.match(bodies(hotline, 'call.ended').at(-1), {
      outcome: 'not-reached',
      termination: { result: 'abandoned', reason },
    });
    const other = hotline.dial('+96891005555');
    await time.runFor(3_000);
    t.ok(ringing(hotline, 'agent-1'), 'she is rung for somebody else');
    other.hangUp();
    simulator.number(calledNumber).will({ type: 'answers', afterMs: 1_000 });
    await time.runFor(90_000);
    t.equal(bodies(hotline, 'ticket.dialled').length, 2);
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
    simulator.number(calledNumber).will({ type: 'answers', afterMs: 20_000 });
    simulator.number('+96891001299').will({ type: 'answers', afterMs: 20_000 });
    await hotline.agent({ type: 'agent.readied', agent: 'omar' });
    await time.runFor(10_000);
    t.equal(them(hotline).length, 1);
    t.equal(simulator.number('+96891001299').calls.length, 0);
    await hotline.agent({ type: 'agent.readied', agent: 'amal' });
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

t.test('whoever calls again has the old place on the line, and is not called any more', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  const first = [...hotline.switchboard().router().tickets.values()][0];
  await time.runFor(10_000);
  const again = hotline.dial();
  await time.runFor(2_000);
  t.match(bodies(hotline, 'ticket.ended'), [{ ticket: first?.id, result: 'replaced' }]);
  const [now] = [...hotline.switchboard().router().tickets.values()];
  t.equal(now?.joined, first?.joined, 'with its age');
  t.equal(hotline.switchboard().callbacks().size, 0, 'and the number is forgotten');
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(1_000);
  t.ok(ringing(hotline, 'agent-1'));
  t.equal(simulator.number(calledNumber).calls.length, 0);
  again.hangUp();
  await time.runFor(5_000);
  t.same(hotline.brokenPromises(), []);
});

t.test('whoever calls again while their phone rings is not rung any more', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(2_000);
  t.equal(them(hotline)[0]?.state, 'ringing');
  const again = hotline.dial();
  await time.runFor(2_000);
  t.equal(them(hotline)[0]?.state, 'over');
  t.ok(ringing(hotline, 'agent-1'), 'the agent who was kept is rung for the call');
  ringing(hotline, 'agent-1')?.pickUp();
  await time.runFor(500);
  again.hangUp();
  await time.runFor(5_000);
  t.equal(simulator.number(calledNumber).calls.length, 1);
  t.match(
    bodies(hotline, 'call.ended').map((body) => (body as { termination: object }).termination),
    [
      { result: 'completed' },
      { result: 'failed', reason: 'callback-replaced', by: 'engine' },
      { by: 'caller' },
    ],
  );
  t.same(hotline.brokenPromises(), []);
});

t.test('whoever hangs up before the number is confirmed keeps no place, but may call again', async (t) => {
  const hotline = await queueHotline(t, { routing: two });
  const { time } = hotline;
  await hotline.agent({ type: 'agent.signed-in', agent: 'amal', phone: null });
  await hotline.agent({ type: 'agent.paused', agent: 'amal', reason: 'break' });
  const caller = hotline.dial();
  await time.runFor(3_000);
  caller.press('2');
  await time.runFor(1_000);
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(500);
  t.equal(ringing(hotline, 'agent-1'), undefined, 'nobody is rung for who is asked for a number');
  caller.hangUp();
  await time.runFor(1_000);
  t.match(bodies(hotline, 'ticket.ended'), [{ result: 'caller-gone' }]);
  t.equal(hotline.switchboard().router().tickets.size, 0);
  t.same(hotline.brokenPromises(), []);
});

t.test('whoever leaves no number goes on waiting where they were', async (t) => {
  const hotline = await queueHotline(t, { routing: two });
  const { time } = hotline;
  await hotline.agent({ type: 'agent.signed-in', agent: 'amal', phone: null });
  await hotline.agent({ type: 'agent.paused', agent: 'amal', reason: 'break' });
  const caller = hotline.dial('+14155550100');
  await time.runFor(3_000);
  const [before] = [...hotline.switchboard().router().tickets.values()];
  caller.press('2');
  await time.runFor(1_500);
  caller.press('12345#');
  await time.runFor(1_500);
  const [after] = [...hotline.switchboard().router().tickets.values()];
  t.match(after, { id: before?.id, joined: before?.joined, held: false, state: 'waiting' });
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(500);
  t.ok(ringing(hotline, 'agent-1'));
  caller.hangUp();
  await time.runFor(5_000);
  t.same(hotline.brokenPromises(), []);
});

t.test('a place is kept through a restart, and so is the number', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  await hotline.restart(5_000);
  simulator.number(calledNumber).will({ type: 'answers', afterMs: 1_000 });
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(3_000);
  t.equal(them(hotline).length, 1);
  them(hotline)[0]?.press('1');
  await time.runFor(500);
  t.ok(ringing(hotline, 'agent-1'));
  them(hotline)[0]?.hangUp();
  await time.runFor(5_000);
  t.same(hotline.brokenPromises(), []);
});

t.test('an engine that dies while the phone rings finds it ringing, and rings nobody twice', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  simulator.number(calledNumber).will({ type: 'answers', afterMs: 8_000 });
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(1_000);
  await hotline.restart(2_000);
  await time.runFor(8_000);
  t.equal(them(hotline).length, 1);
  t.match(heard(them(hotline)[0] as Party), [/one-moment/]);
  them(hotline)[0]?.press('1');
  await time.runFor(500);
  ringing(hotline, 'agent-1')?.pickUp();
  await time.runFor(500);
  t.equal(state(hotline, 'amal'), 'talking');
  them(hotline)[0]?.hangUp();
  await time.runFor(5_000);
  t.match(bodies(hotline, 'case.closed'), [{}], 'they talked');
  t.same(hotline.brokenPromises(), []);
});

t.test('an agent who goes while the caller is rung costs the caller nothing', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  simulator.number(calledNumber).will({ type: 'answers', afterMs: 5_000 });
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(1_000);
  await hotline.agent({ type: 'agent.signed-out', agent: 'amal' });
  await time.runFor(6_000);
  const [caller] = them(hotline);
  caller?.press('1');
  await time.runFor(1_000);
  t.ok(
    heard(caller as Party).some((sound) => sound.includes('please-wait')),
    'they are the first in line',
  );
  await hotline.agent({ type: 'agent.readied', agent: 'omar' });
  await time.runFor(1_000);
  t.ok(ringing(hotline, 'agent-2'));
  caller?.hangUp();
  await time.runFor(5_000);
  t.equal(them(hotline).length, 1);
  t.same(hotline.brokenPromises(), []);
});

t.test('whoever presses a key and does not want to wait is owed nothing any more', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  simulator.number(calledNumber).will({ type: 'answers', afterMs: 1_000 });
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(3_000);
  them(hotline)[0]?.press('9');
  await time.runFor(5_000);
  t.match(bodies(hotline, 'ticket.ended'), [{ result: 'left' }]);
  t.equal(state(hotline, 'amal'), 'ready');
  t.match(bodies(hotline, 'case.closed'), [{}]);
  t.same(hotline.brokenPromises(), []);
});

t.test('a callback can be given up by hand, and goes with what is erased', async (t) => {
  const hotline = await kept(t);
  const { time } = hotline;
  const [place] = [...hotline.switchboard().callbacks().values()];
  t.equal(place?.place.number, calledNumber);
  const erased = hotline.switchboard().erase(place?.place.contact ?? '', {});
  await time.runFor(50);
  await erased;
  t.match(bodies(hotline, 'ticket.ended'), [{ result: 'cancelled' }]);
  t.equal(hotline.switchboard().callbacks().size, 0);
  t.notOk(hotline.disk.database.serialize().includes(calledNumber.slice(1)), 'the number is nowhere');
  const other = hotline.dial('+96891001299');
  await time.runFor(3_000);
  await keepsPlace(t, hotline, other);
  const [ticket = ''] = hotline.switchboard().callbacks().keys();
  const cancelled = hotline.switchboard().cancelCallback(ticket);
  await time.runFor(50);
  t.equal(await cancelled, true);
  t.equal(await hotline.switchboard().cancelCallback(ticket), false);
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(5_000);
  t.equal(bodies(hotline, 'ticket.dialled').length, 0);
  t.same(hotline.brokenPromises(), []);
});

t.test('whoever is in a menu meanwhile is not called there, but soon after', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  simulator.number(calledNumber).will({ type: 'answers', afterMs: 1_000 });
  const again = simulator.dial({
    called: '100',
    caller: { number: calledNumber, name: null, withheld: false },
  });
  await time.runFor(1_000);
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(12_000);
  t.not(again.state, 'over', 'they are still in the menu');
  t.equal(them(hotline).length, 0);
  t.equal(state(hotline, 'amal'), 'ready', 'she serves others meanwhile');
  t.equal(bodies(hotline, 'ticket.dialled').length, 0);
  again.hangUp();
  await time.runFor(31_000);
  t.equal(them(hotline).length, 1, 'the place was kept');
  t.match(bodies(hotline, 'ticket.unreached').at(-1), { tries: 0 }, 'nothing of it was a try');
  them(hotline)[0]?.hangUp();
  await time.runFor(5_000);
  t.same(hotline.brokenPromises(), []);
});

t.test(
  'whoever calls in while their phone rings is let go, and is called when that call is over',
  async (t) => {
    const hotline = await kept(t);
    const { time, simulator } = hotline;
    await hotline.agent({ type: 'agent.readied', agent: 'amal' });
    await time.runFor(2_000);
    t.equal(them(hotline)[0]?.state, 'ringing');
    const again = simulator.dial({
      called: '100',
      caller: { number: calledNumber, name: null, withheld: false },
    });
    await time.runFor(1_000);
    t.equal(them(hotline)[0]?.state, 'over');
    t.equal(state(hotline, 'amal'), 'ready');
    again.hangUp();
    simulator.number(calledNumber).will({ type: 'answers', afterMs: 1_000 });
    await time.runFor(35_000);
    t.equal(them(hotline).length, 2);
    them(hotline)[1]?.press('1');
    await time.runFor(500);
    t.ok(ringing(hotline, 'agent-1'));
    them(hotline)[1]?.hangUp();
    await time.runFor(5_000);
    t.same(hotline.brokenPromises(), []);
  },
);

t.test('a place that is kept while an agent is free is called at once: the caller has hung up', async (t) => {
  const hotline = await queueHotline(t, { routing: two });
  const { time } = hotline;
  await hotline.agent({ type: 'agent.signed-in', agent: 'amal', phone: null });
  await hotline.agent({ type: 'agent.paused', agent: 'amal', reason: 'break' });
  const caller = hotline.dial();
  await time.runFor(3_000);
  caller.press('2');
  await time.runFor(2_000);
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  caller.press('1');
  await time.runFor(300);
  caller.hangUp();
  await time.runFor(500);
  t.equal(them(hotline).length, 1);
  them(hotline)[0]?.hangUp();
  await time.runFor(5_000);
  t.same(hotline.brokenPromises(), []);
});

t.test('a trunk that is down leaves one contact, with its tries', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  simulator.number(calledNumber).will({ type: 'is-congested' });
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(62_000);
  const ours = () => hotline.history().contacts.filter(({ began }) => began === 'outbound');
  t.equal(bodies(hotline, 'ticket.dialled').length, 2);
  t.equal(ours().length, 1);
  t.match(ours(), [{ tries: [{ times: 2, result: 'failed', answeredAt: null }], outcome: 'not-reached' }]);
  t.equal(bodies(hotline, 'call.placed').length, 1);
  t.equal(bodies(hotline, 'call.redialled').length, 1);
  t.match(bodies(hotline, 'ticket.ended'), [{ result: 'no-answer' }]);
  t.same(hotline.brokenPromises(), []);
});

t.test(
  'tries are told one by one where they ended otherwise, and the one that reached somebody last',
  async (t) => {
    const hotline = await kept(t, {
      routing: {
        ...two,
        queues: new Map(
          [...two.queues].map(([name, queue]) => [
            name,
            { ...queue, callback: { ...queue.callback, tries: 4 } },
          ]),
        ),
      },
    });
    const { time, simulator } = hotline;
    const line = simulator.number(calledNumber);
    line.will({ type: 'is-busy' });
    await hotline.agent({ type: 'agent.readied', agent: 'amal' });
    await time.runFor(62_000);
    line.will({ type: 'answers', afterMs: 1_000 });
    await time.runFor(60_000);
    await time.runFor(30_000);
    await hotline.restart(1_000);
    await time.runFor(54_000);
    const caller = them(hotline).at(-1);
    caller?.press('1');
    await time.runFor(500);
    ringing(hotline, 'agent-1')?.pickUp();
    await time.runFor(500);
    caller?.hangUp();
    await time.runFor(5_000);
    const [contact, ...others] = hotline.history().contacts.filter(({ began }) => began === 'outbound');
    t.same(others, []);
    t.match(contact?.tries, [
      { times: 2, result: 'busy' },
      { times: 1, result: 'answered' },
      { times: 1, result: 'answered' },
    ]);
    t.match(contact, { outcome: 'handed-over' });
    t.equal(bodies(hotline, 'case.contacted').length, 1);
    t.same(hotline.brokenPromises(), []);
  },
);

t.test('whoever is called back has not come back on the subject: the first call was enough', async (t) => {
  const hotline = await kept(t);
  const { time, simulator } = hotline;
  simulator.number(calledNumber).will({ type: 'answers', afterMs: 1_000 });
  await hotline.agent({ type: 'agent.readied', agent: 'amal' });
  await time.runFor(3_000);
  them(hotline)[0]?.press('1');
  await time.runFor(500);
  ringing(hotline, 'agent-1')?.pickUp();
  await time.runFor(2_000);
  them(hotline)[0]?.hangUp();
  await time.runFor(5_000);
  t.match(bodies(hotline, 'subject.noted'), [{ after: null }]);
  t.equal(bodies(hotline, 'subject.noted').length, 1);
  t.same(hotline.brokenPromises(), []);
});
