import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  asBridgeId,
  asPlaybackId,
  asRecordingId,
  type BridgeId,
  type Key,
  type RecordingId,
} from '../../base/index.js';
import type { LegCause } from '../port.js';
import type { AriEvent, AriModel } from './ari-model.js';
import { endEmpty } from './bridging.js';
import type { Desk } from './desk.js';
import { refreshHolds } from './holds.js';
import { addLeg, inboundLeg, isOutboundChannel, type Leg, removeLeg } from './legs.js';
import { phoneHeard } from './phones.js';
import { transferRequested } from './transfers.js';

/** Q.850 cause 16. */
const normalClearing = 16;

/** Turns one event of Asterisk into what the port tells of it, if anything. */
export function translate(desk: Desk, event: AriEvent): void {
  switch (event.type) {
    case 'StasisStart':
      return arrived(desk, event);
    case 'StasisEnd': {
      // An inbound channel does not always tell of its end again; an outbound one does, and then with its cause.
      const leg = desk.legs.byChannel.get(event.channel.id);
      if (leg?.direction === 'inbound') ended(desk, leg);
      return;
    }
    case 'ChannelHangupRequest': {
      const leg = desk.legs.byChannel.get(event.channel.id);
      // A soft request's cause is a flag of Asterisk's own, not one of Q.850.
      if (leg === undefined || event.soft || leg.cause.q850 !== null) return;
      // Asterisk names no cause where the far end simply hung up (a BYE or CANCEL without Reason header).
      leg.cause = cause(leg, event.cause || normalClearing, event.tech_cause);
      // A phone that hangs up is free, whatever its channel still has to do; the next caller may be waiting for it.
      if (leg.direction === 'outbound' && leg.answered && leg.recordings.size === 0) ended(desk, leg);
      return;
    }
    case 'ChannelDestroyed': {
      const leg = desk.legs.byChannel.get(event.channel.id);
      if (leg === undefined) return;
      if (leg.direction === 'outbound' || leg.cause.q850 === null)
        leg.cause = cause(leg, event.cause, event.tech_cause);
      return ended(desk, leg);
    }
    case 'Dial':
      return dialled(desk, event);
    case 'ChannelDtmfReceived': {
      const leg = desk.legs.byChannel.get(event.channel.id);
      if (leg === undefined) return;
      return desk.emit({
        type: 'key.pressed',
        leg: leg.id,
        key: event.digit as Key,
        durationMs: event.duration_ms,
      });
    }
    case 'ChannelHold':
    case 'ChannelUnhold': {
      const leg = desk.legs.byChannel.get(event.channel.id);
      if (leg === undefined) return;
      leg.held = event.type === 'ChannelHold';
      refreshHolds(desk, leg.bridge);
      return desk.emit({ type: leg.held ? 'leg.held' : 'leg.unheld', leg: leg.id });
    }
    case 'PlaybackFinished': {
      const leg = legOfTarget(desk, event.playback.target_uri);
      if (leg === undefined) return;
      const playback = asPlaybackId(event.playback.id);
      leg.playbacks.delete(playback);
      // Cut off by the far end's hang-up, which is told next: no fault of the prompt.
      if (event.playback.state === 'failed' && leg.cause.q850 !== null) return;
      const result = event.playback.state === 'failed' ? 'failed' : 'done';
      return desk.emit({ type: 'playback.finished', leg: leg.id, playback, result });
    }
    case 'RecordingFinished': {
      const { target_uri, name, duration = 0 } = event.recording;
      const recording = asRecordingId(name);
      const durationMs = recordedMs(desk, name) ?? duration * 1000;
      const bridge = bridgeOfTarget(desk, target_uri, recording);
      if (bridge !== undefined) return desk.emit({ type: 'bridge.recorded', bridge, recording, durationMs });
      const leg = legOfTarget(desk, target_uri);
      if (leg === undefined) return;
      leg.recordings.delete(recording);
      return desk.emit({ type: 'recording.finished', leg: leg.id, recording, durationMs });
    }
    case 'RecordingFailed': {
      const { target_uri, name, cause: detail = 'the exchange gave no reason' } = event.recording;
      const recording = asRecordingId(name);
      const bridge = bridgeOfTarget(desk, target_uri, recording);
      if (bridge !== undefined) return desk.emit({ type: 'bridge.record-failed', bridge, recording, detail });
      const leg = legOfTarget(desk, target_uri);
      if (leg === undefined) return;
      leg.recordings.delete(recording);
      return desk.emit({ type: 'recording.failed', leg: leg.id, recording, detail });
    }
    case 'ChannelTransfer': {
      // One with a state tells of our own answer.
      if (event.state !== undefined) return;
      const leg = desk.legs.byChannel.get(event.referred_by.source_channel.id);
      // Asterisk tells of it once more when the phone hangs up without having heard how it went.
      if (leg === undefined || leg.cause.q850 !== null) return;
      return transferRequested(desk, leg, event.refer_to);
    }
    case 'PeerStatusChange':
      return phoneHeard(desk, event.endpoint);
    case 'ChannelUserevent':
    case 'ApplicationReplaced':
    case 'RESTResponse':
      // The connection's own affairs.
      return;
    default:
      // A type that the filter let through, of an Asterisk newer than this model.
      event satisfies never;
  }
}

