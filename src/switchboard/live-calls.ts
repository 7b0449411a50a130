/** The calls that are live, their legs and their alarms. */
import type { Alarm, CallId, RecordingId, Scheduler } from '../base/index.js';
import { type Deadline, recordingsOf } from '../calls/index.js';
import { type LiveCall, legsOf, nextDue } from './live-call.js';

export interface CallEntry {
  live: LiveCall;
  alarm: Alarm | null;
  /** When the alarm goes; later deadlines re-arm lazily. */
  alarmAt: number;
  /** Turns that still wait for the disk. */
  waiting: number;
  /** Commands of those turns: they have not left. */
  readonly unsent: Set<string>;
}

export interface LiveCallsParts {
  readonly scheduler: Scheduler;
  readonly isHalted: () => boolean;
  /** A deadline has come; false: the turn could not be run. */
  readonly onDue: (id: CallId, deadline: Deadline) => boolean;
  /** No call is live any more. */
  readonly onEmpty: () => void;
}

export interface LiveCalls {
  readonly size: number;
  get(id: CallId): CallEntry | undefined;
  has(id: CallId): boolean;
  entries(): Iterable<CallEntry>;
  ofLeg(leg: string): CallId | undefined;
  /** The call in which a talk is, or was, recorded under that id. */
  ofRecording(recording: RecordingId): CallId | undefined;
  /** Whether the leg is a live call's, or ended lately. */
  knows(leg: string): boolean;
  /** Takes a call's new state into memory, with its legs and its alarm. */
  take(live: LiveCall): CallEntry;
  /** Takes a call on from the journal. Its alarm is armed when the exchange has told what happened meanwhile. */
  restore(live: LiveCall): void;
  forgetLeg(leg: string): void;
  /** Sets the alarm of a call to its next deadline. */
  arm(entry: CallEntry): void;
  /** No alarm goes any more. */
  close(): void;
}

/** Legs that ended lately, so that an inventory taken before does not bring them back. */
const rememberedLegs = 2_000;

export function createLiveCalls({ scheduler, isHalted, onDue, onEmpty }: LiveCallsParts): LiveCalls {
  const calls = new Map<CallId, CallEntry>();
  const callOfLeg = new Map<string, CallId>();
  const endedLegs = new Set<string>();

  function take(live: LiveCall): CallEntry {
    const { id } = live.call;
    const entry = calls.get(id) ?? newEntry(live);
    const before = legsOf(entry.live.call);
    entry.live = live;
    const after = legsOf(live.call);
    for (const leg of after) callOfLeg.set(leg, id);
    for (const leg of before) if (!after.includes(leg)) forgetLeg(leg);
    if (live.call.phase === 'over') {
      entry.alarm?.cancel();
      entry.alarm = null;
      calls.delete(id);
      if (calls.size === 0) onEmpty();
    } else {
      calls.set(id, entry);
      arm(entry);
    }
    return entry;
  }

  function forgetLeg(leg: string): void {
    callOfLeg.delete(leg);
    endedLegs.add(leg);
    if (endedLegs.size > rememberedLegs) endedLegs.delete(endedLegs.values().next().value ?? leg);
  }

  function arm(entry: CallEntry): void {
    const { id } = entry.live.call;
    const due = nextDue(entry.live.call);
    // An alarm that is too early finds nothing due and arms again: cheaper than moving it with every key.
    if (due === null || (entry.alarm !== null && entry.alarmAt <= due)) return;
    entry.alarm?.cancel();
    entry.alarmAt = due;
    entry.alarm = scheduler.at(due, () => {
      entry.alarm = null;
      ring(id);
    });
  }

  function ring(id: CallId): void {
    const now = scheduler.now();
    for (;;) {
      const entry = calls.get(id);
      // While what it decided has not left, the call's time stands still.
      if (entry === undefined || isHalted() || entry.unsent.size > 0) return;
      const due = entry.live.call.deadlines.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) return arm(entry);
      if (!onDue(id, due)) return;
    }
  }

  return {
    get size() {
      return calls.size;
    },
    get: (id) => calls.get(id),
    has: (id) => calls.has(id),
    entries: () => calls.values(),
    ofLeg: (leg) => callOfLeg.get(leg),
    ofRecording(recording) {
      for (const { live } of calls.values())
        if (recordingsOf(live.call).includes(recording)) return live.call.id;
      return undefined;
    },
    knows: (leg) => callOfLeg.has(leg) || endedLegs.has(leg),
    take,
    restore(live) {
      const { id } = live.call;
      calls.set(id, newEntry(live));
      for (const leg of legsOf(live.call)) callOfLeg.set(leg, id);
    },
    forgetLeg,
    arm,
    close() {
      for (const { alarm } of calls.values()) alarm?.cancel();
    },
  };
}

function newEntry(live: LiveCall): CallEntry {
  return { live, alarm: null, alarmAt: 0, waiting: 0, unsent: new Set() };
}
