/** Pure. The one table from Q.850 causes and SIP answers to what they mean for a call. */
import type { DialResult } from '../flows/index.js';
import type { LegCause } from '../telephony/port.js';
import type { Termination } from './fact.js';

interface CauseRow {
  /** Name in ITU-T Q.850 table 1. */
  readonly name: string;
  /** Who ended a leg that had been answered. */
  readonly by: 'far-end' | 'network' | 'exchange';
  /** What it means for a phone that was rung. */
  readonly dial: Exclude<DialResult, 'talked'>;
}

/** By Q.850 cause value. A value without a row counts as `fallbackRow`. */
const causeTable: Readonly<Record<number, CauseRow>> = {
  1: { name: 'unallocated number', by: 'network', dial: 'unreachable' },
  2: { name: 'no route to transit network', by: 'network', dial: 'unreachable' },
  3: { name: 'no route to destination', by: 'network', dial: 'unreachable' },
  16: { name: 'normal call clearing', by: 'far-end', dial: 'no-answer' },
  17: { name: 'user busy', by: 'far-end', dial: 'busy' },
  18: { name: 'no user responding', by: 'network', dial: 'no-answer' },
  19: { name: 'no answer from user', by: 'far-end', dial: 'no-answer' },
  20: { name: 'subscriber absent', by: 'network', dial: 'unreachable' },
  21: { name: 'call rejected', by: 'far-end', dial: 'rejected' },
  22: { name: 'number changed', by: 'network', dial: 'unreachable' },
  26: { name: 'non-selected user clearing', by: 'network', dial: 'no-answer' },
  27: { name: 'destination out of order', by: 'network', dial: 'unreachable' },
  28: { name: 'invalid number format', by: 'network', dial: 'unreachable' },
  29: { name: 'facility rejected', by: 'network', dial: 'failed' },
  31: { name: 'normal, unspecified', by: 'far-end', dial: 'no-answer' },
  34: { name: 'no circuit available', by: 'network', dial: 'failed' },
  38: { name: 'network out of order', by: 'network', dial: 'failed' },
  41: { name: 'temporary failure', by: 'network', dial: 'failed' },
  42: { name: 'switching equipment congestion', by: 'network', dial: 'failed' },
  44: { name: 'requested circuit not available', by: 'network', dial: 'failed' },
  47: { name: 'resource unavailable', by: 'network', dial: 'failed' },
  50: { name: 'requested facility not subscribed', by: 'network', dial: 'failed' },
  58: { name: 'bearer capability not available', by: 'network', dial: 'failed' },
  79: { name: 'service or option not implemented', by: 'network', dial: 'failed' },
  88: { name: 'incompatible destination', by: 'network', dial: 'failed' },
  102: { name: 'recovery on timer expiry', by: 'network', dial: 'no-answer' },
  111: { name: 'protocol error', by: 'network', dial: 'failed' },
  127: { name: 'interworking, unspecified', by: 'network', dial: 'failed' },
};

/** Q.850 value of a SIP final answer, after RFC 3398 section 8.2.6.1, for answers that came without a cause. */
const q850OfSip: Readonly<Record<number, number>> = {
  400: 41,
  401: 21,
  403: 21,
  404: 1,
  405: 63,
  406: 79,
  407: 21,
  408: 102,
  410: 22,
  480: 18,
  481: 41,
  484: 28,
  486: 17,
  487: 16,
  488: 58,
  500: 41,
  502: 38,
  503: 41,
  504: 102,
  600: 17,
  603: 21,
  604: 1,
  606: 58,
};

const fallbackRow: CauseRow = { name: 'unknown', by: 'network', dial: 'failed' };

function rowOf(cause: LegCause): CauseRow {
  const value = cause.q850 ?? (cause.sip === null ? null : (q850OfSip[cause.sip] ?? null));
  return value === null ? fallbackRow : (causeTable[value] ?? fallbackRow);
}

/** Pure. What became of a phone that was rung and not answered. */
export function dialResultOf(cause: LegCause): Exclude<DialResult, 'talked'> {
  return rowOf(cause).dial;
}

/**
 * Pure. How a call ended whose caller's leg went without us having ended it.
 *
 * @param outcome what the flow had reached by then; null for nothing.
 */
export function terminationOf(cause: LegCause, outcome: string | null): Termination {
  const result = outcome === null ? 'abandoned' : 'completed';
  if (cause.q850 === null && cause.sip === null) return { result, reason: 'exchange-gone', by: 'exchange' };
  const row = rowOf(cause);
  if (row.by === 'far-end') return { result, reason: 'hung-up', by: 'caller' };
  return { result, reason: row.name.replaceAll(',', '').replaceAll(' ', '-'), by: row.by };
}
