/** Queues and agents as they should not be: every caller has an exit, no agent is stuck. */
import t from 'tap';
import type { Routing } from '../../src/acd/index.js';
import { dialCode, facts, ringing, told } from '../kit/hotline-view.js';
import { queueHotline, type QueueHotline } from '../kit/queue-hotline.js';
import { testRouting } from '../kit/test-routing.js';

const row = ({ switchboard }: QueueHotline, agent: string) => switchboard().router().agents.get(agent);
const results = (hotline: QueueHotline): unknown[] =>
  facts(hotline, 'ticket.ended').map((body) => (body as { result: string }).result);

/** What a phone hears that dials a code. */
async function says(hotline: QueueHotline, phone: string, code: string): Promise<string> {
  return told(await dialCode(hotline, phone, code));
}

t.test('a queue that no agent answers sends its callers on at once', async (t) => {
  const nobody: Routing = { ...testRouting(), agents: new Map() };
  const hotline = await queueHotline(t, { routing: nobody });
  const caller = hotline.dial();
  await hotline.time.runFor(10_000);
  t.match(told(caller), /nobody/);
  t.same(results(hotline), ['nobody']);
});

t.test('a skill that nobody has is waited for by nobody, whoever is signed in', async (t) => {
  const hotline = await queueHotline(t, { routing: testRouting({ needs: [{ klingon: 3 }] }) });
  t.match(await says(hotline, 'agent-1', '*11'), /agent-signed-in/);
  const caller = hotline.dial();
  await hotline.time.runFor(10_000);
  t.match(told(caller), /nobody/);
  t.same(results(hotline), ['nobody']);
  t.equal(row(hotline, 'amal')?.state, 'ready');
});

t.test('an agent who signs in twice is told so, and has one call', async (t) => {
  const hotline = await queueHotline(t);
  t.match(await says(hotline, 'agent-1', '*11'), /agent-signed-in/);
  const before = row(hotline, 'amal');
  t.match(await says(hotline, 'agent-1', '*11'), /agent-cannot/);
  t.equal(row(hotline, 'amal'), before, 'nothing has changed');
  hotline.dial();
  hotline.dial('+96891005555');
  await hotline.time.runFor(3_000);
  ringing(hotline, 'agent-1')?.pickUp();
  await hotline.time.runFor(3_000);
  t.equal(ringing(hotline, 'agent-1'), undefined);
  t.equal(hotline.simulator.phone('agent-1').calls.filter(({ state }) => state === 'talking').length, 1);
  t.match(await says(hotline, 'agent-1', '*11'), /agent-cannot/, 'nor while she talks');
});

t.test(
  'an agent with two phones is where she signed in last, and cannot move in the midst of a call',
  async (t) => {
    const hotline = await queueHotline(t);
    await says(hotline, 'agent-1', '*11');
    t.equal(await hotline.agent({ type: 'agent.signed-in', agent: 'amal', phone: 'agent-2' }), null);
    hotline.dial();
    await hotline.time.runFor(3_000);
    t.notOk(ringing(hotline, 'agent-1'), 'the first phone is still');
    ringing(hotline, 'agent-2')?.pickUp();
    await hotline.time.runFor(3_000);
    t.equal(row(hotline, 'amal')?.state, 'talking');
    t.equal(await hotline.agent({ type: 'agent.signed-in', agent: 'amal', phone: 'agent-1' }), 'busy');
    hotline.simulator
      .phone('agent-2')
      .calls.find(({ state }) => state === 'talking')
      ?.hangUp();
    await hotline.time.runFor(30_000);
    t.equal(row(hotline, 'amal')?.state, 'ready');
    t.equal(await hotline.agent({ type: 'agent.signed-in', agent: 'amal', phone: 'agent-1' }), null);
    hotline.dial('+96891005555');
    await hotline.time.runFor(3_000);
    t.ok(ringing(hotline, 'agent-1'));
  },
);

t.test(
  'a thousand callers at once wait in their order, and none is lost when the last agent goes',
  async (t) => {
    const hotline = await queueHotline(t);
    await says(hotline, 'agent-1', '*11');
    const callers = Array.from({ length: 1_000 }, (_, n) =>
      hotline.dial(`+9689${String(n).padStart(7, '0')}`),
    );
    await hotline.time.runFor(5_000);
    const { tickets } = hotline.switchboard().router();
    t.equal(tickets.size, 1_000);
    ringing(hotline, 'agent-1')?.pickUp();
    await hotline.time.runFor(2_000);
    t.equal(callers[0]?.state, 'talking');
    t.equal(row(hotline, 'amal')?.state, 'talking');
    callers.slice(1, 500).forEach((caller) => {
      caller.hangUp();
    });
    await hotline.time.runFor(5_000);
    t.equal(tickets.size, 501);
    // Who talks goes when the call is over, and with her whoever waits for her alone.
    await hotline.agent({ type: 'agent.signed-out', agent: 'amal' });
    hotline.simulator
      .phone('agent-1')
      .calls.find(({ state }) => state === 'talking')
      ?.hangUp();
    await hotline.time.runFor(60_000);
    t.equal(row(hotline, 'amal')?.state, 'offline');
    t.equal(tickets.size, 0);
    const sentOn = callers.slice(500).filter((caller) => /nobody/.test(told(caller)));
    t.equal(sentOn.length, 500, 'each went on in the flow');
    const times = (result: string): number => results(hotline).filter((one) => one === result).length;
    t.same([times('caller-gone'), times('nobody'), times('talked')], [499, 500, 1]);
  },
);
