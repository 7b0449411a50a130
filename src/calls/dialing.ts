/** Pure. Rings phones for the caller and lets them go. */
import { asLegId, extended } from '../base/index.js';
import type { DialResult } from '../flows/index.js';
import type { Call, Dial } from './call.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';
import type { Offer } from './ticket.js';

/** How long past its time a phone may stay undecided before we decide ourselves. */
export const ringGraceMs = 3_000;
/** How long the end of a leg that we end may take before we ask for it again, or give a phone up. */
export const endMs = 15_000;

/** Rings a phone for the caller. */
export function ringPhone(draft: Draft, phone: string, ringMs: number, offer?: Offer): void {
  const { caller, id } = draft.call;
  const leg = asLegId(`${id}-l${nextNumber(draft)}`);
  // A phone that was let go and has not ended yet is followed no longer; it must not stay with the caller.
  if (draft.call.dial !== null && draft.call.dial.bridge !== null)
    command(draft, { type: 'unbridge', bridge: draft.call.dial.bridge });
  disarm(draft, 'let-go');
  const callerNumber = caller.number?.replace(/[^0-9+]/g, '') ?? '';
  command(draft, {
    type: 'originate',
    leg,
    to: { type: 'phone', phone },
    callerNumber: callerNumber === '' ? null : callerNumber,
    ringMs,
  });
  set(draft, {
    dial: { leg, phone, bridge: null, state: 'ringing', ...(offer === undefined ? {} : { offer }) },
  });
  arm(draft, 'ring', ringMs + ringGraceMs);
  draft.facts.push({ type: 'dial.started', body: { phone, leg } });
  if (offer !== undefined) draft.facts.push({ type: 'ticket.offered', body: extended(offer, { leg }) });
}

/** Lets the phone go that rings or talks; it is the call's until its leg has ended. */
export function letGo(draft: Draft, dial: Dial, reason: 'normal' | 'no-answer'): void {
  if (!isAwaited(draft, 'hang-up', dial.leg)) command(draft, { type: 'hang-up', leg: dial.leg, reason });
  if (dial.bridge !== null) command(draft, { type: 'unbridge', bridge: dial.bridge });
  const { briefing: _, ...rest } = dial;
  set(draft, { dial: { ...rest, bridge: null, state: 'ending' } });
  disarm(draft, 'ring');
  disarm(draft, 'briefing');
  arm(draft, 'let-go', endMs);
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

/** Whether the phone is not yet one of two who talk. */
export function isReaching({ dial }: Call): boolean {
  return dial?.state === 'ringing' || dial?.state === 'briefing';
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
