/**
 * Pure. The second call of a phone that talks: by it somebody asks the target of a transfer, as phones do it, while the
 * caller stays with the phone's first one. Both are the same person's, so nothing is told of it as of a phone of its own.
 */
import { asBridgeId, asPlaybackId, type BridgeId } from '../base/index.js';
import { languageAt, talks } from './briefing.js';
import type { Call, Dial } from './call.js';
import { isUp, letGo, phoneAt, setPhone } from './dialing.js';
import { arm, command, disarm, type Draft, nextNumber, set } from './draft.js';
import { graceMs, lengthOf, mediaOfText } from './speaking.js';
import { change } from './transfer-state.js';
import type { TransferTexts } from './transfer.js';

/** The second call by which the target of the transfer under way is asked; null: it is asked by keys, or is over. */
export function secondOf({ transfer, phones }: Call): Dial | null {
  const leg = transfer?.second?.leg;
  return phones.find((phone) => phone.leg === leg && phone.state === 'beside') ?? null;
}

/** Who moves the caller, at whichever of the phone's two calls. */
export function moverAt(call: Call, dial: Dial): Dial | null {
  return dial.second === true && call.transfer?.second?.leg === dial.leg
    ? phoneAt(call, call.transfer.by.leg)
    : dial;
}

/** The second call is answered at once: it hears the target ring, and may be connected with the first at any time. */
export function beginSecond(draft: Draft, dial: Dial): void {
  const tone = asPlaybackId(`${draft.call.id}-p${nextNumber(draft)}`);
  setPhone(draft, { ...dial, tone });
  const media = [{ type: 'tone', tone: 'ringing' }] as const;
  command(draft, { type: 'play', leg: dial.leg, playback: tone, media });
}

/** The target has picked up: it and the second call speak in a bridge of their own. */
export function speakBeside(draft: Draft, second: Dial, target: Dial): BridgeId {
  const { tone: _, ...speaks } = second;
  setPhone(draft, speaks);
  const { briefing: __, ...asked } = target;
  setPhone(draft, { ...asked, state: 'beside' });
  disarm(draft, `ring/${target.leg}`);
  disarm(draft, `briefing/${target.leg}`);
  return gatherBeside(draft);
}

/** A new bridge of the second call and the target. */
export function gatherBeside(draft: Draft): BridgeId {
  const bridge = asBridgeId(`${draft.call.id}-b${nextNumber(draft)}`);
  command(draft, { type: 'bridge', bridge, legs: besideIn(draft.call) });
  const leg = draft.call.transfer?.second?.leg;
  if (leg !== undefined) change(draft, { second: { leg, bridge } });
  return bridge;
}

/** Legs that are meant to be in the second call's bridge. */
export function besideIn({ phones, transfer }: Call): readonly Dial['leg'][] {
  return phones
    .filter(
      ({ leg, state }) => state === 'beside' && (leg === transfer?.second?.leg || leg === transfer?.leg),
    )
    .map(({ leg }) => leg);
}

/** The target is from now on one of those who talk with the caller; whoever makes or joins the bridge sees to the rest. */
export function comesOver(draft: Draft): void {
  const target = phoneAt(draft.call, draft.call.transfer?.leg ?? '');
  if (target?.state === 'beside') talks(draft, target);
}

/** The second call is over; its user goes on with the first. */
export function endSecond(draft: Draft): void {
  const second = secondOf(draft.call);
  if (second !== null) letGo(draft, second, 'normal');
}

/** Says to the second call why nothing came of it, and ends it. */
export function turnDown(draft: Draft, dial: Dial, what: keyof TransferTexts): void {
  const text = draft.site.transfers?.texts[what] ?? '';
  const said = mediaOfText(draft.site, { text, language: languageAt(draft, dial), slots: {} }).media;
  const media = said.length > 0 ? said : ([{ type: 'tone', tone: 'beep' }] as const);
  const playback = asPlaybackId(`${draft.call.id}-p${nextNumber(draft)}`);
  if (dial.tone !== undefined) command(draft, { type: 'stop-playback', leg: dial.leg, playback: dial.tone });
  command(draft, { type: 'play', leg: dial.leg, playback, media });
  const { tone: _, ...rest } = dial;
  setPhone(draft, { ...rest, briefing: playback });
  arm(draft, `briefing/${dial.leg}`, (lengthOf(draft, media) ?? 0) + graceMs);
}

/** A phone of the call dials: one leg more, which is answered. Null: nobody at that phone talks. */
export function secondArrived(
  draft: Draft,
  leg: Dial['leg'],
  phone: string,
): { mover: Dial; dial: Dial } | null {
  const mover = draft.call.phones.find((one) => one.phone === phone && isUp(one));
  const dial: Dial = { leg, phone, state: 'beside', second: true };
  set(draft, { phones: [...draft.call.phones, dial] });
  command(draft, { type: 'answer', leg });
  if (mover !== undefined) return { mover, dial };
  letGo(draft, dial, 'normal');
  return null;
}
