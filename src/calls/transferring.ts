/**
 * Pure. A caller is moved on by whoever talks at a phone of the site: the target is rung or waited for, spoken with or
 * not, and where it comes to nothing the caller is taken back. The caller hears music or talks to somebody, always.
 */
import { asPlaybackId } from '../base/index.js';
import type { DialResult, QueueResult } from '../flows/index.js';
import { callerJoins, connect, gather, talks, tellMover, tellTalk } from './briefing.js';
import type { Dial } from './call.js';
import { dialEnded, endTalk, isUp, letGo, phoneAt, ringPhone, setPhone } from './dialing.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';
import { talkOver } from './talk-end.js';
import { change, done, endTargets, forgetTicket, isTarget, stopReaching } from './transfer-state.js';
import { beginSecond, comesOver, endSecond, secondOf, speakBeside, turnDown } from './second-call.js';
import { music } from './queueing.js';
import { leaveFlows } from './stepping.js';
import type { Ticket, TicketEvent, TicketRefusal } from './ticket.js';
import { targetName, type TransferFailure, type TransferHow, type TransferTo } from './transfer.js';

/** How the caller is moved, and by what of the phone. */
export interface Asked {
  readonly how: TransferHow;
  /** By its own key (REFER). */
  readonly refer?: true;
  /** By a call of its own to the target. */
  readonly second?: Dial;
}

/** Begins to move the caller. False: not now. */
export function beginTransfer(draft: Draft, dial: Dial, to: TransferTo, asked: Asked): boolean {
  const { call } = draft;
  const { how, second } = asked;
  const refer = asked.refer === true;
  const others = call.phones.some((phone) => phone.leg !== dial.leg && isUp(phone));
  // It would speak with itself.
  const isThere =
    to.type === 'phone' && call.phones.some(({ phone, state }) => phone === to.phone && state !== 'ending');
  if (isThere) return false;
  // A flow speaks with callers only.
  if (call.transfer !== null || others || (to.type === 'service' && how !== 'blind')) return false;
  const { leg, phone, offer } = dial;
  const body = { leg, how, to: to.type, name: targetName(to) };
  draft.facts.push({ type: 'transfer.began', body });
  const by = { leg, phone, agent: offer?.agent ?? null };
  set(draft, {
    transfer: {
      how,
      state: 'reaching',
      by,
      refer,
      second: second === undefined ? null : { leg: second.leg, bridge: null },
      to,
      leg: null,
      ticket: null,
      why: null,
    },
  });
  if (to.type === 'service') {
    if (refer) command(draft, { type: 'answer-transfer', leg, result: 'answered' });
    beginService(draft, dial, to.number);
    return true;
  }
  if (second !== undefined) beginSecond(draft, second);
  else if (how === 'attended' || refer) stepAside(draft, dial, refer);
  else if (how === 'blind') goes(draft, dial);
  reach(draft, to);
  return true;
}

/** The one who transfers leaves the talk for good; the caller hears music unless others talk on. */
function goes(draft: Draft, dial: Dial): void {
  letGo(draft, dial, 'normal');
  dialEnded(draft, dial, 'talked', 'transferred');
  if (!draft.call.phones.some(isUp)) music(draft, true);
}

/** The one who transfers waits for the target outside of the bridge, and hears it ring; the caller hears music. */
function stepAside(draft: Draft, dial: Dial, refer: boolean): void {
  // A phone that transfers by itself has put the call on hold, and plays nothing.
  const tone = refer ? undefined : asPlaybackId(`${draft.call.id}-p${nextNumber(draft)}`);
  setPhone(draft, { ...dial, state: 'aside', ...(tone === undefined ? {} : { tone }) });
  endTalk(draft);
  music(draft, true);
  if (tone === undefined) return;
  const media = [{ type: 'tone', tone: 'ringing' }] as const;
  command(draft, { type: 'play', leg: dial.leg, playback: tone, media });
}

function reach(draft: Draft, to: Exclude<TransferTo, { type: 'service' }>): void {
  const { id: contact, caller } = draft.call;
  switch (to.type) {
    case 'queue': {
      const { queue } = to;
      const needs = languagesNeeded(draft);
      const ticket = newTicket(draft, queue);
      draft.facts.push({ type: 'ticket.requested', body: { ticket, queue, needs, priority: null } });
      const { number } = caller;
      const asked = { contact, ticket, queue, needs, priority: null, preferred: null, number };
      draft.messages.push({ type: 'request-ticket', ...asked });
      return;
    }
    case 'agent':
      return askForAgent(draft, to.agent, false);
    case 'phone':
      return ring(draft, { type: 'phone', phone: to.phone });
    case 'outside':
      return ring(draft, { type: 'number', number: to.number, trunk: to.trunk });
    default:
      return to satisfies never;
  }
}

function ring(draft: Draft, to: Parameters<typeof ringPhone>[1]['to']): void {
  const leg = ringPhone(draft, { to }, draft.site.transfers?.ringMs ?? 20_000);
  change(draft, { leg });
}

