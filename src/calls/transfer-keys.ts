/** Pure. What whoever talks at a phone of the site presses, dials or asks by the phone's own key, to move the caller. */
import type { Key, LegId } from '../base/index.js';
import type { TelephonyEvent } from '../telephony/port.js';
import { tellMover } from './briefing.js';
import type { CallEvent, Dial } from './call.js';
import { isUp, phoneAt, setPhone } from './dialing.js';
import { arm, command, disarm, type Draft } from './draft.js';
import { moverAt, secondArrived, secondOf, turnDown } from './second-call.js';
import { longestTarget, type TransferHow, type Transfers, targetOf } from './transfer.js';
import { recordingKey } from './talk-keys.js';
import { beginTransfer, complete, joinAll, takeBack } from './transferring.js';

/** After a pause that long what was pressed before is no beginning of a code any more. */
const pauseMs = 10_000;

/** Who has picked up, and at the second call of a phone as long as somebody is asked by it. */
function mayPress({ call }: Draft, dial: Dial): boolean {
  return isUp(dial) || secondOf(call)?.leg === dial.leg;
}

/** A key of somebody who talks at a phone. A star begins anew. */
export function phoneKey(draft: Draft, leg: string, key: Key): void {
  const dial = phoneAt(draft.call, leg);
  const { transfers } = draft.site;
  if (dial === null || !mayPress(draft, dial)) return;
  const keyed = key === '*' ? key : dial.keyed === undefined ? null : dial.keyed + key;
  if (keyed === null) return;
  if (recordingKey(draft, dial, keyed)) {
    forget(draft, dial);
    return;
  }
  if (transfers === null) {
    if (isBeginning(draft, keyed)) keep(draft, dial, keyed);
    else forget(draft, dial);
    return;
  }
  const { keys } = transfers;
  if (keyed === keys.back) return act(draft, dial, takeBack);
  if (keyed === keys.complete) return act(draft, dial, complete);
  const how = howOf(transfers, keyed);
  if (how === null) {
    if (isBeginning(draft, keyed)) keep(draft, dial, keyed);
    else forget(draft, dial);
    return;
  }
  const digits = keyed.slice(keys[how].length);
  if (key !== '#') {
    if (digits.length > longestTarget) forget(draft, dial);
    else keep(draft, dial, keyed);
    return;
  }
  if (how === 'conference' && digits === '#') return act(draft, dial, joinAll);
  forget(draft, dial);
  moveTo(draft, dial, how, digits.slice(0, -1), transfers);
}

const hows = ['blind', 'attended', 'conference'] as const satisfies readonly TransferHow[];

function howOf({ keys }: Transfers, keyed: string): TransferHow | null {
  return hows.find((how) => keyed.startsWith(keys[how])) ?? null;
}

function isBeginning({ site: { transfers, desk } }: Draft, keyed: string): boolean {
  const codes = [desk.codes['record-off'], desk.codes['record-on'], ...Object.values({ ...transfers?.keys })];
  return codes.some((code: string) => code.startsWith(keyed));
}

function act(draft: Draft, dial: Dial, does: (draft: Draft, dial: Dial) => boolean): void {
  const plain = forget(draft, dial);
  const mover = moverAt(draft.call, plain);
  if (mover === null || !does(draft, mover)) tellMover(draft, plain, 'cannot');
}

function moveTo(draft: Draft, dial: Dial, how: TransferHow, digits: string, transfers: Transfers): void {
  const { keyed: _, ...plain } = dial;
  const to = targetOf(transfers, digits);
  if (to === null) return tellMover(draft, plain, 'unknown');
  if (!beginTransfer(draft, plain, to, { how })) tellMover(draft, plain, 'cannot');
}

function keep(draft: Draft, dial: Dial, keyed: string): void {
  setPhone(draft, { ...dial, keyed });
  arm(draft, `keys/${dial.leg}`, pauseMs);
}

/** What was pressed so far means nothing any more. */
export function forget(draft: Draft, dial: Dial): Dial {
  const { keyed: _, ...plain } = dial;
  setPhone(draft, plain);
  disarm(draft, `keys/${dial.leg}`);
  return plain;
}

/** A phone asks by its own key (REFER) that the caller be moved. */
export function transferAsked(
  draft: Draft,
  { leg, to, replaces }: Extract<TelephonyEvent, { type: 'transfer.requested' }>,
): void {
  const dial = phoneAt(draft.call, leg);
  const { transfers } = draft.site;
  if (replaces !== null) return connectBoth(draft, leg, replaces);
  const target = transfers === null ? null : targetOf(transfers, to);
  const talks = dial?.state === 'talking';
  if (!talks || target === null || !beginTransfer(draft, dial, target, { how: 'blind', refer: true }))
    command(draft, { type: 'answer-transfer', leg, result: 'declined' });
}

/**
 * RFC 5589, 7: the phone asks by one of its two calls that it be connected with the other (Replaces, RFC 3891). Phones
 * differ in which of the two they name first.
 */
function connectBoth(draft: Draft, leg: LegId, replaces: LegId): void {
  const { transfer } = draft.call;
  const second = secondOf(draft.call)?.leg;
  const mover = transfer === null ? null : phoneAt(draft.call, transfer.by.leg);
  const isBoth = [leg, replaces].every((one) => one === second || one === mover?.leg) && leg !== replaces;
  command(draft, { type: 'answer-transfer', leg, result: isBoth ? 'answered' : 'declined' });
  if (isBoth && mover !== null) complete(draft, mover);
}

/** A phone that talks dials somebody else: the caller is to be moved there, once they have spoken. */
export function phoneDialled(
  draft: Draft,
  { leg, phone, called }: Extract<CallEvent, { type: 'phone.dialled' }>,
): void {
  const arrived = secondArrived(draft, leg, phone);
  if (arrived === null) return;
  const { mover, dial } = arrived;
  const { transfers } = draft.site;
  const to = transfers === null ? null : targetOf(transfers, called);
  if (to === null) return turnDown(draft, dial, 'unknown');
  if (!beginTransfer(draft, mover, to, { how: 'attended', second: dial })) turnDown(draft, dial, 'cannot');
}
