/** Pure. Decides what one event does to one call. */
import { asBridgeId, type CallId, type ExchangeId, type UtcMs } from '../base/index.js';
import type { FlowEvent } from '../flows/index.js';
import type { LegCause, TelephonyEvent } from '../telephony/port.js';
import { unknownNumberFlow } from './announcement.js';
import type { Call, CallDecision, CallEvent, CallSite, Dial } from './call.js';
import { brief, connect, isReaching } from './briefing.js';
import {
  arm,
  command,
  type Draft,
  decisionOf,
  disarm,
  draftOf,
  nextNumber,
  own,
  postpone,
  set,
} from './draft.js';
import { hush, ringback, spoken, standIn } from './speaking.js';
import {
  apologise,
  callerOf,
  dialEnded,
  dropFlows,
  endLeg,
  fail,
  feed,
  hangUp,
  isAwaited,
  keepRecording,
  languagesOf,
  leaveFlows,
  letGo,
  renew,
  ringPhone,
  startFlow,
} from './stepping.js';
import { messageSettled, messagesOverdue } from './messaging.js';
import { endTicket, ticketQueued } from './queueing.js';
import { attemptJudged, lookedUp } from './proving.js';
import { dialResultOf, terminationOf } from './termination.js';
import type { Offer, TicketEvent, TicketRefusal } from './ticket.js';

/** What is spoken to whoever we cannot take now: nothing; the exchange rejects the leg. */
/** How long the end of a leg may take that a command did not find any more. */
const goneMs = 2_000;

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
    dial: null,
    ticket: null,
    music: false,
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
    proving: null,
    unwinding: null,
  };
}

/** Pure. One event in the life of a call; the first is {@link startCall}'s. */
export function decideCall(call: Call, event: CallEvent, site: CallSite, at: UtcMs): CallDecision {
  const draft = draftOf(call, site, at);
  take(draft, event);
  return decisionOf(draft);
}

/** Pure. A decision about the call failed: the caller gets the apology and what the site offers after it. */
export function rescueCall(call: Call, why: string, site: CallSite, at: UtcMs): CallDecision {
  const draft = draftOf(call, site, at);
  if (call.unwinding) dropFlows(draft);
  else if (call.phase === 'live') fail(draft, call.frames[0]?.flow ?? '', why);
  return decisionOf(draft);
}

/** Pure. The call without a command that was carried out. Not worth a turn: at a restart it counts as unknown. */
export function withoutCommand(call: Call, id: string): Call {
  return { ...call, commands: call.commands.filter((other) => other.id !== id) };
}

