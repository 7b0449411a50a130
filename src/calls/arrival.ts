/** Pure. A leg arrived: the first decision of a new call. */
import type { CallId, ExchangeId, UtcMs } from '../base/index.js';
import type { TelephonyEvent } from '../telephony/port.js';
import { unknownNumberFlow } from './announcement.js';
import type { Call, CallDecision, CallSite } from './call.js';
import { command, type Draft, decisionOf, draftOf, set } from './draft.js';
import { apologise, callerOf, endLeg, languagesOf, startFlow } from './stepping.js';

/** What whoever we cannot take now gets: nothing is spoken, the exchange rejects the leg. */
const congestion = { result: 'refused', reason: 'congestion', by: 'engine' } as const;

export interface Arrival {
  readonly id: CallId;
  readonly exchange: ExchangeId;
  readonly event: Extract<TelephonyEvent, { type: 'leg.arrived' }>;
  /** False: no room now; the leg is rejected and leaves a record. */
  readonly admitted: boolean;
}

/**
 * Pure. A leg arrived: the first decision of a new call.
 *
 * @param fault why the flow of the number cannot be begun: the caller gets the apology.
 */
export function startCall(
  { id, exchange, event, admitted }: Arrival,
  site: CallSite,
  at: UtcMs,
  fault: string | null = null,
): CallDecision {
  const called = serviceNumber(event.called);
  const { number, name, withheld } = event.caller;
  const flow = site.numbers.get(called) ?? unknownNumberFlow;
  const languages = languagesOf(site, flow);
  const call = newCall({ id, exchange, leg: event.leg, callerNumber: number }, site, languages);
  const draft = draftOf(call, site, at);
  const keys = {
    number: keep(draft, 'caller.number', 'number', number),
    name: keep(draft, 'caller.name', 'name', name),
    withheld,
  };
  if (called !== event.called) keep(draft, 'called.received', 'text', event.called);
  draft.facts.push({
    type: 'call.arrived',
    body: {
      number: called,
      trunk: event.trunk,
      leg: event.leg,
      exchange,
      site: site.hash,
      flow,
      caller: keys,
    },
  });
  if (!admitted) {
    set(draft, { ending: congestion });
    endLeg(draft, 'congestion');
    return decisionOf(draft);
  }
  command(draft, { type: 'answer', leg: event.leg });
  draft.facts.push({ type: 'call.answered', body: {} });
  if (fault === null) startFlow(draft, flow, {}, '');
  else {
    draft.facts.push({ type: 'flow.failed', body: { flow, why: fault } });
    apologise(draft, languages);
  }
  return decisionOf(draft);
}

/** Pure. A call of which nothing has happened yet; the first of the languages is spoken until another is chosen. */
export function newCall(
  {
    id,
    exchange,
    leg,
    callerNumber,
  }: Pick<Call, 'id' | 'exchange' | 'leg'> & { readonly callerNumber: string | null },
  site: CallSite,
  languages: readonly string[] = site.languages,
): Call {
  return {
    id,
    exchange,
    leg,
    site: site.hash,
    phase: 'live',
    caller: callerOf(callerNumber, languages),
    frames: [],
    speaking: null,
    recording: null,
    lookup: null,
    phones: [],
    talk: null,
    ticket: null,
    talkStep: null,
    transfer: null,
    needs: {},
    music: false,
    notice: null,
    talkQueue: null,
    talkRecording: null,
    endedRecordings: [],
    message: null,
    deadlines: [],
    commands: [],
    next: 1,
    steps: 0,
    lastStep: '',
    repeats: 0,
    outcome: null,
    cases: [],
    unheard: false,
    ending: null,
    // Stand there from the start: see `extended`.
    promise: null,
    calledBack: null,
    proving: null,
    unwinding: null,
  };
}

/** The dialled number as records may show it: what a telephone can dial, at most 32 characters. */
export function serviceNumber(called: string): string {
  return called.replace(/[^0-9A-D*#+]/g, '').slice(0, 32);
}

/** Puts a value into the side table; gives its name there, null for nothing. */
export function keep(
  draft: Draft,
  key: string,
  cls: 'number' | 'name' | 'text',
  body: string | null,
): string | null {
  if (body === null || body === '') return null;
  draft.personal.push({ key, class: cls, body });
  return key;
}
