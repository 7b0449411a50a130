/** Pure. The circuit breaker of a source: one that fails again and again is left alone for a while. */
import type { UtcMs } from '../base/index.js';
import type { SourceLimits } from './source.js';

/** Closed: asked as usual. Open: not asked before `until`. Half-open: one question tries it. */
export type Breaker =
  | { readonly state: 'closed' /** In a row. */; readonly failures: number }
  | { readonly state: 'open'; readonly until: UtcMs }
  | { readonly state: 'half-open' };

export const closedBreaker: Breaker = { state: 'closed', failures: 0 };

/** Whether a question may go to the source, and the breaker afterwards. */
export function admit(breaker: Breaker, now: UtcMs): { readonly admitted: boolean; readonly next: Breaker } {
  switch (breaker.state) {
    case 'closed':
      return { admitted: true, next: breaker };
    case 'open':
      return now < breaker.until
        ? { admitted: false, next: breaker }
        : { admitted: true, next: { state: 'half-open' } };
    case 'half-open':
      return { admitted: false, next: breaker };
  }
}

/** The source has answered: whatever was thought of it, it is well. */
export function afterAnswer(): Breaker {
  return closedBreaker;
}

/** The question never left. One that was to try the source has not tried it: the next one will. */
export function afterNothing(breaker: Breaker, now: UtcMs): Breaker {
  return breaker.state === 'half-open' ? { state: 'open', until: now } : breaker;
}

export function afterFailure(
  breaker: Breaker,
  limits: Pick<SourceLimits, 'failures' | 'restMs'>,
  now: UtcMs,
): Breaker {
  switch (breaker.state) {
    case 'closed': {
      const failures = breaker.failures + 1;
      return failures < limits.failures
        ? { state: 'closed', failures }
        : { state: 'open', until: now + limits.restMs };
    }
    case 'half-open':
      return { state: 'open', until: now + limits.restMs };
    // A question from before it opened: that is known already.
    case 'open':
      return breaker;
  }
}
