/** Pure. A call of ours to somebody who kept a place in a queue: from the dial until they wait on the line. */
import { asLegId, type CallId } from '../base/index.js';
import type { CommandOutcome, LegCause } from '../telephony/port.js';
import { keep, newCall } from './arrival.js';
import type { Call, CallDecision, CallSite } from './call.js';
import { ringGraceMs } from './dialing.js';
import { arm, command, type Draft, decisionOf, disarm, draftOf, set } from './draft.js';
import type { Termination } from './fact.js';
import type { CalledBack, KeptPlace } from './kept-place.js';
import { endLeg, hangUp, startFlow } from './stepping.js';
import { dialResultOf } from './termination.js';
import type { TicketEvent } from './ticket.js';

/** How long the end of a leg may take of which nobody knows whether it ever was. */
const goneMs = 2_000;

export interface Callback {
  readonly id: CallId;
  readonly place: KeptPlace;
  /** The service number that the caller had called. */
  readonly called: string;
  readonly trunk: string;
  /** The tries before this one are of the same call, whose ids go on from here; null: there was none. */
  readonly next: number | null;
}

/** Pure. The first decision of a call that calls somebody back: their phone is rung. */
export function startCallback(
  { id, place, called, trunk, next }: Callback,
  site: CallSite,
  at: number,
): CallDecision {
  const { number, exchange, language, languageChosen, flow } = place;
  // No exchange takes an id twice.
  const leg = asLegId(`${id}-l${next ?? 0}`);
  const draft = draftOf(newCall({ id, exchange, leg, callerNumber: number }, site, [language]), site, at);
  set(draft, {
    next: (next ?? 0) + 1,
    caller: { language, languageChosen, number },
    cases: place.case === null ? [] : [{ id: place.case, kind: 'request' }],
    calledBack: { place, state: 'dialling', keyed: false, talked: false },
  });
  const shown = (site.callbacks?.show ?? called).replace(/[^0-9+]/g, '');
  const ringMs = site.queues.get(place.queue)?.callback.ringMs ?? 25_000;
  const line = { trunk, leg, exchange, site: site.hash, flow };
  if (next === null) {
    const caller = { number: keep(draft, 'caller.number', 'number', number), name: null, withheld: false };
    draft.facts.push({
      type: 'call.placed',
      body: { ...line, number: called, caller, follows: place.contact },
    });
    if (languageChosen) draft.facts.push({ type: 'language.chosen', body: { language } });
  } else draft.facts.push({ type: 'call.redialled', body: line });
  draft.facts.push({
    type: 'ticket.dialled',
    body: { ticket: place.ticket, queue: place.queue, since: place.since },
  });
  if (next === null && place.case !== null)
    draft.facts.push({ type: 'case.linked', body: { case: place.case } });
  command(draft, {
    type: 'originate',
    leg,
    to: { type: 'number', number, trunk },
    callerNumber: shown === '' ? null : shown,
    ringMs,
  });
  arm(draft, 'callback', ringMs + ringGraceMs);
  return decisionOf(draft);
}

/** Whether nobody has answered yet. */
export function isDialling({ phase, calledBack }: Call): boolean {
  return phase === 'live' && (calledBack?.state === 'dialling' || calledBack?.state === 'ringing');
}

function goOn(draft: Draft, state: CalledBack['state']): void {
  const { calledBack } = draft.call;
  if (calledBack != null) set(draft, { calledBack: { ...calledBack, state } });
}

export function callbackRings(draft: Draft): void {
  if (isDialling(draft.call)) goOn(draft, 'ringing');
}

/** A person or a machine: the flow finds out. */
export function callbackAnswered(draft: Draft): void {
  const { calledBack, ending } = draft.call;
  if (!isDialling(draft.call) || calledBack == null) return;
  goOn(draft, 'answered');
  disarm(draft, 'callback');
  draft.facts.push({ type: 'call.answered', body: {} });
  // Picked up while we were letting go.
  if (ending !== null) return endLeg(draft, 'normal');
  startFlow(draft, calledBack.place.flow, calledBack.place.with, '');
}

export function noteKey(draft: Draft): void {
  const { calledBack } = draft.call;
  if (calledBack?.state === 'answered' && !calledBack.keyed)
    set(draft, { calledBack: { ...calledBack, keyed: true } });
}

/** The exchange should have ended a leg that nobody answers, and did not. */
export function callbackOverdue(draft: Draft): void {
  if (isDialling(draft.call)) hangUp(draft, 'failed', 'no-answer');
}

/** The leg could not be dialled, or nobody knows whether it was. It is never dialled again: nobody is rung twice. */
export function callbackNotDialled(draft: Draft, outcome: Exclude<CommandOutcome, { result: 'done' }>): void {
  const { call } = draft;
  const { calledBack } = call;
  const why = outcome.result === 'refused' ? outcome.why : 'unknown';
  draft.facts.push({ type: 'command.refused', body: { command: 'originate', why } });
  // One that rings was dialled.
  if (call.phase !== 'live' || calledBack?.state !== 'dialling') return;
  if (outcome.result === 'refused') {
    const { ticket } = calledBack.place;
    draft.messages.push({ type: 'miss-callback', ticket, counts: false, until: null });
    goOn(draft, 'over');
  }
  disarm(draft, 'callback');
  if (call.ending === null) hangUp(draft, 'failed', why);
  // Nothing tells the end of a leg that never was.
  arm(draft, 'gone', goneMs);
}

/** What the queue says of the place before its caller waits on the line; false: it is said of another. */
export function callbackTold(draft: Draft, event: TicketEvent): boolean {
  const { calledBack } = draft.call;
  if (calledBack == null || calledBack.place.ticket !== event.ticket || draft.call.ticket !== null)
    return event.type === 'ticket.offered' && event.kind === 'callback';
  const isOurs = calledBack.state !== 'over';
  switch (event.type) {
    case 'ticket.ended':
      goOn(draft, 'over');
      draft.facts.push({ type: 'ticket.ended', body: { ticket: event.ticket, result: event.result } });
      if (isOurs && draft.call.phase === 'live') hangUp(draft, 'failed', `callback-${event.result}`);
      return true;
    case 'ticket.postponed':
      goOn(draft, 'over');
      if (isOurs && draft.call.phase === 'live') hangUp(draft, 'failed', 'callback-postponed');
      return true;
    // Another agent is reserved, or none is any more: whoever answers is the first in line.
    case 'ticket.offered':
    case 'offer.cancelled':
      return event.type === 'offer.cancelled' || event.kind === 'callback';
    case 'ticket.queued':
    case 'place.told':
      return false;
    default:
      return event satisfies never;
  }
}

/** How a call ended that nobody answered; null: it was answered, or is none of ours. */
export function unansweredTermination(call: Call, cause: LegCause): Termination | null {
  if (!isDialling(call)) return null;
  if (cause.q850 === null && cause.sip === null)
    return { result: 'abandoned', reason: 'exchange-gone', by: 'exchange' };
  const reason = dialResultOf(cause);
  const byCaller = reason === 'busy' || reason === 'no-answer' || reason === 'rejected';
  return { result: 'abandoned', reason, by: byCaller ? 'caller' : 'network' };
}
