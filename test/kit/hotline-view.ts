/** What is seen and heard of a hotline in virtual time from outside, and what phones do there. */
import type { Caller, Party } from '../../src/telephony/simulator/index.js';
import type { QueueHotline } from './queue-hotline.js';

export const state = ({ switchboard }: QueueHotline, agent: string): string | undefined =>
  switchboard().router().agents.get(agent)?.state;

export const ringing = ({ simulator }: QueueHotline, phone: string): Party | undefined =>
  simulator.phone(phone).calls.find(({ state }) => state === 'ringing');

/** All that somebody has heard, oldest first. */
export const heard = (party: Party): string[] => party.heard.map(({ sound }) => JSON.stringify(sound));
export const told = (party: Party): string => heard(party).join();

/** What somebody hears at this moment. */
export function hears({ heard }: Party): string | undefined {
  const last = heard.filter(({ to }) => to === null).at(-1)?.sound;
  return last === undefined ? undefined : last.type === 'file' ? last.path : last.type;
}

export const types = (hotline: QueueHotline): string[] => hotline.facts().map(({ type }) => type);
export const facts = (hotline: QueueHotline, type: string): unknown[] =>
  hotline.facts().flatMap((fact) => (fact.type === type ? [fact.body] : []));

/** Whether they are in one bridge with each other, and with nobody else. */
export function talk({ simulator }: QueueHotline, ...parties: readonly Party[]): boolean {
  const legs = parties.map(({ leg }) => leg);
  return simulator
    .inventory()
    .bridges.some(
      (bridge) =>
        bridge.legs.length === legs.length && legs.every((leg) => bridge.legs.includes(leg as never)),
    );
}

/** An agent's phone dials a code and listens to the end. */
export async function dialCode(
  { simulator, time }: QueueHotline,
  phone: string,
  called: string,
): Promise<Caller> {
  const call = simulator.dial({ called, phone, trunk: 'phones' });
  await time.runFor(3_000);
  return call;
}

/** A phone that rings is picked up. */
export async function pickUp(hotline: QueueHotline, phone: string): Promise<Party> {
  const party = ringing(hotline, phone);
  if (party === undefined) throw new Error(`${phone} is not rung`);
  party.pickUp();
  await hotline.time.runFor(500);
  return party;
}
