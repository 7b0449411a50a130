/** Pure. What a queue remembers of its calls: sums in which each new one counts full, and the older the less. */
import type { QueueHistory } from './event.js';

/** What is left of the sums with each new call: the last 100 make up most of them. */
const fade = 0.99;

const none: QueueHistory = { handled: 0, handledMs: 0, handledSquares: 0, waitedMs: 0, abandoned: 0 };

/** A call was handled: talking, hold and wrap-up took so long. */
export function withHandled(history: QueueHistory | null, ms: number): QueueHistory {
  const { handled, handledMs, handledSquares, waitedMs, abandoned } = history ?? none;
  return {
    handled: handled * fade + 1,
    handledMs: handledMs * fade + ms,
    handledSquares: handledSquares * fade + (ms / 1000) ** 2,
    waitedMs,
    abandoned,
  };
}

/** A wait on the line of so long is over: an agent answered, or the caller gave up. */
export function withWait(history: QueueHistory | null, ms: number, isAbandoned: boolean): QueueHistory {
  const { handled, handledMs, handledSquares, waitedMs, abandoned } = history ?? none;
  return {
    handled,
    handledMs,
    handledSquares,
    waitedMs: waitedMs * fade + ms,
    abandoned: abandoned * fade + (isAbandoned ? 1 : 0),
  };
}
