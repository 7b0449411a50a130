/** Who talked with a caller and when, and how the caller was moved on. Pure. */
import { extended, type UtcMs } from '../base/index.js';
import type { CallFact, TalkBeginning, TalkEnding } from '../calls/index.js';

/** One stretch of talk: belongs to the agent, phone or line that talked, whoever had the caller before and after. */
export interface Segment {
  readonly leg: string;
  readonly kind: 'agent' | 'phone' | 'outside';
  /** The agent, the phone, or the trunk by which a number outside was reached. */
  readonly who: string;
  /** The agent's ticket in a queue; null: it was by none. */
  readonly ticket: string | null;
  readonly from: UtcMs;
  readonly began: TalkBeginning;
  /** null until it is over, and `ended` with it. */
  readonly to: UtcMs | null;
  readonly ended: TalkEnding | null;
}

/** One transfer or conference. */
export interface TransferRecord {
  /** Leg of the one who moved the caller: see the segment. */
  readonly leg: string;
  readonly how: string;
  /** Kind of the target: `queue`, `agent`, `phone`, `service`, `outside`. */
  readonly to: string;
  /** null for a number outside. */
  readonly name: string | null;
  readonly at: UtcMs;
  readonly endedAt: UtcMs | null;
  readonly result: string | null;
  /** Why the target was not reached. */
  readonly why: string | null;
}

type TalkFact = Extract<CallFact, { type: 'talk.began' | 'talk.ended' }>;
type TransferFact = Extract<CallFact, { type: 'transfer.began' | 'transfer.ended' }>;

export function foldSegments(
  /** Not there in calls that an older engine began. */
  segments: readonly Segment[] | undefined,
  fact: TalkFact,
  at: UtcMs,
): readonly Segment[] {
  const known = segments ?? [];
  if (fact.type === 'talk.began') {
    const { leg, kind, who, ticket, by: began } = fact.body;
    return [...known, { leg, kind, who, ticket, from: at, began, to: null, ended: null }];
  }
  const { leg, by: ended } = fact.body;
  return known.map((segment) =>
    segment.leg === leg && segment.to === null ? extended(segment, { to: at, ended }) : segment,
  );
}

export function foldTransfers(
  transfers: readonly TransferRecord[] | undefined,
  fact: TransferFact,
  at: UtcMs,
): readonly TransferRecord[] {
  const known = transfers ?? [];
  if (fact.type === 'transfer.began') {
    const { leg, how, to, name } = fact.body;
    return [...known, { leg, how, to, name, at, endedAt: null, result: null, why: null }];
  }
  const { leg, result, why } = fact.body;
  return known.map((transfer) =>
    transfer.leg === leg && transfer.endedAt === null
      ? extended(transfer, { endedAt: at, result, why })
      : transfer,
  );
}