function askForAgent(draft: Draft, agent: string, back: boolean): void {
  const ticket = newTicket(draft, '');
  draft.messages.push({ type: 'direct-ticket', contact: draft.call.id, ticket, agent, back });
}

function newTicket(draft: Draft, queue: string): string {
  const id = `${draft.call.id}-t${nextNumber(draft)}`;
  change(draft, { ticket: { id, queue, state: 'requested', since: draft.at } });
  return id;
}

/** Of what the caller needed at first the languages are needed everywhere. */
function languagesNeeded({ call, site }: Draft): Readonly<Record<string, number>> {
  const needs = Object.entries(call.needs);
  return Object.fromEntries(needs.filter(([skill]) => site.languages.includes(skill)));
}

/** The queues say something of the ticket of the transfer. */
export function transferTold(draft: Draft, event: TicketEvent): void {
  const { transfer } = draft.call;
  const ticket = transfer?.ticket ?? null;
  if (transfer === null || ticket === null || ticket.id !== event.ticket) return;
  switch (event.type) {
    case 'ticket.queued': {
      change(draft, { ticket: { ...ticket, state: 'waiting' } });
      arm(draft, 'transfer', draft.site.queues.get(ticket.queue)?.maxWaitMs ?? 0);
      // Nobody keeps a phone waiting for as long as a queue may take.
      const by = transfer.refer ? phoneAt(draft.call, transfer.by.leg) : null;
      if (by?.state !== 'aside') return;
      command(draft, { type: 'answer-transfer', leg: by.leg, result: 'answered' });
      return goes(draft, by);
    }
    case 'ticket.offered': {
      const { agent, phone, ringMs } = event;
      const offer = { ticket: ticket.id, agent };
      if (draft.call.phones.some((one) => isTarget(draft.call, one) && !isRungOrOver(one))) {
        draft.messages.push({ type: 'offer-ended', ...offer, result: 'failed' });
        return;
      }
      const direct = ticket.queue === '' ? { direct: true as const } : {};
      ringPhone(draft, { to: { type: 'phone', phone }, offer, ...direct }, ringMs);
      return;
    }
    case 'ticket.ended':
      return ticketFailed(draft, ticket, event.result);
    case 'offer.cancelled':
    case 'place.told':
    // Only of a place that is kept.
    case 'ticket.postponed':
      return;
    default:
      return event satisfies never;
  }
}

const isRungOrOver = ({ state }: Dial): boolean => state === 'ringing' || state === 'ending';

function ticketFailed(draft: Draft, ticket: Ticket, result: TicketRefusal): void {
  forgetTicket(draft, ticket, result);
  // Places that are kept are cancelled and expire; one that is waited for on the line does not.
  const kept = result === 'replaced' || result === 'cancelled' || result === 'expired';
  failTransfer(draft, kept ? 'failed' : result);
}

/** Nobody in the target's queue was free in time. */
export function transferOverdue(draft: Draft): void {
  const ticket = draft.call.transfer?.ticket ?? null;
  if (ticket === null) return;
  draft.messages.push({ type: 'withdraw-ticket', ticket: ticket.id, why: 'no-answer' });
  endTargets(draft);
  ticketFailed(draft, ticket, 'no-answer');
}

/** A target's phone was not picked up. What comes of an offer, the queue says. */
export function targetMissed(draft: Draft, { offer }: Dial, result: DialResult): void {
  if (offer !== undefined) return;
  change(draft, { leg: null });
  failTransfer(draft, result === 'talked' ? 'failed' : result);
}

/** The target has picked up. */
export function targetAnswered(draft: Draft, dial: Dial): void {
  const { transfer } = draft.call;
  if (transfer === null) return;
  const { state, how, by, ticket, refer } = transfer;
  disarm(draft, 'transfer');
  if (ticket !== null && ticket.queue !== '' && dial.offer !== undefined)
    draft.facts.push({ type: 'ticket.connected', body: dial.offer });
  change(draft, { leg: dial.leg, ticket: null });
  const mover = phoneAt(draft.call, by.leg);
  if (state === 'reaching' && mover !== null && isUp(mover) && !refer) {
    if (how === 'conference') return joinThird(draft, dial);
    return consult(draft, mover, dial);
  }
  if (mover?.state === 'aside') {
    // It asked by its own key, and waits to be told.
    command(draft, { type: 'answer-transfer', leg: by.leg, result: 'answered' });
    letGo(draft, mover, 'normal');
    dialEnded(draft, mover, 'talked', 'transferred');
  }
  done(draft, state === 'returning' ? 'taken-back' : 'completed');
  connect(draft, dial, state === 'returning' ? 'back' : 'transfer');
}

/** The one who transfers and the target speak; the caller hears music. */
function consult(draft: Draft, mover: Dial, dial: Dial): void {
  change(draft, { state: 'consulting' });
  const second = secondOf(draft.call);
  if (second !== null) return tellTalk(draft, dial, 'transfer', speakBeside(draft, second, dial));
  talks(draft, mover);
  talks(draft, dial);
  gather(draft);
  tellTalk(draft, dial, 'transfer');
}

