/** Pure. Rings phones for the caller and lets them go. */
import { asLegId, type BridgeId, extended, type LegId } from '../base/index.js';
import type { DialResult } from '../flows/index.js';
import type { Address } from '../telephony/port.js';
import type { Call, Dial } from './call.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';
import type { TalkEnding } from './fact.js';
import { endTicket } from './queueing.js';
import type { Offer } from './ticket.js';

/** How long past its time a phone may stay undecided before we decide ourselves. */
export const ringGraceMs = 3_000;
/** How long the end of a leg that we end may take before we ask for it again, or give a phone up. */
export const endMs = 15_000;

/** The phone of that leg; null: it is none of the call's. */
export function phoneAt({ phones }: Call, leg: string): Dial | null {
  return phones.find((phone) => phone.leg === leg) ?? null;
}

/** The phone is from now on as it is given. */
export function setPhone(draft: Draft, phone: Dial): void {
  set(draft, { phones: draft.call.phones.map((other) => (other.leg === phone.leg ? phone : other)) });
}

/** The phone is the call's no longer. */
export function dropPhone(draft: Draft, leg: LegId): void {
  set(draft, { phones: draft.call.phones.filter((phone) => phone.leg !== leg) });
  for (const what of ['ring', 'briefing', 'let-go', 'keys'] as const) disarm(draft, `${what}/${leg}`);
}

/** Whether somebody talks in the call's bridge. */
export function isTalking({ phones }: Call): boolean {
  return phones.some(({ state }) => state === 'talking');
}

/** Whether the phone was picked up, and is not over. The second call of one is none of its own. */
export function isUp({ state, second }: Dial): boolean {
  return state === 'talking' || state === 'aside' || (state === 'beside' && second !== true);
}

/** Whether the caller hears music while others speak about the call, or a target is rung for somebody who waits. */
function isApart({ transfer, phones }: Call): boolean {
  // By a second call of the phone; the caller is left to the first, and hears what the exchange plays on hold.
  if (transfer?.second != null) return false;
  if (transfer?.state === 'consulting') return true;
  return transfer?.state === 'reaching' && phones.some(({ state }) => state === 'aside');
}

/** Legs that are meant to be in the call's bridge. */
export function togetherIn(call: Call): readonly LegId[] {
  const talking = call.phones.filter(({ state }) => state === 'talking').map(({ leg }) => leg);
  return isApart(call) ? talking : [call.leg, ...talking];
}

/** Bridges that the call has made, and still wants. */
export function bridgesOf({ talk, transfer }: Call): readonly BridgeId[] {
  return [talk, transfer?.second?.bridge ?? null].filter((bridge) => bridge !== null);
}

/** Whom to ring, and as what. */
export type Rung = Pick<Dial, 'offer' | 'direct'> & { readonly to: Address };

/**
 * Rings a phone for the caller; gives its leg. The time is part of its id: an engine may ring before the turn is
 * written, and no later one gives the same id to another ring.
 */
export function ringPhone(draft: Draft, { to, offer, direct }: Rung, ringMs: number): LegId {
  const { caller, id } = draft.call;
  const leg = asLegId(`${id}-l${nextNumber(draft)}-${draft.at.toString(36)}`);
  const callerNumber = caller.number?.replace(/[^0-9+]/g, '') ?? '';
  command(draft, {
    type: 'originate',
    leg,
    to,
    callerNumber: callerNumber === '' ? null : callerNumber,
    ringMs,
  });
  const phone = to.type === 'phone' ? to.phone : to.trunk;
  const rung: Dial = {
    leg,
    phone,
    state: 'ringing',
    ...(offer === undefined ? {} : { offer }),
    ...(direct === true ? { direct } : {}),
    ...(to.type === 'number' ? { outside: true as const } : {}),
  };
  set(draft, { phones: [...draft.call.phones, rung] });
  arm(draft, `ring/${leg}`, ringMs + ringGraceMs);
  draft.facts.push({ type: 'dial.started', body: { phone, leg } });
  if (offer !== undefined && direct !== true)
    draft.facts.push({ type: 'ticket.offered', body: extended(offer, { leg }) });
  return leg;
}

