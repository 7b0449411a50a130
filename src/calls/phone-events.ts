/** Pure. What the phones that are rung for a caller do: ring, are picked up, hold, end. */
import { asBridgeId } from '../base/index.js';
import type { LegCause } from '../telephony/port.js';
import { brief, connect } from './briefing.js';
import type { Dial } from './call.js';
import {
  dialEnded,
  dropCommandsOf,
  dropPhone,
  endTalk,
  isTalking,
  letGo,
  phoneAt,
  setPhone,
} from './dialing.js';
import { command, type Draft, disarm, nextNumber, set } from './draft.js';
import { noticeOver, sayNotice } from './notice.js';
import { endTicket } from './queueing.js';
import { hush } from './speaking.js';
import { feed } from './stepping.js';
import { dialResultOf } from './termination.js';

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
  if (dial.offer !== undefined && sayNotice(draft, false)) return letWait(draft, dial);
  connect(draft, dial);
  const { ticket } = draft.call;
  if (dial.offer === undefined || ticket == null) return feed(draft, { type: 'dial-answered' });
  set(draft, { ticket: { ...ticket, state: 'connected' } });
  disarm(draft, 'ticket');
  draft.facts.push({ type: 'ticket.connected', body: dial.offer });
  feed(draft, { type: 'queue-connected' });
}

/** Until the caller has heard that the talk is recorded. */
function letWait(draft: Draft, { briefing: _, ...dial }: Dial): void {
  setPhone(draft, { ...dial, state: 'briefing' });
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
  if (leg === call.leg ? !isTalking(call) : dial?.state !== 'talking') return;
  draft.facts.push({ type: held ? 'leg.held' : 'leg.unheld', body: { leg } });
  if (dial !== null && dial.offer !== undefined)
    draft.messages.push({ type: 'talk-held', ...dial.offer, held });
}

export function phoneGone(draft: Draft, leg: string, cause: LegCause): void {
  const dial = phoneAt(draft.call, leg);
  if (dial === null) return;
  dropCommandsOf(draft, leg);
  dropPhone(draft, dial.leg);
  endTalk(draft);
  if (dial.state === 'ending') return;
  // An agent who hangs up while being told who waits has turned the caller down.
  const unheard = dial.state === 'briefing' ? 'rejected' : dialResultOf(cause);
  dialOver(draft, dial, dial.state === 'talking' ? 'talked' : unheard);
}

/** The exchange should have ended a phone that nobody picks up, and did not. */
export function ringOverdue(draft: Draft, dial: Dial): void {
  if (dial.state !== 'ringing') return;
  letGo(draft, dial, 'no-answer');
  dialOver(draft, dial, 'no-answer');
}

/** A phone that was let go, and rings or is picked up all the same. */
export function letGoAgain(draft: Draft, dial: Dial): void {
  letGo(draft, dial, 'normal');
}

export function dialOver(draft: Draft, dial: Dial, result: ReturnType<typeof dialResultOf> | 'talked'): void {
  const connected = dial.state === 'talking' && draft.call.ticket?.state === 'connected';
  if (dial.offer === undefined || connected) hush(draft);
  dialEnded(draft, dial, result);
  if (dial.offer === undefined) return feed(draft, { type: 'dial-ended', result });
  // An agent who was not reached costs the caller nothing: the ticket waits on, with its age.
  if (!connected) return;
  const ended = result === 'talked' ? 'talked' : 'failed';
  endTicket(draft, ended);
  feed(draft, { type: 'queue-ended', result: ended });
}

/** Two should talk and hear nothing of each other: they are put together again, by a new bridge. */
export function bridgeLost(draft: Draft): void {
  const { leg, id, phones } = draft.call;
  const talking = phones.filter(({ state }) => state === 'talking');
  if (talking.length === 0) return;
  const bridge = asBridgeId(`${id}-b${nextNumber(draft)}`);
  command(draft, { type: 'bridge', bridge, legs: [leg, ...talking.map((phone) => phone.leg)] });
  set(draft, { talk: bridge });
}

/** The two cannot talk: the phone is let go, and the flow takes its exit for a failed dial. */
export function bridgeFailed(draft: Draft, bridge: string): void {
  // An older bridge says nothing of this one.
  if (draft.call.talk !== bridge) return;
  for (const phone of draft.call.phones) {
    if (phone.state !== 'talking') continue;
    letGo(draft, phone, 'normal');
    dialOver(draft, phone, 'failed');
  }
}
