/** Pure. What a queue remembers of its calls: sums in which each new one counts full, and the older the less. */
import type { QueueHistory } from './event.js';

/** What is left of the sums with each new call: the last 100 make up most of them. */
const fade = 0.99;

const none: QueueHistory = { handled: 0, handledMs: 0, handledSquares: 0, waitedMs: 0, abandoned: 0 };

/** A call was handled: talking, hold and wrap-up took so long. */
export function withHandled(history: QueueHistory | null, ms: number): QueueHistory {
  const before = history ?? none;
  return {
    handled: before.handled * fade + 1,
    handledMs: before.handledMs * fade + ms,
    handledSquares: before.handledSquares * fade + (ms / 1000) ** 2,
    waitedMs: before.waitedMs,
    abandoned: before.abandoned,
    pickedUp: before.pickedUp ?? 0,
    pickUpLogs: before.pickUpLogs ?? 0,
  };
}

/**
 * A wait on the line of so long is over.
 *
 * @param pickUpMs how long the agent who answered took to do so, once chosen; null: the caller gave up.
 */
export function withWait(history: QueueHistory | null, ms: number, pickUpMs: number | null): QueueHistory {
  const before = history ?? none;
  const { pickedUp = 0, pickUpLogs = 0 } = before;
  return {
    handled: before.handled,
    handledMs: before.handledMs,
    handledSquares: before.handledSquares,
    waitedMs: before.waitedMs * fade + ms,
    abandoned: before.abandoned * fade + (pickUpMs === null ? 1 : 0),
    pickedUp: pickUpMs === null ? pickedUp : pickedUp * fade + 1,
    pickUpLogs: pickUpMs === null ? pickUpLogs : pickUpLogs * fade + Math.log(Math.max(1, pickUpMs)),
  };
}
