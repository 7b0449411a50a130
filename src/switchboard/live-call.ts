/** A call in memory with the records that grow beside it, and its form in the journal. */
import { asJson, type CallId, type JsonObject } from '../base/index.js';
import { type Call, callTakenOn, storedCall } from '../calls/index.js';
import { type Case, type Contact, contactTakenOn } from '../cases/index.js';

export interface LiveCall {
  readonly call: Call;
  /** null only before the first fact. */
  readonly contact: Contact | null;
  /** How often the contact's record was written. */
  readonly contactVersion: number;
  readonly cases: readonly { readonly version: number; readonly record: Case }[];
}

/** The same call after a decision. Written out: see `changedCall`. */
export function withCall({ contact, contactVersion, cases }: LiveCall, call: Call): LiveCall {
  return { call, contact, contactVersion, cases };
}

/** Version of the stored form below; raised when it changes in a way that old snapshots do not fit. */
const form = 1;

export function bodyOf(live: LiveCall): JsonObject {
  const { call, contact, contactVersion, cases } = live;
  return asJson({ form, call: storedCall(call), contact, contactVersion, cases });
}

/** null: the body is of another form and cannot be taken on. */
export function liveCallOf(body: JsonObject): LiveCall | null {
  if (body.form !== form) return null;
  const { call, contact, contactVersion, cases } = body as unknown as LiveCall;
  return { call: callTakenOn(call), contact: contact && contactTakenOn(contact), contactVersion, cases };
}

/** Legs that belong to the call now. */
export function legsOf(call: Call): readonly string[] {
  const own = call.phase === 'live' ? [call.leg] : [];
  return [...own, ...call.phones.map(({ leg }) => leg)];
}

/** Earliest time at which something of the call is due; null for nothing. */
export function nextDue(call: Call): number | null {
  let earliest: number | null = null;
  for (const { at } of call.deadlines) if (earliest === null || at < earliest) earliest = at;
  return earliest;
}

/**
 * An id that no other call of this journal has: the turn that creates it is unique.
 *
 * @param nth of the calls that the engine itself begins in the turn; 0: a caller's
 */
export function callIdOf(at: number, seq: number, nth = 0): CallId {
  const id = `${at.toString(36)}-${seq.toString(36)}`;
  return (nth === 0 ? id : `${id}-${nth}`) as CallId;
}
