/** Pure. The call, copied with something changed in it: it has one for each decision, each commit, each outcome. */
import type { Call } from './call.js';

/** Every field, also those that a call may lack. */
type Whole<Of> = { readonly [Name in keyof Required<Of>]: Of[Name] };

/**
 * Pure. Written out, and so of one hidden class wherever it comes from: a spread gives one of its own for each place
 * in the code and each class that it copies, and copies of copies are without end to V8 (docs/decisions/0034).
 */
export function changedCall(call: Call, change: Partial<Call>): Call {
  const copy = {
    id: call.id,
    exchange: call.exchange,
    leg: call.leg,
    site: call.site,
    phase: call.phase,
    caller: call.caller,
    frames: call.frames,
    speaking: call.speaking,
    recording: call.recording,
    lookup: call.lookup,
    phones: call.phones,
    talk: call.talk,
    ticket: call.ticket,
    talkStep: call.talkStep,
    transfer: call.transfer,
    needs: call.needs,
    music: call.music,
    notice: call.notice,
    talkQueue: call.talkQueue,
    talkRecording: call.talkRecording,
    endedRecordings: call.endedRecordings,
    message: call.message,
    deadlines: call.deadlines,
    commands: call.commands,
    next: call.next,
    steps: call.steps,
    lastStep: call.lastStep,
    repeats: call.repeats,
    outcome: call.outcome,
    cases: call.cases,
    unheard: call.unheard,
    ending: call.ending,
    promise: call.promise ?? null,
    calledBack: call.calledBack ?? null,
    proving: call.proving ?? null,
    unwinding: call.unwinding ?? null,
  } satisfies Whole<Call>;
  return Object.assign(copy, change);
}
