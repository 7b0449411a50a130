/** Moving a caller on: where to, how far it has come, and what a site allows. Types, and what a target is by its code. */
import { type BridgeId, checkNumber, type LegId, type NumberRules } from '../base/index.js';
import type { Ticket } from './ticket.js';

/** Where a caller can be moved to. */
export type TransferTo =
  | { readonly type: 'queue'; readonly queue: string }
  | { readonly type: 'agent'; readonly agent: string }
  | { readonly type: 'phone'; readonly phone: string }
  /** A number of the site: the caller begins with its flow. */
  | { readonly type: 'service'; readonly number: string }
  | { readonly type: 'outside' /** E.164. */; readonly number: string; readonly trunk: string };

/**
 * `blind`: without asking the target first. `attended`: the one who moves the caller speaks with the target before.
 * `conference`: all three talk.
 */
export type TransferHow = 'blind' | 'attended' | 'conference';

/** What whoever talks at a phone of the site presses to move the caller. */
export interface TransferKeys {
  /** The code of a target and # follow. */
  readonly blind: string;
  readonly attended: string;
  readonly conference: string;
  /** The caller and the target go on without the one who presses it. */
  readonly complete: string;
  /** The target is let go, or rung no longer: the caller is back. */
  readonly back: string;
}

/** What a site allows. */
export interface Transfers {
  readonly keys: TransferKeys;
  /** Targets by their codes. */
  readonly to: ReadonlyMap<string, TransferTo>;
  /** Numbers outside that may be keyed, and by which trunk they are reached; null: none. */
  readonly outside: { readonly rules: NumberRules; readonly trunk: string } | null;
  /** How long phones and numbers are rung. */
  readonly ringMs: number;
  readonly texts: TransferTexts;
}

/** A caller who is being moved. One at a time in a call. JSON, a stored format. */
export interface Transfer {
  readonly how: TransferHow;
  /**
   * `reaching`: the target is rung, or waited for in a queue. `consulting`: the one who transfers speaks with the
   * target, and the caller hears music. `together`: all three talk. `returning`: it came to nothing, and the one who
   * transferred is rung to take the caller back.
   */
  readonly state: 'reaching' | 'consulting' | 'together' | 'returning';
  /** Who moves the caller; null agent: a phone that the flow rang. */
  readonly by: { readonly leg: LegId; readonly phone: string; readonly agent: string | null };
  /** The phone asked for it by its own key (REFER), and is told how it goes. */
  readonly refer: boolean;
  readonly to: TransferTo;
  /**
   * The phone's second call, by which the target is asked, and the bridge in which they speak. Null, or not there: the
   * target is asked by keys of the first.
   */
  readonly second?: { readonly leg: LegId; readonly bridge: BridgeId | null } | null;
  /** The target's leg, once there is one that counts. */
  readonly leg: LegId | null;
  /** The caller's place in the target's queue, or with the one agent. */
  readonly ticket: Ticket | null;
  /** Why it came to nothing, while the caller is taken back. */
  readonly why: TransferFailure | null;
}

/** Why a target was not reached. */
export type TransferFailure =
  | 'closed'
  | 'full'
  | 'nobody'
  | 'no-answer'
  | 'busy'
  | 'rejected'
  | 'unreachable'
  | 'failed';

/** Names of texts that whoever transfers hears. */
export interface TransferTexts {
  /** There is no such target, or it is not allowed. */
  readonly unknown: string;
  /** Understood, and not possible now. */
  readonly cannot: string;
  /** The target was not reached, and the caller is there again. */
  readonly failed: string;
  /** To whoever is rung to take the caller back. */
  readonly back: string;
}

/** Most digits of a target: E.164 has 15, with 00 before it. */
export const longestTarget = 17;

/** Pure. What is meant by the digits that were keyed or dialled; null: nothing that is allowed. */
export function targetOf({ to, outside }: Transfers, digits: string): TransferTo | null {
  const known = to.get(digits);
  if (known !== undefined) return known;
  if (outside === null || digits.length > longestTarget || !/^\+?[0-9]+$/.test(digits)) return null;
  const check = checkNumber(outside.rules, digits, 'call');
  return check.result === 'allowed' ? { type: 'outside', number: check.number, trunk: outside.trunk } : null;
}

/** Pure. A target as records may show it: a number outside is nobody's business there. */
export function targetName(to: TransferTo): string | null {
  switch (to.type) {
    case 'queue':
      return to.queue;
    case 'agent':
      return to.agent;
    case 'phone':
      return to.phone;
    case 'service':
      return to.number;
    case 'outside':
      return null;
    default:
      return to satisfies never;
  }
}
