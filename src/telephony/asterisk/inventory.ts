import { asBridgeId, OnedoorError } from '../../base/index.js';
import type { Inventory, InventoryLeg } from '../port.js';
import type { AriModel } from './ari-model.js';
import type { Desk } from './desk.js';
import {
  addLeg,
  forgetLeg,
  inboundLeg,
  isOutboundChannel,
  type Leg,
  newLeg,
  stasisArguments,
} from './legs.js';
import { listPhones, lookAtPhones } from './phones.js';
import type { AriHttp } from './ari-http.js';

/** What exists at the exchange, before it is known which of it is news. */
interface Picture {
  readonly channels: readonly AriModel['Channel'][];
  readonly bridges: readonly AriModel['Bridge'][];
}

async function takePicture(http: AriHttp, address: string): Promise<Picture> {
  const [channels, bridges] = await Promise.all([
    http.request('GET', 'channels'),
    http.request('GET', 'bridges'),
  ]);
  if (channels.status !== 200 || bridges.status !== 200)
    throw new OnedoorError('ONEDOOR_TELEPHONY_UNAVAILABLE', {
      address,
      why: `its inventory answers ${channels.status} and ${bridges.status}`,
    });
  return { channels: channels.body as Picture['channels'], bridges: bridges.body as Picture['bridges'] };
}

/**
 * Makes what this engine knows of legs agree with the exchange: what is gone is forgotten (the receiver of
 * `link.ready` closes it), what is there is known from now on, and a channel that was created and never dialled, by an
 * engine that died in between, is ended.
 */
export async function takeStock(desk: Desk, http: AriHttp, address: string): Promise<void> {
  const [{ channels, bridges }] = await Promise.all([
    takePicture(http, address),
    lookAtPhones(desk, http, address),
  ]);
  const there = new Set(channels.map(({ id }) => id));
  for (const leg of Array.from(desk.legs.byId.values())) {
    if (!there.has(leg.channel)) forgetLeg(desk.legs, leg);
  }
  for (const channel of channels) {
    if (isOutboundChannel(channel.id) && channel.state === 'Down') await abandon(desk, http, channel.id);
    else refreshed(desk, channel);
  }
  desk.legs.bridges.clear();
  for (const { id, channels: members } of bridges) {
    const bridge = asBridgeId(id);
    const legs = members.flatMap((channel) => desk.legs.byChannel.get(channel) ?? []);
    for (const leg of legs) leg.bridge = bridge;
    desk.legs.bridges.set(bridge, { id: bridge, legs: new Set(legs.map((leg) => leg.id)) });
  }
}

/** Ends a channel that nobody dialled: the engine learns from the inventory that it is not there. */
async function abandon(desk: Desk, http: AriHttp, channel: string): Promise<void> {
  const leg = desk.legs.byChannel.get(channel);
  if (leg !== undefined) forgetLeg(desk.legs, leg);
  await http.request('DELETE', `channels/${encodeURIComponent(channel)}`);
}

/** The leg of a channel, known already or known from now on; undefined when it is none of ours. */
function refreshed(desk: Desk, channel: AriModel['Channel']): Leg | undefined {
  const known = desk.legs.byChannel.get(channel.id);
  if (known !== undefined) {
    known.answered = channel.state === 'Up';
    known.ringing ||= channel.state === 'Ringing';
    return known;
  }
  const args = stasisArguments(channel.dialplan);
  if (isOutboundChannel(channel.id)) {
    const [trunk = '', called = '', callerNumber = ''] = args ?? [];
    const leg = newLeg({
      channel: channel.id,
      direction: 'outbound',
      called,
      caller: { number: callerNumber === '' ? null : callerNumber, name: null, withheld: false },
      trunk,
      phone: null,
      answered: channel.state === 'Up',
      ringing: channel.state === 'Ringing',
      told: true,
    });
    addLeg(desk.legs, leg);
    return leg;
  }
  if (args === undefined) return undefined;
  const leg = inboundLeg(channel, args, desk.settings);
  addLeg(desk.legs, leg);
  return leg;
}

/**
 * The inventory for the engine: only what it has been told of, or is about to learn from this list. A leg whose end
 * was told while the picture was taken is left out.
 */
export async function listInventory(
  desk: Desk,
  http: AriHttp,
  address: string,
  incarnation: string,
): Promise<Inventory> {
  const { channels, bridges } = await takePicture(http, address);
  const legs: InventoryLeg[] = [];
  for (const channel of channels) {
    const leg = desk.legs.byChannel.get(channel.id);
    if (leg === undefined || !leg.told) continue;
    const state = leg.answered ? 'answered' : leg.direction === 'inbound' ? 'waiting' : 'ringing';
    legs.push({
      leg: leg.id,
      direction: leg.direction,
      state,
      called: leg.called,
      caller: leg.caller,
      trunk: leg.trunk,
      phone: leg.phone,
    });
  }
  return {
    incarnation,
    legs,
    phones: listPhones(desk),
    bridges: bridges.map(({ id, channels: members }) => ({
      bridge: asBridgeId(id),
      legs: members.flatMap((channel) => desk.legs.byChannel.get(channel)?.id ?? []),
    })),
  };
}
