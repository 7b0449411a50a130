/**
 * Pure. How often a wrong PIN was given: by one call, from one number, for one account. Each is known by a keyed hash
 * alone. Nothing has to run for a lock to end: its time is compared.
 */
import type { CallId, UtcMs } from '../base/index.js';

/** A stored format. */
export interface Attempts {
  /** Since the last right PIN, or the last lock. */
  readonly failures: number;
  /** How often it was locked: each lock lasts twice as long as the one before. */
  readonly locks: number;
  /** Locked before that time; 0: not locked. */
  readonly until: UtcMs;
  /** From then on nothing of it counts any more. */
  readonly forgotten: UtcMs;
}

/** What the call tells those who count, within the turn. */
export type AttemptMessage =
  /** Answered by `attempt.judged`. An attempt that is allowed counts as wrong until it was right, whatever happens. */
  | {
      readonly type: 'begin-attempt';
      readonly contact: CallId;
      readonly number: string | null;
      readonly source: string;
      readonly account: string | null;
      readonly tries: number;
      readonly lockMs: number;
    }
  /** `unanswered`: the source did not say whether the PIN was right; the attempt does not count. */
  | {
      readonly type: 'end-attempt';
      readonly keys: readonly string[];
      readonly result: 'right' | 'unanswered';
    };

export type AttemptEvent =
  /** `keys` are hashes: under them the attempt is counted. */
  | { readonly type: 'attempt.judged'; readonly result: 'allowed'; readonly keys: readonly string[] }
  | { readonly type: 'attempt.judged'; readonly result: 'locked'; readonly until: UtcMs };

const dayMs = 24 * 60 * 60_000;

/** What still counts of it at a time. */
export function countingAt(attempts: Attempts | null, at: UtcMs): Attempts | null {
  if (attempts === null || attempts.forgotten <= at) return null;
  // Who has waited for the end of a lock has all tries again.
  return attempts.until !== 0 && attempts.until <= at ? { ...attempts, failures: 0, until: 0 } : attempts;
}

export function lockedUntil(attempts: Attempts | null, at: UtcMs): UtcMs | null {
  return attempts !== null && attempts.until > at ? attempts.until : null;
}

/** One more attempt, of which nobody knows yet that it is right. */
export function withAttempt(
  attempts: Attempts | null,
  { tries, lockMs }: { readonly tries: number; readonly lockMs: number },
  at: UtcMs,
): Attempts {
  const known = countingAt(attempts, at) ?? { failures: 0, locks: 0, until: 0 };
  const failures = known.failures + 1;
  if (failures < tries) return { ...known, failures, forgotten: at + dayMs };
  const until = at + Math.min(lockMs * 2 ** known.locks, dayMs);
  return { failures, locks: known.locks + 1, until, forgotten: until + dayMs };
}

/** The last attempt does not count. */
export function withoutAttempt(attempts: Attempts | null, at: UtcMs): Attempts | null {
  const known = countingAt(attempts, at);
  if (known === null || known.failures === 0) return known;
  const locked = known.until > at;
  const failures = known.failures - 1;
  const locks = known.locks - (locked ? 1 : 0);
  return failures === 0 && locks === 0 ? null : { ...known, failures, locks, until: 0 };
}