/** Lets the phone go that rings or talks; it is the call's until its leg has ended. */
export function letGo(draft: Draft, dial: Dial, reason: 'normal' | 'no-answer'): void {
  if (!isAwaited(draft, 'hang-up', dial.leg)) command(draft, { type: 'hang-up', leg: dial.leg, reason });
  const { briefing: _, tone: __, keyed: ___, ...rest } = dial;
  setPhone(draft, { ...rest, state: 'ending' });
  endTalk(draft);
  disarm(draft, `ring/${dial.leg}`);
  disarm(draft, `briefing/${dial.leg}`);
  arm(draft, `let-go/${dial.leg}`, endMs);
}

/** The call's bridge ends with the last phone that talks in it. */
export function endTalk(draft: Draft): void {
  const { talk } = draft.call;
  if (talk === null || isTalking(draft.call)) return;
  command(draft, { type: 'unbridge', bridge: talk });
  set(draft, { talk: null });
}

/** Lets the phone go, and tells how its part in the call ended. */
export function endPhone(
  draft: Draft,
  dial: Dial,
  result: DialResult | 'caller-gone',
  by: TalkEnding = 'failed',
): void {
  letGo(draft, dial, 'normal');
  dialEnded(draft, dial, result, by);
}

/** Agents who are rung for the caller are let go at once: the caller waits no longer. */
export function endOffers(draft: Draft): void {
  for (const phone of draft.call.phones)
    if (phone.offer !== undefined && isReaching(phone)) endPhone(draft, phone, 'caller-gone');
}

/** Whether such a command for the leg is not settled yet. */
export function isAwaited(draft: Draft, type: 'hang-up', leg: string): boolean {
  return [...draft.call.commands, ...draft.commands].some(
    ({ body }) => body.type === type && body.leg === leg,
  );
}

/** Tells how a phone's part in the call ended; the queue too, where it was rung for one. */
export function dialEnded(
  draft: Draft,
  dial: Dial,
  result: DialResult | 'caller-gone',
  by: TalkEnding = 'failed',
): void {
  const { leg, offer } = dial;
  if (dial.second === true) return;
  draft.facts.push({ type: 'dial.ended', body: { leg, result } });
  if (isUp(dial)) {
    draft.facts.push({ type: 'talk.ended', body: { leg, by } });
    if (offer !== undefined && dial.direct !== true) ticketOfTalkEnded(draft, offer, result, by);
  }
  if (offer !== undefined) draft.messages.push({ type: 'offer-ended', ...offer, result });
}

function ticketOfTalkEnded(
  draft: Draft,
  { ticket }: Offer,
  result: DialResult | 'caller-gone',
  by: TalkEnding,
): void {
  const end = by === 'caller-gone' ? by : result === 'talked' ? 'talked' : 'failed';
  if (draft.call.ticket?.id === ticket) {
    endTicket(draft, end);
    return;
  }
  // By a transfer another agent's ticket stands in the call, or none does.
  draft.facts.push({ type: 'ticket.ended', body: { ticket, result: end } });
  // Else it would go on waiting, for a caller who does not.
  if (end !== 'talked') draft.messages.push({ type: 'withdraw-ticket', ticket, why: end });
}

/** Whether the phone is not yet one of those who talk. */
export function isReaching({ state }: Dial): boolean {
  return state === 'ringing' || state === 'briefing';
}

export function isOffer({ offer }: Dial, { ticket, agent }: Offer): boolean {
  return offer?.ticket === ticket && offer.agent === agent;
}

/** Commands for a leg that is gone have nothing left to do. Those made in this turn too. */
export function dropCommandsOf(draft: Draft, leg: string): void {
  const live = (body: Call['commands'][number]['body']): boolean =>
    body.type === 'look-up' ? draft.call.leg !== leg : !('leg' in body) || body.leg !== leg;
  set(draft, { commands: draft.call.commands.filter(({ body }) => live(body)) });
}
