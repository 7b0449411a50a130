import type { HangUpReason, LegCause } from '../port.js';

/** The cause of a leg that we ended, by ITU-T Q.850. */
const q850 = {
  normal: 16,
  busy: 17,
  congestion: 34,
  'no-answer': 19,
  rejected: 21,
  unallocated: 1,
} as const satisfies Record<HangUpReason, number>;

/** What a caller's phone is told when we refuse before the answer, as Asterisk maps the causes. */
const sip = {
  normal: 603,
  busy: 486,
  congestion: 503,
  'no-answer': 480,
  rejected: 403,
  unallocated: 404,
} as const satisfies Record<HangUpReason, number>;

/** As our side reports it. */
export function causeOf(reason: HangUpReason): LegCause {
  return { q850: q850[reason], sip: null };
}

/** As the caller sees it. An answered call ends by BYE, which has no status. */
export function causeForCaller(reason: HangUpReason, answered: boolean): LegCause {
  return { q850: q850[reason], sip: answered ? null : sip[reason] };
}

export const phoneBusy: LegCause = { q850: 17, sip: 486 };
export const phoneCongested: LegCause = { q850: 34, sip: 503 };
export const notAnswered: LegCause = { q850: 19, sip: 480 };
