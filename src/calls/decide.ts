/** Pure. Decides what one event does to one call. */
import { asLegId, type LegId, type UtcMs } from '../base/index.js';
import type { LegCause } from '../telephony/port.js';
import type { Call, CallDecision, CallEvent, CallSite } from './call.js';
import {
  callbackAnswered,
  callbackOverdue,
  callbackRings,
  noteKey,
  unansweredTermination,
} from './calling-back.js';
import {
  dropCommandsOf,
  dropPhone,
  endPhone,
  isAwaited,
  isTalking,
  isUp,
  letGo,
  phoneAt,
} from './dialing.js';
import { type Draft, decisionOf, draftOf, own, type PhoneDeadline, postpone, set } from './draft.js';
import { isPromised } from './keeping-place.js';
import { playbackFinished, recorded, recordingFailed, spokenOverdue } from './media-events.js';
import { messageSettled, messagesOverdue } from './messaging.js';
import {
  bridgeLost,
  letGoAgain,
  phoneAnswered,
  phoneGone,
  phoneHolds,
  phoneRings,
  putTogether,
  ringOverdue,
} from './phone-events.js';
import { attemptJudged, lookedUp } from './proving.js';
import { endTicket } from './queueing.js';
import { keepRecording } from './recording.js';
import { settled } from './settling.js';
import { dropFlows, endLeg, fail, feed, hangUp, leaveFlows, renew, tell } from './stepping.js';
import {
  followTalk,
  pauseTalkRecording,
  recordingOverdue,
  talkRecorded,
  talkRecordFailed,
} from './talk-recording.js';
import { terminationOf } from './termination.js';
import { ticketOver, ticketTold } from './ticket-events.js';
import { forget, phoneDialled, phoneKey, transferAsked } from './transfer-keys.js';
import { abandonTransfer } from './transfer-state.js';
import { transferOverdue } from './transferring.js';

/** Pure. One event in the life of a call; the first is {@link startCall}'s. */
export function decideCall(call: Call, event: CallEvent, site: CallSite, at: UtcMs): CallDecision {
  const draft = draftOf(call, site, at);
  take(draft, event);
  followTalk(draft);
  return decisionOf(draft);
}

/** Pure. A decision about the call failed: the caller gets the apology and what the site offers after it. */
export function rescueCall(call: Call, why: string, site: CallSite, at: UtcMs): CallDecision {
  const draft = draftOf(call, site, at);
  if (call.unwinding) dropFlows(draft);
  else if (call.phase === 'live') fail(draft, call.frames[0]?.flow ?? '', why);
  followTalk(draft);
  return decisionOf(draft);
}

function take(draft: Draft, event: CallEvent): void {
  const { call } = draft;
  switch (event.type) {
    case 'leg.ringing':
      if (event.leg === call.leg) return callbackRings(draft);
      return phoneRings(draft, event.leg);
    case 'leg.answered':
      if (event.leg === call.leg) return callbackAnswered(draft);
      return phoneAnswered(draft, event.leg);
    case 'leg.ended':
      if (event.leg === call.leg) return callerGone(draft, event.cause);
      return phoneGone(draft, event.leg, event.cause);
    case 'key.pressed':
      // While people talk, keys are theirs; at a phone of the site they may move the caller.
      if (event.leg !== call.leg) return phoneKey(draft, event.leg, event.key);
      if (call.talkStep === null && !isTalking(call)) {
        noteKey(draft);
        feed(draft, { type: 'key', key: event.key });
      }
      return;
    case 'playback.finished':
      return playbackFinished(draft, event.playback, event.result);
    case 'recording.finished':
      return recorded(draft, event.recording, event.durationMs);
    case 'recording.failed':
      return recordingFailed(draft, event.recording);
    case 'talk.recorded':
      return talkRecorded(draft, event.recording, event.durationMs);
    case 'talk.record-failed':
      return talkRecordFailed(draft, event.recording, event.why);
    case 'recording.asked':
      return pauseTalkRecording(draft, event.agent, event.on, event.by);
    case 'transfer.requested':
      return transferAsked(draft, event);
    case 'leg.held':
    case 'leg.unheld':
      return phoneHolds(draft, event.leg, event.type === 'leg.held');
    case 'lookup.answered':
      return tell(draft, lookedUp(draft, event));
    case 'attempt.judged':
      return tell(draft, attemptJudged(draft, event));
    case 'ticket.queued':
    case 'place.told':
    case 'ticket.postponed':
    case 'ticket.offered':
    case 'offer.cancelled':
    case 'ticket.ended':
      return ticketTold(draft, event);
    case 'message.settled':
      return tell(draft, messageSettled(draft, event.command, event.outcome));
    case 'deadline.due':
      return due(draft, event.id, event.frame);
    case 'command.settled':
      return settled(draft, event);
    case 'bridge.lost':
      return bridgeLost(draft, event.bridge);
    case 'phone.dialled':
      return phoneDialled(draft, event);
    case 'engine.stopping':
      if (call.phase === 'live') hangUp(draft, 'failed', 'engine-stopped');
      return;
    case 'case.opened':
      set(draft, { cases: [...call.cases, { id: event.case.id, kind: event.case.kind }] });
      draft.facts.push({ type: 'case.linked', body: { case: event.case.id } });
      return feed(draft, { type: 'case-opened', reference: event.case.reference });
    case 'call.held':
      if (call.phase === 'live')
        draft.facts.push({ type: 'call.marked', body: { mark: 'journal-degraded' } });
      return postpone(draft, event.ms);
    case 'call.resumed':
      draft.facts.push({ type: 'call.resumed', body: {} });
      renew(draft);
      return feed(draft, { type: 'resumed' });
    default:
      return unknownEvent(event);
  }
}