function joinThird(draft: Draft, dial: Dial): void {
  const { talk } = draft.call;
  change(draft, { state: 'together' });
  talks(draft, dial);
  if (talk === null) gather(draft);
  else command(draft, { type: 'join-bridge', bridge: talk, leg: dial.leg });
  tellTalk(draft, dial, 'conference');
}

/** The target was not reached: the caller is with the one who transferred again, or that one is rung. */
function failTransfer(draft: Draft, why: TransferFailure): void {
  const { transfer } = draft.call;
  if (transfer === null) return;
  const { by, state, refer } = transfer;
  if (state === 'returning') return giveUp(draft);
  const mover = phoneAt(draft.call, by.leg);
  if (mover !== null && isUp(mover)) {
    const second = secondOf(draft.call);
    if (refer) command(draft, { type: 'answer-transfer', leg: by.leg, result: 'unavailable' });
    done(draft, 'failed', why);
    backTogether(draft);
    if (second !== null) turnDown(draft, second, 'failed');
    else if (!refer) tellMover(draft, mover, 'failed');
    return;
  }
  change(draft, { state: 'returning', leg: null, ticket: null, why });
  if (by.agent !== null) askForAgent(draft, by.agent, true);
  else ring(draft, { type: 'phone', phone: by.phone });
}

/** Nobody takes the caller back either: the flow goes on, by its exit for why the target was not reached. */
function giveUp(draft: Draft): void {
  const why = draft.call.transfer?.why ?? null;
  done(draft, 'failed');
  const results: readonly (string | null)[] = ['closed', 'full', 'nobody', 'no-answer'];
  talkOver(draft, results.includes(why) ? (why as QueueResult) : 'failed');
}

/** Caller and the one who transferred talk again, and whoever talks with them. */
function backTogether(draft: Draft): void {
  const aside = draft.call.phones.filter(({ state }) => state === 'aside');
  for (const phone of aside) talks(draft, phone);
  if (aside.length > 0) gather(draft);
}

/** The one who transfers has gone: what was begun goes on without. */
export function byLeft(draft: Draft): void {
  const { transfer } = draft.call;
  if (transfer === null) return;
  endSecond(draft);
  if (transfer.state === 'reaching') {
    change(draft, { how: 'blind', second: null });
    return music(draft, true);
  }
  const consulted = transfer.state === 'consulting';
  comesOver(draft);
  done(draft, 'completed');
  if (consulted) callerJoins(draft);
}

/** The target has gone, and the others talk on. */
export function targetLeft(draft: Draft): void {
  const { transfer } = draft.call;
  const consulted = transfer?.state === 'consulting';
  const isBeside = transfer?.second != null;
  endSecond(draft);
  done(draft, consulted ? 'taken-back' : 'completed');
  if (consulted && !isBeside) callerJoins(draft);
}

/** Caller and target go on without the one who asks for it. False: there is no target yet, or no transfer. */
export function complete(draft: Draft, dial: Dial): boolean {
  const { transfer } = draft.call;
  if (transfer === null || transfer.by.leg !== dial.leg) return false;
  letGo(draft, dial, 'normal');
  dialEnded(draft, dial, 'talked', 'transferred');
  byLeft(draft);
  return true;
}

/** Whoever talks with the target takes the caller in. False: nobody is spoken with. */
export function joinAll(draft: Draft, dial: Dial): boolean {
  const { transfer } = draft.call;
  if (transfer?.state !== 'consulting' || transfer.by.leg !== dial.leg) return false;
  change(draft, { state: 'together', how: 'conference' });
  const { second, leg } = transfer;
  if (second == null || leg === null) {
    callerJoins(draft);
    return true;
  }
  endSecond(draft);
  comesOver(draft);
  change(draft, { second: null });
  const { talk } = draft.call;
  if (talk === null) gather(draft);
  else command(draft, { type: 'join-bridge', bridge: talk, leg });
  return true;
}

/** The target is let go, or rung no longer. False: there is none. */
export function takeBack(draft: Draft, dial: Dial): boolean {
  const { transfer } = draft.call;
  if (transfer === null || transfer.by.leg !== dial.leg) return false;
  const target = draft.call.phones.find((phone) => isUp(phone) && phone.leg === transfer.leg);
  if (target !== undefined) {
    letGo(draft, target, 'normal');
    dialEnded(draft, target, 'talked', 'taken-back');
    targetLeft(draft);
    return true;
  }
  stopReaching(draft, 'left');
  endSecond(draft);
  done(draft, 'taken-back');
  backTogether(draft);
  return true;
}

/** The caller begins with another flow of the site; the one before is left midway. */
function beginService(draft: Draft, dial: Dial, number: string): void {
  const flow = draft.site.numbers.get(number);
  goes(draft, dial);
  if (flow === undefined) {
    // It was a number of the site when it was published.
    failTransfer(draft, 'failed');
    return;
  }
  done(draft, 'completed');
  music(draft, false);
  set(draft, { talkStep: null });
  leaveFlows(draft, { type: 'begin', flow });
}
