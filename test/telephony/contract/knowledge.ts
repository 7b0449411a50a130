import type { BridgeId, LegId, PlaybackId, RecordingId } from '../../../src/base/index.js';
import type { TelephonyCommand, TelephonyEvent } from '../../../src/telephony/port.js';
import type { Simulator } from '../../../src/telephony/simulator/index.js';

/** What a wrong exchange must know of the right one to be wrong at the right moment. */
export interface Knowledge {
  /** All legs that ever were, oldest first. */
  readonly legs: ReadonlySet<LegId>;
  readonly ended: ReadonlySet<LegId>;
  readonly answered: ReadonlySet<LegId>;
  readonly outbound: ReadonlySet<LegId>;
  readonly playbacks: ReadonlyMap<PlaybackId, LegId>;
  readonly recordings: ReadonlyMap<RecordingId, LegId>;
  readonly music: ReadonlySet<LegId>;
  readonly bridges: ReadonlyMap<BridgeId, readonly LegId[]>;
  /** Playbacks of the leg that run or wait, oldest first. */
  playing(leg: LegId): readonly PlaybackId[];
}

export function learn(simulator: Simulator): Knowledge {
  const legs = new Set<LegId>();
  const ended = new Set<LegId>();
  const answered = new Set<LegId>();
  const outbound = new Set<LegId>();
  const playbacks = new Map<PlaybackId, LegId>();
  const recordings = new Map<RecordingId, LegId>();
  const music = new Set<LegId>();
  const bridges = new Map<BridgeId, readonly LegId[]>();

  function commanded(command: TelephonyCommand): void {
    switch (command.type) {
      case 'originate':
        outbound.add(command.leg);
        legs.add(command.leg);
        break;
      case 'answer':
        answered.add(command.leg);
        break;
      case 'play':
        playbacks.set(command.playback, command.leg);
        music.delete(command.leg);
        break;
      case 'record':
        recordings.set(command.recording, command.leg);
        break;
      case 'start-music':
        music.add(command.leg);
        break;
      case 'stop-music':
        music.delete(command.leg);
        break;
      case 'bridge':
        bridges.set(command.bridge, [...(bridges.get(command.bridge) ?? []), ...command.legs]);
        break;
      case 'unbridge':
        bridges.delete(command.bridge);
        break;
      default:
    }
  }

  function happened(event: TelephonyEvent): void {
    switch (event.type) {
      case 'leg.arrived':
        legs.add(event.leg);
        break;
      case 'leg.answered':
        answered.add(event.leg);
        break;
      case 'leg.ended':
        ended.add(event.leg);
        break;
      case 'playback.finished':
        playbacks.delete(event.playback);
        break;
      case 'recording.finished':
      case 'recording.failed':
        recordings.delete(event.recording);
        break;
      default:
    }
  }

  simulator.observe((truth) => (truth.type === 'command' ? commanded(truth.command) : happened(truth.event)));
  return {
    legs,
    ended,
    answered,
    outbound,
    playbacks,
    recordings,
    music,
    bridges,
    playing: (leg) =>
      [...playbacks].flatMap(([playback, of]) => (of === leg && !ended.has(leg) ? [playback] : [])),
  };
}
