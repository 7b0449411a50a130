/** Pure. What the phones that are rung for a caller do: ring, are picked up, hold, end. */
import type { BridgeId } from '../base/index.js';
import type { LegCause } from '../telephony/port.js';
import { brief, connect, gather } from './briefing.js';
import type { Dial } from './call.js';
import {
  dialEnded,
  dropCommandsOf,
  dropPhone,
  endTalk,
  isTalking,
  isUp,
  letGo,
  phoneAt,
  setPhone,
  togetherIn,
} from './dialing.js';
import { command, disarm, type Draft, set } from './draft.js';
import { noticeOver, sayNotice } from './notice.js';
import type { TalkEnding } from './fact.js';
import { hush } from './speaking.js';
import { feed } from './stepping.js';
import { dialResultOf } from './termination.js';
import { talkOver } from './talk-end.js';
import { isTarget } from './transfer-state.js';
import { gatherBeside } from './second-call.js';
import { byLeft, takeBack, targetAnswered, targetLeft, targetMissed } from './transferring.js';

export function phoneRings(draft: Draft, leg: string): void {
  const dial = phoneAt(draft.call, leg);
  if (dial?.state === 'ending') return letGoAgain(draft, dial);
  if (dial?.state !== 'ringing') return;
  const { offer } = dial;
  draft.facts.push({ type: 'dial.rang', body: { leg } });
  if (offer !== undefined) draft.messages.push({ type: 'offer-rang', ...offer });
}

export function phoneAnswered(draft: Draft, leg: string): void {
  const dial = phoneAt(draft.call, leg);
  if (dial?.state === 'ending') return letGoAgain(draft, dial);
  if (dial?.state !== 'ringing' || draft.call.phase !== 'live') return;
  disarm(draft, `ring/${dial.leg}`);
  if (dial.offer !== undefined) draft.messages.push({ type: 'offer-answered', ...dial.offer });
  if (!brief(draft, dial)) putTogether(draft, dial);
}

export function putTogether(draft: Draft, dial: Dial): void {
  if (isTarget(draft.call, dial)) return targetAnswered(draft, dial);
  if (dial.offer !== undefined && sayNotice(draft, false)) return letWait(draft, dial);
  const { ticket } = draft.call;
  const queued = dial.offer !== undefined && ticket !== null;
  connect(draft, dial, queued ? 'offer' : 'dial');
  set(draft, { talkStep: queued ? 'queue' : 'dial' });
  if (dial.offer === undefined || ticket === null) return feed(draft, { type: 'dial-answered' });
  set(draft, { ticket: { ...ticket, state: 'connected' } });
  const { calledBack } = draft.call;
  if (calledBack != null) set(draft, { calledBack: { ...calledBack, talked: true } });
  disarm(draft, 'ticket');
  draft.facts.push({ type: 'ticket.connected', body: dial.offer });
  feed(draft, { type: 'queue-connected' });
}

/** Until the caller has heard that the talk is recorded. */
function letWait(draft: Draft, dial: Dial): void {
  const { briefing: _, ...rest } = dial;
  setPhone(draft, { ...rest, state: 'briefing' });
  disarm(draft, `briefing/${dial.leg}`);
}

/** The caller was told, or could not be: whoever has picked up is put through, else the flow goes on. */
export function noticeSaid(draft: Draft, result: 'done' | 'failed'): void {
  const { notice, phones } = draft.call;
  noticeOver(draft, result);
  const waits = phones.find(({ state, briefing }) => state === 'briefing' && briefing === undefined);
  if (waits !== undefined) return putTogether(draft, waits);
  const heldBack = typeof notice === 'object' && notice?.holdsBack === true;
  feed(draft, { type: heldBack ? 'queue-waiting' : 'spoken' });
}

/** While two talk, either phone may put the other on hold; the exchange plays the music. */
export function phoneHolds(draft: Draft, leg: string, held: boolean): void {
  const { call } = draft;
  const dial = phoneAt(call, leg);
  const talks = dial !== null && isUp(dial) && dial.state !== 'aside';
  if (leg === call.leg ? !isTalking(call) : !talks) return;
  draft.facts.push({ type: held ? 'leg.held' : 'leg.unheld', body: { leg } });
  if (dial?.offer !== undefined) draft.messages.push({ type: 'talk-held', ...dial.offer, held });
}

