import { asLegId, type BridgeId, type LegId, type PlaybackId, type RecordingId } from '../../base/index.js';
import type { CallerIdentity, LegCause } from '../port.js';
import type { AriModel } from './ari-model.js';
import { callerIdentity, heard } from './caller.js';
import { type Lane, newLane } from './lane.js';
import { type ExchangeSettings, STASIS_APP } from './settings.js';

/** One of our channels, as far as it must be remembered between two events. */
export interface Leg {
  readonly id: LegId;
  readonly channel: string;
  readonly direction: 'inbound' | 'outbound';
  readonly called: string;
  readonly caller: CallerIdentity;
  readonly trunk: string;
  /** Of an inbound leg: the phone that dials. */
  readonly phone: string | null;
  readonly lane: Lane;
  /** Answered, or its answer is on the way: commands that come later find it answered. */
  answered: boolean;
  ringing: boolean;
  /** A command for it had no answer: see `forLeg`. */
  suspect: boolean;
  /** The engine knows of it: an outbound leg exists for the engine when its dialling was accepted. */
  told: boolean;
  cause: LegCause;
  bridge: BridgeId | undefined;
  /** We rang it, and it was in no bridge of ours yet. */
  dialling: boolean;
  music: boolean;
  /** Its far side holds the call. */
  held: boolean;
  /** Music while the other side holds. */
  holdMusic: boolean;
  /** Accepted and not finished. */
  readonly playbacks: Set<PlaybackId>;
  /** Commanded and not told as over. */
  readonly recordings: Set<RecordingId>;
}

export interface Bridge {
  readonly id: BridgeId;
  readonly legs: Set<LegId>;
}

/** What this engine knows of the exchange. The exchange itself is the truth: see the inventory. */
export interface Legs {
  readonly byId: Map<LegId, Leg>;
  readonly byChannel: Map<string, Leg>;
  readonly bridges: Map<BridgeId, Bridge>;
  /** Ids that are over: never used again, and not to be believed where an older picture still shows them. */
  readonly over: Set<string>;
}

export function noLegs(): Legs {
  return { byId: new Map(), byChannel: new Map(), bridges: new Map(), over: new Set() };
}

/** Ids that are over are remembered for so many legs and bridges. */
const REMEMBERED = 20_000;

export function markOver(legs: Legs, id: string): void {
  legs.over.add(id);
  if (legs.over.size <= REMEMBERED) return;
  for (const oldest of legs.over) return void legs.over.delete(oldest);
}

export function addLeg(legs: Legs, leg: Leg): void {
  legs.byId.set(leg.id, leg);
  legs.byChannel.set(leg.channel, leg);
}

/** Forgets a leg as if it had never been: its id may come again. */
export function forgetLeg(legs: Legs, leg: Leg): void {
  legs.byId.delete(leg.id);
  legs.byChannel.delete(leg.channel);
}

/** Forgets a leg that is over. @returns the bridge, where it leaves it empty. */
export function removeLeg(legs: Legs, leg: Leg): readonly Bridge[] {
  forgetLeg(legs, leg);
  markOver(legs, leg.id);
  return takeOut(legs, leg);
}

/** Takes a leg out of its bridge, if it is in one. @returns the bridge, where it leaves it empty. */
export function takeOut(legs: Legs, leg: Leg): readonly Bridge[] {
  const bridge = leg.bridge === undefined ? undefined : legs.bridges.get(leg.bridge);
  leg.bridge = undefined;
  bridge?.legs.delete(leg.id);
  return bridge?.legs.size === 0 ? [bridge] : [];
}

/** The phone of the site at the leg, dialled or rung; null for anybody else. */
export const phoneAt = ({ direction, trunk, called, phone }: Leg): string | null =>
  direction === 'outbound' && trunk === '' ? called : phone;

/** Channels that we dial bear the leg's id behind this. */
const OUTBOUND = 'onedoor-out-';

export const outboundChannel = (leg: LegId): string => `${OUTBOUND}${leg}`;

export const isOutboundChannel = (channel: string): boolean => channel.startsWith(OUTBOUND);

const NO_CAUSE: LegCause = { q850: null, sip: null };

type Known = Pick<
  Leg,
  'channel' | 'direction' | 'called' | 'caller' | 'trunk' | 'phone' | 'answered' | 'ringing' | 'told'
>;

export function newLeg(known: Known): Leg {
  const { channel, direction } = known;
  // Written out, since it is made for every call: spreading it costs more than all the rest of an arrival.
  return {
    id: asLegId(direction === 'inbound' ? channel : channel.slice(OUTBOUND.length)),
    channel,
    direction,
    called: known.called,
    caller: known.caller,
    trunk: known.trunk,
    phone: known.phone,
    lane: newLane(),
    answered: known.answered,
    ringing: known.ringing,
    suspect: false,
    told: known.told,
    cause: NO_CAUSE,
    bridge: undefined,
    dialling: direction === 'outbound',
    music: false,
    held: false,
    holdMusic: false,
    playbacks: new Set(),
    recordings: new Set(),
  };
}

/**
 * The leg of a channel that waits for us. Its arguments were filtered by the dialplan; its caller's name and number
 * come as JSON, untouched.
 *
 * @param args trunk, called number, presentation of the caller's number, the phone that dials.
 */
export function inboundLeg(
  channel: AriModel['Channel'],
  args: readonly string[],
  settings: ExchangeSettings,
): Leg {
  const [trunk = '', called = '', presentation = '', phone = ''] = args;
  const country = settings.trunks.find(({ name }) => name === trunk)?.country ?? null;
  return newLeg({
    channel: channel.id,
    direction: 'inbound',
    called: heard(called),
    caller: callerIdentity(channel.caller, presentation, country),
    trunk,
    phone: phone === '' ? null : phone,
    answered: channel.state === 'Up',
    ringing: false,
    told: true,
  });
}

/** Arguments of the application, as the dialplan of a channel shows them; undefined when it is not in ours. */
export function stasisArguments({
  app_name,
  app_data,
}: AriModel['DialplanCEP']): readonly string[] | undefined {
  const [app, ...args] = app_data.split(',');
  return app_name === 'Stasis' && app === STASIS_APP ? args : undefined;
}
