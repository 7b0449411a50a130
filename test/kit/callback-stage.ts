/** Callers who keep their place and hang up, and agents who are away, in virtual time. */
import type { Test } from 'tap';
import type { Routing } from '../../src/acd/index.js';
import type { Caller, Party, PhoneBehaviour } from '../../src/telephony/simulator/index.js';
import { heard } from './hotline-view.js';
import { calledNumber, queueHotline, type QueueHotline, type QueueHotlineOptions } from './queue-hotline.js';
import { twoAgents } from './test-routing.js';

/** A call back is tried so often, a minute after the last time. */
export const tried = (tries: number): Routing =>
  twoAgents({ callback: { tries, pauseMs: 60_000, withinMs: 86_400_000 } });

/** The agents are signed in and paused, and a caller waits. */
export async function waiting(
  t: Test,
  options: QueueHotlineOptions = {},
  number = calledNumber,
): Promise<{ readonly hotline: QueueHotline; readonly caller: Caller }> {
  const hotline = await queueHotline(t, { routing: tried(2), ...options });
  for (const agent of ['amal', 'omar']) {
    await hotline.agent({ type: 'agent.signed-in', agent, phone: null });
    await hotline.agent({ type: 'agent.paused', agent, reason: 'break' });
  }
  const caller = hotline.dial(number);
  await hotline.time.runFor(3_000);
  return { hotline, caller };
}

export async function keepsPlace(t: Test, { time }: QueueHotline, caller: Caller): Promise<void> {
  caller.press('2');
  await time.runFor(2_000);
  caller.press('1');
  await time.runFor(300);
  t.match(heard(caller).at(-1), /your-reference/, 'hears that the place is kept');
  caller.hangUp();
  await time.runFor(500);
}

/** A caller has kept the place and hung up; nobody is there to call back. */
export async function kept(t: Test, options?: QueueHotlineOptions): Promise<QueueHotline> {
  const { hotline, caller } = await waiting(t, options);
  await keepsPlace(t, hotline, caller);
  return hotline;
}

export async function ready(hotline: QueueHotline, agent = 'amal'): Promise<void> {
  await hotline.agent({ type: 'agent.readied', agent });
}

export function calledWill({ simulator }: QueueHotline, behaviour: PhoneBehaviour): void {
  simulator.number(calledNumber).will(behaviour);
}

/** Calls to whoever kept the place, oldest first. */
export const callsBack = ({ simulator }: QueueHotline): readonly Party[] =>
  simulator.number(calledNumber).calls;

/** Whoever kept the place has been called back and has picked up. */
export async function calledBack(
  t: Test,
): Promise<{ readonly hotline: QueueHotline; readonly caller: Party }> {
  const hotline = await kept(t);
  calledWill(hotline, { type: 'answers', afterMs: 1_000 });
  await ready(hotline);
  await hotline.time.runFor(3_000);
  const [caller] = callsBack(hotline);
  if (caller === undefined) throw new Error('nobody is called back');
  return { hotline, caller };
}

/** The caller hangs up, and every promise was kept. */
export async function settle(t: Test, hotline: QueueHotline, caller?: Party): Promise<void> {
  caller?.hangUp();
  await hotline.time.runFor(5_000);
  t.same(hotline.brokenPromises(), []);
}