function arrived(desk: Desk, { channel, args }: AriModel['StasisStart']): void {
  if (isOutboundChannel(channel.id)) return desk.entering.get(channel.id)?.();
  if (desk.legs.byChannel.has(channel.id)) return;
  const leg = inboundLeg(channel, args, desk.settings);
  addLeg(desk.legs, leg);
  const { id, called, caller, trunk, phone } = leg;
  desk.emit({ type: 'leg.arrived', leg: id, called, caller, trunk, phone });
}

function dialled(desk: Desk, { peer, dialstatus }: AriModel['Dial']): void {
  const leg = desk.legs.byChannel.get(peer.id);
  if (leg === undefined || leg.direction !== 'outbound' || leg.answered) return;
  if (dialstatus === 'ANSWER') {
    leg.answered = true;
    desk.emit({ type: 'leg.answered', leg: leg.id });
  } else if ((dialstatus === 'RINGING' || dialstatus === 'PROGRESS') && !leg.ringing) {
    leg.ringing = true;
    desk.emit({ type: 'leg.ringing', leg: leg.id });
  }
}

function ended(desk: Desk, leg: Leg): void {
  const { bridge: left } = leg;
  const emptied = removeLeg(desk.legs, leg);
  refreshHolds(desk, left);
  if (leg.told) desk.emit({ type: 'leg.ended', leg: leg.id, cause: leg.cause });
  for (const bridge of emptied) endEmpty(desk, bridge);
}

const CHANNEL_URI = 'channel:';

function legOfTarget(desk: Desk, target: string): Leg | undefined {
  return target.startsWith(CHANNEL_URI)
    ? desk.legs.byChannel.get(target.slice(CHANNEL_URI.length))
    : undefined;
}

const BRIDGE_URI = 'bridge:';

/** The bridge whose recording is over; undefined: a leg's. */
function bridgeOfTarget(desk: Desk, target: string, recording: RecordingId): BridgeId | undefined {
  if (!target.startsWith(BRIDGE_URI)) return undefined;
  desk.bridgeRecordings.delete(recording);
  return asBridgeId(target.slice(BRIDGE_URI.length));
}

function cause(leg: Leg, q850: number | undefined, sip: number | undefined): LegCause {
  return {
    q850: q850 !== undefined && q850 >= 1 && q850 <= 127 ? q850 : null,
    // The final answer of a leg that was answered was 200.
    sip: !leg.answered && sip !== undefined && sip >= 300 && sip <= 699 ? sip : null,
  };
}

/** 16-bit samples at 8 kHz behind a header of 44 bytes. */
const BYTES_PER_MS = 16;
const HEADER_BYTES = 44;

/** Length of a stored recording by its file, since Asterisk counts whole seconds; undefined when we cannot see it. */
export function recordedMs(desk: Desk, name: string): number | undefined {
  const file = statSync(join(desk.settings.recordingsFolder, `${name}.wav`), { throwIfNoEntry: false });
  return file === undefined ? undefined : Math.max(0, Math.round((file.size - HEADER_BYTES) / BYTES_PER_MS));
}
