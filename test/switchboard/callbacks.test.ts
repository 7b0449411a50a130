/** Callers who keep their place and hang up are called back when an agent is there: whole calls in virtual time. */
import t from 'tap';
import { calledNumber, queueHotline, type QueueHotline } from '../kit/queue-hotline.js';
import { testQueue, testRouting } from '../kit/test-routing.js';
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
  await keepsPlace(hotline, caller);
  return hotline;
}
type Tap = Parameters<typeof queueHotline>[0];

async function keepsPlace({ time }: QueueHotline, caller: Caller): Promise<void> {
  caller.press('2');
  await time.runFor(2_000);
  caller.press('1');
  await time.runFor(300);
  t.match(heard(caller).at(-1), /your-reference/, 'hears that the place is kept');
  caller.hangUp();
  await time.runFor(500);
}

const them = ({ simulator }: QueueHotline): readonly Party[] => simulator.number(calledNumber).calls;

t.test('whoever keeps the place is called when an agent is there, asked for a key, and put through', async (t) => {
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
});
