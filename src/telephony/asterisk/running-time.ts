/** Deadlines of one length, in the order in which they were set. */
export interface Deadlines {
  /** @param expired called when the deadline passes before it was met. */
  set(expired: () => void): Deadline;
}

export interface Deadline {
  met: boolean;
}

/**
 * Time as this process lived through it. A process that was stopped for ten seconds has not waited ten seconds for
 * anything: the answers lie unread in its sockets. So deadlines count ticks, of which a pause is one.
 */
export interface RunningTime {
  /** Milliseconds, in steps of a tick. */
  now(): number;
  /** Whether the process has just come out of a pause, and may have unread news. */
  paused(): boolean;
  /** All deadlines of one length share one queue, and no timer of their own. */
  deadlines(ms: number): Deadlines;
  /** Calls back at every tick. */
  onTick(listener: () => void): void;
  stop(): void;
}

const TICK_MS = 100;
const PAUSE_MS = 1000;

interface Entry extends Deadline {
  readonly at: number;
  readonly expired: () => void;
}

export function startRunningTime(): RunningTime {
  let now = 0;
  let lastTick = performance.now();
  const queues: Entry[][] = [];
  const listeners: (() => void)[] = [];
  const timer = setInterval(() => {
    now += TICK_MS;
    lastTick = performance.now();
    for (const queue of queues) expire(queue, now);
    for (const listener of listeners) listener();
  }, TICK_MS);
  return {
    now: () => now,
    paused: () => performance.now() - lastTick > PAUSE_MS,
    deadlines(ms) {
      const queue: Entry[] = [];
      queues.push(queue);
      return {
        set(expired) {
          const entry = { at: now + ms, expired, met: false };
          queue.push(entry);
          return entry;
        },
      };
    },
    onTick: (listener) => listeners.push(listener),
    stop: () => clearInterval(timer),
  };
}

/** Takes off what is met or over; what is met in the middle waits for its turn, which comes soon. */
function expire(queue: Entry[], now: number): void {
  let over = 0;
  for (const entry of queue) {
    if (!entry.met && entry.at > now) break;
    over++;
  }
  for (const entry of queue.splice(0, over)) if (!entry.met) entry.expired();
}
