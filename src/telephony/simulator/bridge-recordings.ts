import type { Alarm, BridgeId, RecordingId, Scheduler, UtcMs } from '../../base/index.js';
import type { TelephonyCommand, TelephonyEvent } from '../port.js';

type Order = Extract<TelephonyCommand, { type: 'record-bridge' }>;

/** What is recorded of bridges: from the command to the end of the bridge, pauses left out. */
export interface BridgeRecordings {
  start(order: Order): void;
  /** False: no such recording runs. */
  pause(recording: RecordingId, on: boolean): boolean;
  stop(recording: RecordingId): void;
  /** The bridge is over. */
  bridgeEnded(bridge: BridgeId): void;
  records(recording: RecordingId): boolean;
  /** The exchange died: nothing is kept. */
  clear(): void;
}

export interface BridgeRecordingsParts {
  readonly scheduler: Scheduler;
  readonly store: (recording: RecordingId, durationMs: number) => void;
  readonly emit: (event: TelephonyEvent) => void;
}

interface Running {
  readonly bridge: BridgeId;
  /** Recorded until the last pause. */
  recordedMs: number;
  leftMs: number;
  /** Null while it is paused. */
  since: { readonly at: UtcMs; readonly end: Alarm } | null;
}

export function createBridgeRecordings({ scheduler, store, emit }: BridgeRecordingsParts): BridgeRecordings {
  const live = new Map<RecordingId, Running>();

  function run(recording: RecordingId, running: Running): void {
    const at = scheduler.now();
    running.since = { at, end: scheduler.at(at + running.leftMs, () => stop(recording)) };
  }

  function halt(running: Running): void {
    if (running.since === null) return;
    running.since.end.cancel();
    const ms = scheduler.now() - running.since.at;
    running.recordedMs += ms;
    running.leftMs -= ms;
    running.since = null;
  }

  function stop(recording: RecordingId): void {
    const running = live.get(recording);
    if (running === undefined) return;
    halt(running);
    live.delete(recording);
    store(recording, running.recordedMs);
    emit({ type: 'bridge.recorded', bridge: running.bridge, recording, durationMs: running.recordedMs });
  }

  return {
    start({ bridge, recording, maxMs }) {
      const running: Running = { bridge, recordedMs: 0, leftMs: maxMs, since: null };
      live.set(recording, running);
      run(recording, running);
    },
    pause(recording, on) {
      const running = live.get(recording);
      if (running === undefined) return false;
      if (on) halt(running);
      else if (running.since === null) run(recording, running);
      return true;
    },
    stop,
    bridgeEnded(bridge) {
      for (const [recording, running] of live) if (running.bridge === bridge) stop(recording);
    },
    records: (recording) => live.has(recording),
    clear() {
      for (const running of live.values()) running.since?.end.cancel();
      live.clear();
    },
  };
}