/** Pure. Whether a command of unknown fate still has anything to bring about. */
export function isWanted(call: Call, { id, body }: Call['commands'][number]): boolean {
  switch (body.type) {
    case 'answer':
      return call.phase === 'live' && call.ending === null;
    case 'play':
      return call.speaking?.playback === body.playback || call.dial?.briefing === body.playback;
    case 'record':
      return call.recording?.id === body.recording && call.recording.ms === null;
    case 'originate':
      return call.dial?.leg === body.leg && call.dial.state === 'ringing';
    case 'bridge':
      return call.dial?.bridge === body.bridge && call.dial.state === 'talking';
    case 'look-up':
      return call.lookup?.command === id;
    case 'start-music':
      return call.music;
    case 'stop-music':
      return !call.music;
    default:
      return true;
  }
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

function take(draft: Draft, event: CallEvent): void {
  const { call } = draft;
  switch (event.type) {
    case 'leg.ringing':
      if (call.dial?.leg === event.leg && call.dial.state === 'ending') return letGoAgain(draft, call.dial);
      if (call.dial?.leg === event.leg && call.dial.state === 'ringing') phoneRings(draft, call.dial);
      return;
    case 'leg.answered':
      return phoneAnswered(draft, event.leg);
    case 'leg.ended':
      if (event.leg === call.leg) return callerGone(draft, event.cause);
      return phoneGone(draft, event.leg, event.cause);
    case 'key.pressed':
      // While two people talk, keys are theirs.
      if (event.leg === call.leg && call.dial?.state !== 'talking')
        feed(draft, { type: 'key', key: event.key });
      return;
    case 'playback.finished':
      return playbackFinished(draft, event.playback, event.result);
    case 'recording.finished':
      return recorded(draft, event.recording, event.durationMs);
    case 'recording.failed':
      if (call.recording?.id !== event.recording) return;
      set(draft, { recording: null });
      return feed(draft, { type: 'record-failed' });
    case 'transfer.requested':
      // Nobody is moved yet; a phone that is not answered would wait.
      command(draft, { type: 'answer-transfer', leg: event.leg, result: 'declined' });
      return;
    case 'leg.held':
    case 'leg.unheld':
      return phoneHolds(draft, event.leg, event.type === 'leg.held');
    case 'lookup.answered':
      return tell(draft, lookedUp(draft, event));
    case 'attempt.judged':
      return tell(draft, attemptJudged(draft, event));
    case 'ticket.queued':
    case 'place.told':
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
      return bridgeLost(draft);
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

function playbackFinished(draft: Draft, playback: string, result: 'done' | 'failed'): void {
  const { speaking, dial } = draft.call;
  // Also where it could not be played: who waits is more than what is said of it.
  if (dial?.state === 'briefing' && dial.briefing === playback) return putTogether(draft, dial);
  if (speaking?.playback !== playback) return;
  spoken(draft);
  if (result === 'failed') {
    draft.facts.push({ type: 'prompt.failed', body: {} });
    if (!speaking.standIn) return standIn(draft);
  }
  feed(draft, { type: 'spoken' });
}

function recorded(draft: Draft, recording: string, ms: number): void {
  const { call } = draft;
  if (call.recording?.id !== recording || call.recording.ms !== null) return;
  set(draft, { recording: { ...call.recording, ms } });
  feed(draft, { type: 'recorded', recording, ms });
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
  const { dial, phase, ending } = draft.call;
  switch (id) {
    case 'ring':
      return ringOverdue(draft);
    case 'briefing':
      if (dial?.state === 'briefing') putTogether(draft, dial);
      return;
    case 'lookup':
      return lookupOverdue(draft);
    case 'ticket':
      return ticketOver(draft, 'no-answer', false);
    case 'message':
      return tell(draft, messagesOverdue(draft));
    case 'let-go':
      if (dial?.state !== 'ending') return;
      if (isAwaited(draft, 'hang-up', dial.leg)) return letGoAgain(draft, dial);
      // It never rang, or its end was never told. Whatever is left of it is a stray, cleared away as such.
      return set(draft, { dial: null });
    case 'hang-up':
      if (phase === 'live' && ending !== null)
        endLeg(draft, ending.reason === 'congestion' ? 'congestion' : 'normal');
      return;
    case 'gone':
      return callerGone(draft, { q850: null, sip: null });
    case 'spoken':
      return spokenOverdue(draft);
    default:
      return;
  }
}

/** The exchange should have told the end of a prompt, and did not: the caller must not wait for ever. */
function spokenOverdue(draft: Draft): void {
  const { speaking } = draft.call;
  if (speaking === null) return;
  draft.facts.push({ type: 'prompt.overdue', body: {} });
  hush(draft);
  feed(draft, { type: 'spoken' });
}

function tell(draft: Draft, event: FlowEvent | null): void {
  if (event !== null) feed(draft, event);
}

function ticketTold(draft: Draft, event: TicketEvent): void {
  const { ticket, dial } = draft.call;
  switch (event.type) {
    case 'ticket.queued':
      if (ticketQueued(draft, event.ticket)) feed(draft, { type: 'queue-waiting' });
      return;
    case 'place.told': {
      const { type: _, ...place } = event;
      if (ticket?.id !== place.ticket) return;
      draft.facts.push({ type: 'place.told', body: place });
      const { position, waitMs } = place;
      return feed(draft, { type: 'place-told', position, waitMs });
    }
    case 'ticket.ended':
      if (ticket?.id === event.ticket && ticket.state !== 'connected') ticketOver(draft, event.result, true);
      return;
    case 'ticket.offered': {
      const offer = { ticket: event.ticket, agent: event.agent };
      const free = dial === null || dial.state === 'ending';
      if (ticket?.id === event.ticket && ticket.state === 'waiting' && free)
        return ringPhone(draft, event.phone, event.ringMs, offer);
      // Nobody is offered a caller who is gone; the agent must hear of it.
      const gone = ticket?.id !== event.ticket;
      draft.messages.push({ type: 'offer-ended', ...offer, result: gone ? 'caller-gone' : 'failed' });
      return;
    }
    case 'offer.cancelled':
      if (dial === null || !isReaching(draft.call) || !isOffer(dial, event)) return;
      letGo(draft, dial, 'normal');
      draft.facts.push({ type: 'dial.ended', body: { leg: dial.leg, result: 'cancelled' } });
      return;
    default:
      return unknownEvent(event);
  }
}

function isOffer({ offer }: Dial, { ticket, agent }: Offer): boolean {
  return offer?.ticket === ticket && offer.agent === agent;
}

function phoneRings(draft: Draft, { leg, offer }: Dial): void {
  draft.facts.push({ type: 'dial.rang', body: { leg } });
  if (offer !== undefined) draft.messages.push({ type: 'offer-rang', ...offer });
}

/** While two talk, either phone may put the other on hold; the exchange plays the music. */
function phoneHolds(draft: Draft, leg: string, held: boolean): void {
  const { dial, leg: caller } = draft.call;
  if (dial?.state !== 'talking' || (leg !== dial.leg && leg !== caller)) return;
  draft.facts.push({ type: held ? 'leg.held' : 'leg.unheld', body: { leg } });
  if (leg === dial.leg && dial.offer !== undefined)
    draft.messages.push({ type: 'talk-held', ...dial.offer, held });
}

/** The wait is over without an agent. */
function ticketOver(draft: Draft, result: TicketRefusal, byQueue: boolean): void {
  const { dial } = draft.call;
  if (dial?.offer !== undefined && isReaching(draft.call)) {
    letGo(draft, dial, 'normal');
    dialEnded(draft, dial, 'caller-gone');
  }
  if (!endTicket(draft, result, byQueue)) return;
  // No flow waits for two tickets: to it, one that another took the place of has failed.
  feed(draft, { type: 'queue-ended', result: result === 'replaced' ? 'failed' : result });
}

/** A phone that was let go, and rings or is picked up all the same. */
function letGoAgain(draft: Draft, dial: Dial): void {
  letGo(draft, dial, 'normal');
}

/** A source should have answered, or failed, within its time, and did neither. */
function lookupOverdue(draft: Draft): void {
  const { lookup } = draft.call;
  if (lookup === null) return;
  const { command: id } = lookup;
  const answer = { result: 'failed', why: 'overdue' } as const;
  tell(draft, lookedUp(draft, { type: 'lookup.answered', command: id, answer }));
}

/** The exchange should have ended a phone that nobody picks up, and did not. */
function ringOverdue(draft: Draft): void {
  const { dial } = draft.call;
  if (dial?.state !== 'ringing') return;
  letGo(draft, dial, 'no-answer');
  dialOver(draft, dial, 'no-answer');
}

function phoneAnswered(draft: Draft, leg: string): void {
  const { dial, phase } = draft.call;
  if (dial?.leg === leg && dial.state === 'ending') return letGoAgain(draft, dial);
  if (dial?.leg !== leg || dial.state !== 'ringing' || phase !== 'live') return;
  disarm(draft, 'ring');
  if (dial.offer !== undefined) draft.messages.push({ type: 'offer-answered', ...dial.offer });
  if (!brief(draft, dial)) putTogether(draft, dial);
}

function putTogether(draft: Draft, dial: Dial): void {
  connect(draft, dial);
  const { ticket } = draft.call;
  if (dial.offer === undefined || ticket == null) return feed(draft, { type: 'dial-answered' });
  set(draft, { ticket: { ...ticket, state: 'connected' } });
  disarm(draft, 'ticket');
  draft.facts.push({ type: 'ticket.connected', body: dial.offer });
  feed(draft, { type: 'queue-connected' });
}

function phoneGone(draft: Draft, leg: string, cause: LegCause): void {
  const { dial } = draft.call;
  if (dial?.leg !== leg) return;
  dropCommandsOf(draft, leg);
  if (dial.bridge !== null) command(draft, { type: 'unbridge', bridge: dial.bridge });
  set(draft, { dial: null });
  disarm(draft, 'ring');
  disarm(draft, 'briefing');
  disarm(draft, 'let-go');
  if (dial.state === 'ending') return;
  // An agent who hangs up while being told who waits has turned the caller down.
  const unheard = dial.state === 'briefing' ? 'rejected' : dialResultOf(cause);
  dialOver(draft, dial, dial.state === 'talking' ? 'talked' : unheard);
}

function dialOver(draft: Draft, dial: Dial, result: ReturnType<typeof dialResultOf> | 'talked'): void {
  const connected = draft.call.ticket?.state === 'connected';
  if (dial.offer === undefined || connected) hush(draft);
  dialEnded(draft, dial, result);
  if (dial.offer === undefined) return feed(draft, { type: 'dial-ended', result });
  // An agent who was not reached costs the caller nothing: the ticket waits on, with its age.
  if (!connected) return;
  const ended = result === 'talked' ? 'talked' : 'failed';
  endTicket(draft, ended);
  feed(draft, { type: 'queue-ended', result: ended });
}

function callerGone(draft: Draft, cause: LegCause): void {
  const { call } = draft;
  if (call.phase !== 'live') return;
  dropCommandsOf(draft, call.leg);
  const termination = call.ending ?? terminationOf(cause, call.outcome);
  // Nothing that was said is lost.
  keepRecording(draft);
  endTicket(draft, 'caller-gone');
  const { dial } = call;
  const awaited = call.deadlines.filter(
    ({ frame, id }) => frame === own && (id === 'let-go' || id === 'message'),
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
  if (dial !== null && dial.state !== 'ending') {
    letGo(draft, dial, 'normal');
    dialEnded(draft, dial, dial.state === 'talking' ? 'talked' : 'caller-gone');
  }
  leaveFlows(draft, { type: 'close', termination });
}

/** Commands for a leg that is gone have nothing left to do. Those made in this turn too. */
function dropCommandsOf(draft: Draft, leg: string): void {
  const live = (body: Call['commands'][number]['body']): boolean =>
    body.type === 'look-up' ? draft.call.leg !== leg : !('leg' in body) || body.leg !== leg;
  set(draft, { commands: draft.call.commands.filter(({ body }) => live(body)) });
}

function settled(
  draft: Draft,
  { command: id, outcome }: Extract<CallEvent, { type: 'command.settled' }>,
): void {
  const { call } = draft;
  const found = call.commands.find((other) => other.id === id);
  if (found === undefined) return;
  if (found.body.type === 'send-message') {
    // Whether it was sent, nobody knows any more, and it is not sent twice.
    return tell(draft, messageSettled(draft, id, { result: 'unknown', why: 'engine away' }));
  }
  set(draft, { commands: call.commands.filter((other) => other !== found) });
  if (outcome.result === 'done') return;
  const { body } = found;
  if (body.type === 'originate' && call.dial?.leg === body.leg && call.dial.state === 'ending') {
    // The phone that was let go never rang.
    if (outcome.result === 'refused' && outcome.why !== 'duplicate') set(draft, { dial: null });
    return;
  }
  const why = outcome.result === 'refused' ? outcome.why : 'unknown';
  if (why === 'duplicate') return;
  draft.facts.push({ type: 'command.refused', body: { command: body.type, why } });
  if (call.phase !== 'live') {
    if (call.dial !== null && body.type === 'hang-up' && why === 'no-such-leg') set(draft, { dial: null });
    return;
  }
  if (why === 'no-such-leg' && 'leg' in body && body.leg === call.leg) {
    // Its end says who ended it and why, and is on its way.
    if (!call.deadlines.some(({ frame, id }) => frame === own && id === 'gone')) arm(draft, 'gone', goneMs);
    return;
  }
  switch (body.type) {
    case 'play':
      return playbackFinished(draft, body.playback, 'failed');
    case 'record':
      return take(draft, { type: 'recording.failed', leg: body.leg, recording: body.recording, detail: why });
    case 'originate': {
      const { dial } = call;
      if (dial?.leg !== body.leg || dial.state !== 'ringing') return;
      set(draft, { dial: null });
      disarm(draft, 'ring');
      return dialOver(
        draft,
        dial,
        why === 'unreachable' || why === 'no-such-phone' ? 'unreachable' : 'failed',
      );
    }
    case 'bridge':
      return bridgeFailed(draft, body.bridge);
    case 'start-music':
      // A tone says at least that somebody is there.
      if (call.music && call.speaking === null) ringback(draft);
      set(draft, { music: false });
      return;
    case 'answer':
      return fail(draft, draft.call.frames[0]?.flow ?? '', `answer was refused: ${why}`);
    default:
      return;
  }
}

/** Two should talk and hear nothing of each other: they are put together again, by a new bridge. */
function bridgeLost(draft: Draft): void {
  const { dial, leg, id } = draft.call;
  if (dial?.state !== 'talking') return;
  const bridge = asBridgeId(`${id}-b${nextNumber(draft)}`);
  command(draft, { type: 'bridge', bridge, legs: [leg, dial.leg] });
  set(draft, { dial: { ...dial, bridge } });
}

/** The two cannot talk: the phone is let go, and the flow takes its exit for a failed dial. */
function bridgeFailed(draft: Draft, bridge: string): void {
  const { dial } = draft.call;
  // An older phone's bridge says nothing of this one.
  if (dial?.bridge !== bridge || dial.state === 'ending') return;
  letGo(draft, dial, 'normal');
  dialOver(draft, dial, 'failed');
}

function unknownEvent(event: never): never {
  throw new TypeError(`No decision for ${JSON.stringify(event)}.`);
}