function due(draft: Draft, id: string, frame: number): void {
  const deadline = draft.call.deadlines.find((other) => other.id === id && other.frame === frame);
  if (deadline === undefined) return;
  set(draft, { deadlines: draft.call.deadlines.filter((other) => other !== deadline) });
  if (frame === own) return ownDue(draft, id);
  // Only the flow on top has anything to wait for.
  if (frame === draft.call.frames.length - 1) feed(draft, { type: 'timer', event: deadline.event });
}

function ownDue(draft: Draft, id: string): void {
  const { phase, ending, calledBack, leg } = draft.call;
  const [what, phone] = id.split('/');
  if (phone !== undefined && what === 'recorded') return recordingOverdue(draft, phone);
  if (phone !== undefined) return phoneDue(draft, what as PhoneDeadline, asLegId(phone));
  switch (id) {
    case 'lookup':
      return lookupOverdue(draft);
    case 'ticket':
      return ticketOver(draft, 'no-answer', false);
    case 'transfer':
      return transferOverdue(draft);
    case 'message':
      return tell(draft, messagesOverdue(draft));
    case 'hang-up':
      // A leg of ours that was ended, and never told: it never was. What is left of it is a stray, cleared away as such.
      if (calledBack != null && !isAwaited(draft, 'hang-up', leg))
        return callerGone(draft, { q850: null, sip: null });
      if (phase === 'live' && ending !== null)
        endLeg(draft, ending.reason === 'congestion' ? 'congestion' : 'normal');
      return;
    case 'callback':
      return callbackOverdue(draft);
    case 'gone':
      return callerGone(draft, { q850: null, sip: null });
    case 'spoken':
      return spokenOverdue(draft);
    default:
      return;
  }
}

function phoneDue(draft: Draft, what: PhoneDeadline, leg: LegId): void {
  const phone = phoneAt(draft.call, leg);
  if (phone === null) return;
  switch (what) {
    case 'ring':
      return ringOverdue(draft, phone);
    case 'briefing':
      if (phone.state === 'briefing') putTogether(draft, phone);
      else if (phone.second === true) letGo(draft, phone, 'normal');
      return;
    case 'keys':
      forget(draft, phone);
      return;
    case 'let-go':
      if (phone.state !== 'ending') return;
      if (isAwaited(draft, 'hang-up', leg)) return letGoAgain(draft, phone);
      // It never rang, or its end was never told. Whatever is left of it is a stray, cleared away as such.
      return dropPhone(draft, leg);
    default:
      return what satisfies never;
  }
}

/** A source should have answered, or failed, within its time, and did neither. */
function lookupOverdue(draft: Draft): void {
  const { lookup } = draft.call;
  if (lookup === null) return;
  const { command: id } = lookup;
  const answer = { result: 'failed', why: 'overdue' } as const;
  tell(draft, lookedUp(draft, { type: 'lookup.answered', command: id, answer }));
}

function callerGone(draft: Draft, cause: LegCause): void {
  const { call } = draft;
  if (call.phase !== 'live') return;
  dropCommandsOf(draft, call.leg);
  const termination = call.ending ?? unansweredTermination(call, cause) ?? terminationOf(cause, call.outcome);
  // Nothing that was said is lost.
  keepRecording(draft);
  if (call.ticket?.state !== 'connected' && !isPromised(call)) endTicket(draft, 'caller-gone');
  abandonTransfer(draft, 'caller-gone');
  const awaited = draft.call.deadlines.filter(
    ({ frame, id }) =>
      frame === own && (id.startsWith('let-go/') || id.startsWith('recorded/') || id === 'message'),
  );
  set(draft, {
    phase: 'ending',
    deadlines: awaited,
    speaking: null,
    recording: null,
    lookup: null,
    music: false,
    message: null,
  });
  for (const phone of draft.call.phones)
    if (phone.state !== 'ending')
      endPhone(draft, phone, isUp(phone) ? 'talked' : 'caller-gone', 'caller-gone');
  leaveFlows(draft, { type: 'close', termination });
}

function unknownEvent(event: never): never {
  throw new TypeError(`No decision for ${JSON.stringify(event)}.`);
}
