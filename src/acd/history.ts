/** Pure. What a queue remembers of its calls: sums in which each new one counts full, and the older the less. */
import type { QueueHistory } from './event.js';

/** What is left of the sums with each new call: the last 50 make up most of them. */
const fade = 0.98;

const none: QueueHistory = { handled: 0, handledMs: 0, handledSquares: 0, waits: 0, abandoned: 0 };

/** A call was handled: talking, hold and wrap-up took so long. */
export function withHandled(history: QueueHistory | null, ms: number): QueueHistory {
  const { handled, handledMs, handledSquares, ...waits } = history ?? none;
  return {
    ...waits,
    handled: handled * fade + 1,
    handledMs: handledMs * fade + ms,
    handledSquares: handledSquares * fade + (ms / 1000) ** 2,
  };
}

/** A wait is over: an agent answered, or the caller gave up. */
export function withWait(history: QueueHistory | null, isAbandoned: boolean): QueueHistory {
  const { waits, abandoned, ...handled } = history ?? none;
  return { ...handled, waits: waits * fade + 1, abandoned: abandoned * fade + (isAbandoned ? 1 : 0) };
}
