/** Rings an address. That takes two steps at Asterisk: a channel is created, and it is dialled. */
import type { CommandOutcome } from '../port.js';
import type { AriModel } from './ari-model.js';
import { trunkEndpoint } from './configuration.js';
import { type Desk, overSocket } from './desk.js';
import { inLane } from './lane.js';
import { addLeg, forgetLeg, type Leg, newLeg, outboundChannel } from './legs.js';
import { channelPath, type Command, DONE, outcome, reason, refused } from './outcome.js';
import { STASIS_APP, TRANSFER_HANDLING } from './settings.js';

/** It ended before it was dialled, and the engine never heard of it. */
const gone = 'the new leg is gone';

/** ITU-T E.164: at most 15 digits. */
const E164 = /^\+[1-9][0-9]{1,14}$/;
const SHOWN = /^\+?[0-9]{1,20}$/;

export async function originate(desk: Desk, command: Command<'originate'>): Promise<CommandOutcome> {
  const against = objection(desk, command);
  if (against !== null) return against;
  const leg = announce(desk, command);
  const result = await inLane(leg.lane, 'http', async () => {
    const made = await create(desk, leg, command);
    return made.result === 'done' ? dial(desk, leg, command) : made;
  });
  if (result.result === 'refused') {
    // It never existed for the engine; whatever Asterisk has made of it goes.
    leg.told = false;
    forgetLeg(desk.legs, leg);
    if (result.why !== 'duplicate') void overSocket(desk, 'DELETE', channelPath(leg, ''));
  }
  return result;
}

/** Why the command cannot be carried out, as far as that is known here; null: Asterisk may be asked. */
function objection(desk: Desk, command: Command<'originate'>): CommandOutcome | null {
  const { leg: id, to, callerNumber, ringMs } = command;
  const { phones, trunks } = desk.settings;
  if (to.type === 'phone' && !phones.some(({ name }) => name === to.phone))
    return refused('no-such-phone', to.phone);
  if (to.type === 'number' && !trunks.some(({ name }) => name === to.trunk))
    return refused('invalid', 'no such trunk');
  if (to.type === 'number' && !E164.test(to.number)) return refused('invalid', 'not a number in E.164');
  if (callerNumber !== null && !SHOWN.test(callerNumber))
    return refused('invalid', 'a caller number of digits only');
  if (!(ringMs >= 1000 && ringMs <= 600_000)) return refused('invalid', 'ringMs out of range');
  if (desk.legs.byId.has(id) || desk.legs.over.has(id)) return refused('duplicate', id);
  // Asterisk tells of each change; to ask it once more would cost the caller a round trip.
  if (to.type === 'phone' && desk.reachable.get(to.phone) !== true) return refused('unreachable', to.phone);
  return null;
}

/** Known before anything leaves: its events may come before the answers. */
function announce(desk: Desk, { leg: id, to, callerNumber }: Command<'originate'>): Leg {
  const leg = newLeg({
    channel: outboundChannel(id),
    direction: 'outbound',
    called: to.type === 'phone' ? to.phone : to.number,
    caller: { number: callerNumber, name: null, withheld: false },
    trunk: to.type === 'phone' ? '' : to.trunk,
    phone: null,
    answered: false,
    ringing: false,
    told: false,
  });
  addLeg(desk.legs, leg);
  return leg;
}

async function create(
  desk: Desk,
  leg: Leg,
  { to, callerNumber }: Command<'originate'>,
): Promise<CommandOutcome> {
  if (to.type === 'number') {
    const absent = await absentTrunk(desk, trunkEndpoint(to.trunk));
    if (absent !== null) return absent;
  }
  const entered = new Promise<boolean>((resolve) => {
    const limit = desk.enterDeadlines.set(() => resolve(false));
    desk.entering.set(leg.channel, () => {
      limit.met = true;
      resolve(true);
    });
  });
  const query = new URLSearchParams({
    endpoint: to.type === 'phone' ? `PJSIP/${to.phone}` : `PJSIP/${to.number}@${trunkEndpoint(to.trunk)}`,
    app: STASIS_APP,
    appArgs: `${leg.trunk},${leg.called},${callerNumber ?? ''}`,
    channelId: leg.channel,
  });
  const variables: Record<string, string> = {};
  if (callerNumber !== null) variables['CONNECTEDLINE(num)'] = callerNumber;
  if (to.type === 'phone') variables[TRANSFER_HANDLING] = 'ari-only';
  const created = await overSocket(
    desk,
    'POST',
    `channels/create?${query.toString()}`,
    JSON.stringify({ variables }),
  );
  // Before the channel is in our application it cannot be dialled: 409 in one of five.
  const inTime = created.status === 200 && (await entered);
  desk.entering.delete(leg.channel);
  if (created.status === 409) return refused('duplicate', leg.id);
  // Asterisk says "Allocation failed" where nobody is registered.
  if (created.status === 500) return refused('unreachable', reason(created.body));
  if (created.status !== 200) return outcome(created);
  return inTime ? DONE : { result: 'unknown', detail: 'the new leg did not come up' };
}

async function absentTrunk(desk: Desk, endpoint: string): Promise<CommandOutcome | null> {
  const state = await overSocket(desk, 'GET', `endpoints/PJSIP/${endpoint}`);
  if (state.status === 404) return refused('no-such-phone', endpoint);
  if (state.status !== 200) return outcome(state);
  const { state: reachable } = JSON.parse(String(state.body)) as AriModel['Endpoint'];
  return reachable === 'offline' ? refused('unreachable', endpoint) : null;
}

async function dial(desk: Desk, leg: Leg, { ringMs }: Command<'originate'>): Promise<CommandOutcome> {
  if (desk.legs.byId.get(leg.id) !== leg) return refused('unreachable', gone);
  leg.told = true;
  return outcome(
    await overSocket(desk, 'POST', channelPath(leg, `/dial?timeout=${Math.ceil(ringMs / 1000)}`)),
  );
}
