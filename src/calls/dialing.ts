/** Pure. Rings phones for the caller and lets them go. */
import { asLegId, extended, type LegId } from '../base/index.js';
import type { DialResult } from '../flows/index.js';
import type { Call, Dial } from './call.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';
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
  for (const what of ['ring', 'briefing', 'let-go'] as const) disarm(draft, `${what}/${leg}`);
}

/** Whether the caller talks with somebody. */
export function isTalking({ phones }: Call): boolean {
  return phones.some(({ state }) => state === 'talking');
}

/** Rings a phone for the caller. */
export function ringPhone(draft: Draft, phone: string, ringMs: number, offer?: Offer): void {
  const { caller, id } = draft.call;
  const leg = asLegId(`${id}-l${nextNumber(draft)}`);
  const callerNumber = caller.number?.replace(/[^0-9+]/g, '') ?? '';
  command(draft, {
    type: 'originate',
    leg,
    to: { type: 'phone', phone },
    callerNumber: callerNumber === '' ? null : callerNumber,
    ringMs,
  });
  const rung = { leg, phone, state: 'ringing' } as const;
  set(draft, { phones: [...draft.call.phones, offer === undefined ? rung : extended(rung, { offer })] });
  arm(draft, `ring/${leg}`, ringMs + ringGraceMs);
  draft.facts.push({ type: 'dial.started', body: { phone, leg } });
  if (offer !== undefined) draft.facts.push({ type: 'ticket.offered', body: extended(offer, { leg }) });
}

/** Lets the phone go that rings or talks; it is the call's until its leg has ended. */
export function letGo(draft: Draft, dial: Dial, reason: 'normal' | 'no-answer'): void {
  if (!isAwaited(draft, 'hang-up', dial.leg)) command(draft, { type: 'hang-up', leg: dial.leg, reason });
  const { briefing: _, ...rest } = dial;
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
export function endPhone(draft: Draft, dial: Dial, result: DialResult | 'caller-gone'): void {
  letGo(draft, dial, 'normal');
  dialEnded(draft, dial, result);
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
export function dialEnded(draft: Draft, { leg, offer }: Dial, result: DialResult | 'caller-gone'): void {
  draft.facts.push({ type: 'dial.ended', body: { leg, result } });
  if (offer !== undefined) draft.messages.push({ type: 'offer-ended', ...offer, result });
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
