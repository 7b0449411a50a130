import type { Alarm, Scheduler, UtcMs } from '../../base/index.js';

/**
 * Time that moves only when told. Alarms go off in the order of their times, those of one time in the order in
 * which they were set: the same program gives the same run.
 *
 * One **step** is one alarm and all that follows from it at once: after each, {@link VirtualTime.settle} lets every
 * promise that can go on do so, before the next alarm. Whatever waits for something else (a file, a thread, a real
 * timer) is not seen by virtual time; give it a `settle` of your own, or keep it out.
 *
 * ```ts
 * const time = createVirtualTime();
 * time.at(time.now() + 500, () => console.log('half a second later'));
 * await time.runFor(1_000);
 * ```
 */
export interface VirtualTime extends Scheduler {
  /** When the next alarm goes off; null when none is set. */
  next(): UtcMs | null;
  /** Makes one step: time jumps to the next alarm. False when none is set. */
  runNext(): Promise<boolean>;
  /** Makes all steps up to and with this time; afterwards it is this time. */
  runUntil(time: UtcMs): Promise<void>;
  runFor(ms: number): Promise<void>;
  /** Makes steps while the condition does not hold. False when it did not come true by the time limit. */
  runUntilTrue(condition: () => boolean, limit: UtcMs): Promise<boolean>;
  /** Makes all steps until no alarm is set. Throws after so many steps (a million). */
  runUntilIdle(maxSteps?: number): Promise<void>;
  /** Lets every promise that can go on do so; time stands still. */
  settle(): Promise<void>;
}

/** 2026-03-01T06:00:00Z, the default start. */
export const virtualStart: UtcMs = Date.UTC(2026, 2, 1, 6);

interface Entry {
  readonly time: UtcMs;
  readonly seq: number;
  run: (() => void) | null;
}

/**
 * @param settle lets go on what can go on, then calls back. By default one turn of the event loop, before which Node
 * runs every promise that can go on; it costs about 2 µs.
 */
export function createVirtualTime(
  start: UtcMs = virtualStart,
  settle: (settled: () => void) => void = setImmediate,
): VirtualTime {
  const heap: Entry[] = [];
  let now = start;
  let seq = 0;

  /** The next alarm that was not cancelled, left in the heap. */
  function peek(): Entry | undefined {
    for (;;) {
      const first = heap[0];
      if (first === undefined || first.run !== null) return first;
      pop(heap);
    }
  }

  /** Makes steps until told to stop, by callbacks alone: a promise for each step would double its price. */
  function drive(stop: (next: Entry | undefined) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          const entry = peek();
          if (stop(entry) || entry === undefined) return resolve();
          pop(heap);
          now = Math.max(now, entry.time);
          const { run } = entry;
          entry.run = null;
          run?.();
        } catch (error) {
          return reject(error instanceof Error ? error : new Error(String(error)));
        }
        settle(turn);
      };
      settle(turn);
    });
  }

  const time: VirtualTime = {
    now: () => now,
    at(at, run): Alarm {
      const entry: Entry = { time: Math.max(at, now), seq: seq++, run };
      push(heap, entry);
      return {
        cancel: () => {
          entry.run = null;
        },
      };
    },
    next: () => peek()?.time ?? null,
    async runNext() {
      let steps = 0;
      await drive((next) => next === undefined || steps++ === 1);
      return steps > 0;
    },
    async runUntil(limit) {
      await drive((next) => next === undefined || next.time > limit);
      now = Math.max(now, limit);
    },
    runFor: (ms) => time.runUntil(now + ms),
    async runUntilTrue(condition, limit) {
      let came = false;
      await drive((next) => {
        came = condition();
        return came || next === undefined || next.time > limit;
      });
      if (!came) now = Math.max(now, limit);
      return came;
    },
    async runUntilIdle(maxSteps = 1_000_000) {
      let steps = 0;
      await drive((next) => {
        if (next === undefined || steps++ < maxSteps) return false;
        throw new RangeError(`Virtual time is not idle after ${maxSteps} steps.`);
      });
    },
    settle: () => new Promise((resolve) => settle(resolve)),
  };
  return time;
}

/**
 * Alarms of one life: when it ends (the engine dies), they all go with it, and none can be set any more.
 */
export interface Lifetime extends Scheduler {
  end(): void;
}

export function createLifetime(scheduler: Scheduler): Lifetime {
  const alarms = new Set<Alarm>();
  let ended = false;
  return {
    now: () => scheduler.now(),
    at(time, run) {
      if (ended) return { cancel: () => undefined };
      const alarm = scheduler.at(time, () => {
        alarms.delete(alarm);
        run();
      });
      alarms.add(alarm);
      return {
        cancel: () => {
          alarms.delete(alarm);
          alarm.cancel();
        },
      };
    },
    end() {
      ended = true;
      for (const alarm of alarms) alarm.cancel();
      alarms.clear();
    },
  };
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.seq < b.seq);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above] as Entry;
    if (!before(entry, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = entry;
}

/** Takes the first entry off. The heap is not empty. */
function pop(heap: Entry[]): void {
  const last = heap.pop() as Entry;
  if (heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const left = heap[child];
    if (left === undefined) break;
    const right = heap[child + 1];
    let smaller = left;
    if (right !== undefined && before(right, left)) {
      smaller = right;
      child++;
    }
    if (!before(smaller, last)) break;
    heap[index] = smaller;
    index = child;
  }
  heap[index] = last;
}