export function phoneGone(draft: Draft, leg: string, cause: LegCause): void {
  const dial = phoneAt(draft.call, leg);
  if (dial === null) return;
  dropCommandsOf(draft, leg);
  dropPhone(draft, dial.leg);
  endTalk(draft);
  if (dial.state === 'ending') return;
  if (dial.second === true) return secondGone(draft, dial);
  // An agent who hangs up while being told who waits has turned the caller down.
  const unheard = dial.state === 'briefing' ? 'rejected' : dialResultOf(cause);
  phoneOver(draft, dial, isUp(dial) ? 'talked' : unheard);
}

/** Whoever hangs up the second call takes the caller back, as the phone's first one has it already. */
function secondGone(draft: Draft, { leg }: Dial): void {
  const { transfer } = draft.call;
  const mover = transfer?.second?.leg === leg ? phoneAt(draft.call, transfer.by.leg) : null;
  if (mover !== null) takeBack(draft, mover);
}

/** A second call that cannot be answered is as good as hung up. */
export function secondFailed(draft: Draft, dial: Dial): void {
  if (dial.state === 'ending') return;
  letGo(draft, dial, 'normal');
  secondGone(draft, dial);
}

/** The exchange should have ended a phone that nobody picks up, and did not. */
export function ringOverdue(draft: Draft, dial: Dial): void {
  if (dial.state !== 'ringing') return;
  letGo(draft, dial, 'no-answer');
  phoneOver(draft, dial, 'no-answer');
}

/** A phone that was let go, and rings or is picked up all the same. */
export function letGoAgain(draft: Draft, dial: Dial): void {
  letGo(draft, dial, 'normal');
}

/** A phone's part in the call is over, and the phone is no longer one of the call's that count. */
export function phoneOver(
  draft: Draft,
  dial: Dial,
  result: ReturnType<typeof dialResultOf> | 'talked',
  by: TalkEnding = 'hung-up',
): void {
  // Before the ticket of the talk goes with it.
  const target = isTarget(draft.call, dial);
  if (isUp(dial)) {
    dialEnded(draft, dial, result, by);
    const { transfer, phones } = draft.call;
    if (transfer?.by.leg === dial.leg) return byLeft(draft);
    if (target) return targetLeft(draft);
    if (!phones.some(isUp)) talkOver(draft, result === 'talked' ? 'talked' : 'failed');
    return;
  }
  if (target) {
    dialEnded(draft, dial, result);
    return targetMissed(draft, dial, result);
  }
  // An agent who was not reached costs the caller nothing: the ticket waits on, with its age.
  if (dial.offer !== undefined) return dialEnded(draft, dial, result);
  hush(draft);
  dialEnded(draft, dial, result);
  feed(draft, { type: 'dial-ended', result });
}

/** Those who should talk hear nothing of each other: they are put together again, by a new bridge. */
export function bridgeLost(draft: Draft, bridge: BridgeId): void {
  const { talk, transfer } = draft.call;
  // The one before is over, or nobody of consequence is in it.
  if (transfer?.second?.bridge === bridge) gatherBeside(draft);
  else if (talk === bridge && togetherIn(draft.call).length > 0) gather(draft);
}

/** They cannot talk: the phones are let go, and the flow takes its exit for a failed dial. */
export function bridgeFailed(draft: Draft, bridge: BridgeId): void {
  const { talk, transfer } = draft.call;
  const isBeside = transfer?.second?.bridge === bridge;
  // An older bridge says nothing of this one.
  if (talk !== bridge && !isBeside) return;
  if (!isBeside) set(draft, { talk: null });
  command(draft, { type: 'unbridge', bridge });
  const isApart = transfer?.state === 'consulting' && (isBeside || transfer.second == null);
  const target = isApart ? phoneAt(draft.call, transfer.leg ?? '') : null;
  if (target !== null && isUp(target)) {
    // The caller waits for whoever spoke with the target.
    letGo(draft, target, 'normal');
    return phoneOver(draft, target, 'failed', 'failed');
  }
  for (const { leg } of draft.call.phones) {
    // Each end may move the call on.
    const phone = phoneAt(draft.call, leg);
    if (phone?.state !== 'talking') continue;
    letGo(draft, phone, 'normal');
    phoneOver(draft, phone, 'failed', 'failed');
  }
}
