/** A call while one decision is made: a private mutable copy and what has come out so far. */
import { asCommandId, type CommandId, type LegId, type RecordingId } from '../base/index.js';
import type { Call, CallDecision, CallMessage, CallSite, OutwardCommand, PersonalFact } from './call.js';
import { changedCall } from './changed-call.js';
import type { CallFact } from './fact.js';

export interface Draft {
  /** The draft's own copy: changed by {@link set} only. */
  readonly call: Call;
  readonly site: CallSite;
  readonly at: number;
  readonly facts: CallFact[];
  readonly commands: OutwardCommand[];
  readonly messages: CallMessage[];
  readonly personal: PersonalFact[];
}

export function draftOf(call: Call, site: CallSite, at: number): Draft {
  return { call: changedCall(call, {}), site, at, facts: [], commands: [], messages: [], personal: [] };
}

/** Closes the draft: settles the phase, and adds the new commands to those whose outcome is awaited. */
export function decisionOf(draft: Draft): CallDecision {
  const { facts, commands, messages, personal } = draft;
  if (commands.length > 0) set(draft, { commands: [...draft.call.commands, ...commands] });
  const { phase, phones, unwinding } = draft.call;
  if (unwinding) return { call: draft.call, facts, commands, messages, personal };
  const isStored = draft.call.endedRecordings.length === 0 && draft.call.talkRecording === null;
  if (phase === 'ending' && phones.length === 0 && isStored && draft.call.commands.length === 0)
    set(draft, { phase: 'over' });
  return { call: draft.call, facts, commands, messages, personal };
}

export function set(draft: Draft, change: Partial<Call>): void {
  Object.assign(draft.call, change);
}

/** A number that no other id of this call has. */
export function nextNumber(draft: Draft): number {
  const { next } = draft.call;
  set(draft, { next: next + 1 });
  return next;
}

export function command(draft: Draft, body: OutwardCommand['body']): CommandId {
  const id = asCommandId(`${draft.call.id}-c${nextNumber(draft)}`);
  draft.commands.push({ id, body });
  return id;
}

/** The frame of deadlines that are the call's own, not a flow's. */
export const own = -1;

/**
 * What the call itself waits for: a source that answers (`lookup`), an agent in time (`ticket`, and of the queue of a transfer `transfer`), a message's fate
 * (`message`), a caller's leg that we end (`hang-up`), the end of one that the exchange no longer has (`gone`), a
 * prompt whose end is never told (`spoken`), somebody who is called back and does not answer (`callback`), a recording of
 * a talk whose end is told (`recorded`); and of each phone what {@link PhoneDeadline} names.
 */
type OwnDeadline =
  | `${PhoneDeadline}/${LegId}`
  | `recorded/${RecordingId}`
  | 'lookup'
  | 'ticket'
  | 'transfer'
  | 'message'
  | 'hang-up'
  | 'gone'
  | 'callback'
  | 'spoken';

/** A phone decides (`ring`), hears who waits (`briefing`), was let go and ends (`let-go`), presses the next key of a code (`keys`). */
export type PhoneDeadline = 'ring' | 'briefing' | 'let-go' | 'keys';

/** Arms a deadline of the call's own; one of the same id is replaced. */
export function arm(draft: Draft, id: OwnDeadline, delayMs: number): void {
  disarm(draft, id);
  const deadline = { id, frame: own, at: draft.at + delayMs, event: `${id}-overdue` };
  set(draft, { deadlines: [...draft.call.deadlines, deadline] });
}

export function disarm(draft: Draft, id: OwnDeadline): void {
  set(draft, { deadlines: draft.call.deadlines.filter((other) => other.id !== id || other.frame !== own) });
}

/** All that the call waits for has so much more time. */
export function postpone(draft: Draft, ms: number): void {
  const { deadlines, speaking } = draft.call;
  set(draft, {
    deadlines: deadlines.map((deadline) => ({ ...deadline, at: deadline.at + ms })),
    speaking: speaking === null ? null : { ...speaking, since: speaking.since + ms },
  });
}
