import type { BridgeId } from '../../base/index.js';
import { type Desk, overSocket } from './desk.js';
import { inLane } from './lane.js';
import type { Leg } from './legs.js';
import { channelPath } from './outcome.js';

/**
 * Whoever is alone in a bridge with somebody who holds hears music. Where two talk and nobody else listens Asterisk does
 * that by itself; in a bridge that is recorded, or had three, it does not, and where a bridge changes from one kind to the
 * other meanwhile the music would never end. So it is said each time.
 */
export function refreshHolds(desk: Desk, bridge: BridgeId | undefined): void {
  const ids = bridge === undefined ? undefined : desk.legs.bridges.get(bridge)?.legs;
  const legs = [...(ids ?? [])].flatMap((id) => desk.legs.byId.get(id) ?? []);
  for (const leg of legs) {
    const [other, ...more] = legs.filter((one) => one !== leg);
    setHoldMusic(desk, leg, other !== undefined && more.length === 0 && other.held);
  }
}

/** Its music belonged to a bridge in which it is no more. */
export function endHoldMusic(desk: Desk, leg: Leg): void {
  setHoldMusic(desk, leg, false);
}

function setHoldMusic(desk: Desk, leg: Leg, on: boolean): void {
  if (leg.holdMusic === on) return;
  leg.holdMusic = on;
  void inLane(leg.lane, 'socket', () => overSocket(desk, on ? 'POST' : 'DELETE', channelPath(leg, '/moh')));
}
