/** Agents who talk to a caller in virtual time, and places where they may move the caller. */
import type { Test } from 'tap';
import { brokenPromises } from './history-checker.js';
import { dialCode, pickUp, state, talk } from './hotline-view.js';
import { queueHotline, type QueueHotline } from './queue-hotline.js';
import { testQueue, testRouting } from './test-routing.js';
import { testTransfers } from './test-transfers.js';
import type { Routing } from '../../src/acd/index.js';
import type { Caller, Party } from '../../src/telephony/simulator/index.js';

const names = ['amal', 'omar', 'zain'];
const routing: Routing = {
  ...testRouting(),
  queues: new Map([
    ['general', testQueue('general', { wrapUpMs: 60_000 })],
    ['second', testQueue('second')],
    ['nobody', testQueue('nobody')],
  ]),
  agents: new Map(
    names.map((name, index) => [
      name,
      {
        name,
        phone: `agent-${index + 1}`,
        skills: { en: 5, ar: 5 },
        queues: index === 0 ? ['general'] : ['second'],
      },
    ]),
  ),
};

const transfers = testTransfers(
  new Map([
    ['21', { type: 'queue', queue: 'second' }],
    ['22', { type: 'queue', queue: 'nobody' }],
    ['31', { type: 'agent', agent: 'omar' }],
    ['41', { type: 'phone', phone: 'desk' }],
    ['42', { type: 'phone', phone: 'agent-1' }],
    ['51', { type: 'service', number: '100' }],
  ]),
  { rules: { countries: ['OM'], only: [], refuse: [] }, trunk: 'loopback' },
);

export interface Stage {
  readonly hotline: QueueHotline;
  readonly caller: Caller;
  readonly amal: Party;
  readonly omar: string;
}

/** Amal talks to a caller; omar is ready. */
export async function stage(t: Test, signedIn: readonly string[] = ['agent-1', 'agent-2']): Promise<Stage> {
  const hotline = await queueHotline(t, {
    routing,
    queues: ['second', 'nobody'],
    phones: ['agent-1', 'agent-2', 'agent-3', 'desk'],
    transfers,
  });
  for (const phone of signedIn) await dialCode(hotline, phone, '*11');
  const caller = hotline.dial();
  await hotline.time.runFor(2_000);
  const amal = await pickUp(hotline, 'agent-1');
  await hotline.time.runFor(500);
  t.ok(talk(hotline, caller, amal), 'they talk');
  return { hotline, caller, amal, omar: 'agent-2' };
}

export async function press({ hotline }: Stage, party: Party, keys: string): Promise<void> {
  party.press(keys);
  await hotline.time.runFor(keys.length * 200 + 300);
}

/** All is over, nothing is left, and every promise was kept. */
export async function settle(t: Test, { hotline, caller }: Stage): Promise<void> {
  if (caller.state !== 'over') caller.hangUp();
  await hotline.time.runFor(90_000);
  const { legs, bridges } = hotline.simulator.inventory();
  t.same([legs, bridges], [[], []], 'no leg and no bridge is left');
  t.equal(hotline.switchboard().router().tickets.size, 0);
  for (const name of names) t.match(state(hotline, name), /^(ready|paused|offline)$/, name);
  t.same(brokenPromises(hotline.history()), []);
}
