import { type Log, OnedoorError } from '../base/index.js';
import type { CommitLimits } from './commit-limits.js';
import { encode, type Gathering, type Group, gather, type Retention, startGathering } from './group.js';
import type { JournalState, Turn } from './port.js';
import type { Reserve } from './reserve.js';
import type { StoreLine } from './store-thread.js';
import type { Timers } from './timers.js';
import { createWaiter, type Waiter } from './waiter.js';

export interface CommitsOptions {
  readonly epoch: number;
  /** Newest turn of the store. */
  readonly seq: number;
  readonly store: StoreLine;
  /** null: turns that a failed store does not take wait in memory. */
  readonly reserve: Reserve | null;
  /** Who owns the journal, by its folder: asked before and after each write to the reserve. */
  readonly owner: () => 'us' | 'another' | 'unknown';
  readonly retention: Retention;
  readonly limits: CommitLimits;
  readonly timers: Timers;
  readonly log: Log;
}

/** The order of commits: turns gather to groups, groups go to the store one after another, or to the reserve. */
export interface Commits {
  append(turn: Turn, urgent: boolean): Promise<void>;
  readonly state: JournalState;
  onState(listener: (state: JournalState, why: string) => void): void;
  /** Commits what waits. Resolves when it is durable, or lost because neither store nor reserve takes it. */
  close(): Promise<void>;
}

/** A group that is not in the store yet. */
interface Waiting {
  readonly group: Group;
  readonly waiter: Waiter;
  reserved: boolean;
}

/** Groups that are handed to the store at once when it has fallen behind. */
const catchUp = 200;

export function createCommits(options: CommitsOptions): Commits {
  const { store, reserve, retention, limits, timers, log, epoch } = options;
  const tooSlow = `the reserve takes over ${limits.stalledMs} ms`;
  const listeners: ((state: JournalState, why: string) => void)[] = [];
  /** In order; all that the store has not confirmed. */
  let waiting: Waiting[] = [];
  let gathering: Gathering | null = null;
  let gatheringWaiter = createWaiter();
  let hurry = false;
  let newest = options.seq;
  let state: JournalState = 'normal';
  let fence: OnedoorError | null = null;
  let closing: (() => void) | null = null;
  let closed = false;

  /** How many groups the store has in hand. */
  let committing = 0;
  let commits = 0;
  /** Degraded, and the store works again: what comes waits for it, no longer for the reserve. */
  let catchingUp = false;
  let commitStarted = Number.NEGATIVE_INFINITY;
  let pause = 0;
  /** Until when the pauses of all commits so far would last, one after the other. */
  let paidAt = Number.NEGATIVE_INFINITY;
  let cancelSlow = noTimer;
  let cancelWindow = noTimer;
  /** When the gathering group is to be committed; infinite while no time is set. */
  let due = Number.POSITIVE_INFINITY;

  let reserving = false;
  let reserveStuck = false;
  let probePause = limits.probeMs;
  let cancelProbe = noTimer;
  let cancelRetry = noTimer;
  /** The store's last answer was that waiting does not help. */
  let broken = false;

  function append(turn: Turn, urgent: boolean): Promise<void> {
    if (fence !== null) return Promise.reject(fence);
    if (closed) return Promise.reject(new OnedoorError('ONEDOOR_JOURNAL_CLOSED'));
    if (turn.seq <= newest) return settled();
    if (turn.seq !== newest + 1)
      return Promise.reject(
        new OnedoorError('ONEDOOR_BASE_BUG', { what: `turn ${turn.seq} after turn ${newest}` }),
      );
    newest = turn.seq;
    gathering ??= startGathering();
    gather(gathering, turn);
    hurry ||= urgent;
    const { promise } = gatheringWaiter;
    if (state === 'normal') pace();
    else if (state === 'degraded' && !catchingUp) toReserve();
    return promise;
  }

  /** Closes the group that gathers. */
  function closeGroup(): void {
    if (gathering === null) return;
    pause = Math.min(gathering.turns.length * limits.paceMs, limits.mostPaceMs);
    waiting.push({ group: encode(gathering, retention), waiter: gatheringWaiter, reserved: false });
    gathering = null;
    gatheringWaiter = createWaiter();
    hurry = false;
  }

  /** Commits now, or sets the time to. */
  function pace(): void {
    if (committing > 0 || gathering === null) return;
    const now = timers.now();
    const at = Math.max(paidAt - limits.creditMs, hurry ? now : now + limits.windowMs);
    if (at <= now) flush();
    else if (at < due) {
      cancelWindow();
      due = at;
      cancelWindow = timers.after(at - now, flush);
    }
  }

  function flush(): void {
    stopWindow();
    if (committing > 0 || state !== 'normal' || fence !== null) return;
    closeGroup();
    if (waiting.length > 0) commit();
  }

  function stopWindow(): void {
    cancelWindow();
    due = Number.POSITIVE_INFINITY;
  }

  /** Hands what waits to the store; with nothing waiting it tries whether the store works. */
  function commit(): void {
    const mine = waiting.slice(0, catchUp);
    committing = Math.max(1, mine.length);
    commitStarted = timers.now();
    paidAt = Math.min(Math.max(paidAt, commitStarted), commitStarted + limits.creditMs) + pause;
    const number = ++commits;
    if (state === 'normal' || catchingUp) cancelSlow = timers.after(limits.slowMs, () => slow(number));
    store.commit(
      mine.map((one) => one.group),
      (failure) => committed(mine.length, failure),
    );
  }

  function slow(mine: number): void {
    // An answer may lie in the queue of a loop that stood still: it is read before this runs.
    timers.soon(() => {
      if (committing > 0 && commits === mine && fence === null)
        degrade(`a commit takes over ${limits.slowMs} ms`);
    });
  }

  function committed(count: number, failure: OnedoorError | null): void {
    committing = 0;
    cancelSlow();
    if (fence !== null) return;
    broken = failure?.code === 'ONEDOOR_JOURNAL_BROKEN';
    if (failure?.code === 'ONEDOOR_JOURNAL_FENCED') refuse(failure);
    else if (failure !== null) {
      degrade(failure.message);
      probeLater();
    } else {
      for (const one of waiting.splice(0, count)) one.waiter.settle(null);
      if (state === 'normal') pace();
      else regain();
      clearReserve();
      finish();
    }
  }

  function degrade(why: string): void {
    catchingUp = false;
    if (state === 'normal') {
      stopWindow();
      log.error({ why }, 'The journal is degraded: turns go to the reserve.');
      enter('degraded', why);
    }
    toReserve();
  }

  function enter(next: JournalState, why: string): void {
    state = next;
    for (const listener of listeners) listener(state, why);
  }

  /** After a commit in degraded mode: if it was quick, on until the store has all that was told to be durable. */
  function regain(): void {
    if (timers.now() - commitStarted > limits.slowMs) {
      catchingUp = false;
      toReserve();
      probeLater();
      return;
    }
    catchingUp = true;
    probePause = limits.probeMs;
    // A write to the reserve that is under way goes on when it ends.
    if (reserving && !reserveStuck) return;
    closeGroup();
    if (waiting.some((one) => one.waiter.isSettled)) commit();
    else {
      catchingUp = false;
      cancelRetry();
      log.warn('The journal is back to normal.');
      enter('normal', 'the store works again');
      if (waiting.length > 0) commit();
    }
  }

  /** The reserve has ended what it did: on with what waits for that. */
  function afterReserve(): void {
    if (state === 'normal') clearReserve();
    else if (!catchingUp) toReserve();
    else if (committing === 0) commit();
    finish();
  }

  function probeLater(): void {
    cancelProbe();
    cancelProbe = timers.after(probePause, () => {
      if (committing > 0 || state === 'normal' || fence !== null) return;
      // Of a stalled journal nothing else closes it.
      closeGroup();
      commit();
    });
    probePause = Math.min(probePause * 2, limits.probeMs * 4);
  }

  /** Writes all that waits and is not in the reserve yet; one write at a time. */
  function toReserve(): void {
    if (reserving && !reserveStuck) return;
    const why = reserveStuck ? tooSlow : (reserve?.refusal ?? null);
    if (reserve === null || why !== null) return stall(why ?? 'there is no reserve');
    closeGroup();
    const mine = waiting.filter((one) => !one.reserved);
    if (mine.length === 0) finish();
    else if (owned()) {
      const done = occupyReserve();
      const groups = mine.map((one) => one.group);
      reserve.add(groups, (failure) => {
        done();
        reserved(mine, failure);
      });
    }
  }

  /** The reserve does one thing at a time, and turns wait for it only so long. The result says that it is free. */
  function occupyReserve(): () => void {
    reserving = true;
    const cancelStuck = timers.after(limits.stalledMs, () => {
      reserveStuck = true;
      if (state !== 'normal') stall(tooSlow);
    });
    return () => {
      cancelStuck();
      reserving = false;
      reserveStuck = false;
    };
  }

  /** Whether the journal is ours for certain. */
  function owned(): boolean {
    const owner = options.owner();
    if (owner === 'another') refuse(new OnedoorError('ONEDOOR_JOURNAL_FENCED', { epoch }));
    if (owner === 'unknown') stall('the owner of the journal cannot be read');
    return owner === 'us';
  }

  function reserved(mine: readonly Waiting[], failure: Error | null): void {
    if (fence !== null) return;
    // Else the store has these turns in hand again, and tells.
    if (state !== 'normal') {
      if (failure !== null) stall(failure.message);
      // Written before a newer owner read the reserve, or not durable.
      else if (owned()) {
        for (const one of mine) {
          one.reserved = true;
          one.waiter.settle(null);
        }
        endStall();
      }
    }
    if (failure === null) afterReserve();
    else if (catchingUp && committing === 0) commit();
  }

  /** The reserve is used again once the store has all that it holds. */
  function clearReserve(): void {
    if (reserve === null || !reserve.used || reserving || waiting.some((one) => one.reserved)) return;
    const done = occupyReserve();
    reserve.clear((failure) => {
      done();
      if (failure !== null) log.warn({ err: failure }, 'The reserve was not overwritten.');
      if (fence === null) afterReserve();
    });
  }

  /**
   * Neither store nor reserve takes turns now. They wait in memory, gathered to one group, so that of each entity only
   * the last write is kept; nothing that waits for them leaves. The store's answer ends it, or the reserve's.
   */
  function stall(why: string): void {
    if (gathering === null && waiting.every((one) => one.waiter.isSettled)) return finish();
    if (closed || broken) return lose(why);
    cancelRetry();
    cancelRetry = timers.after(limits.stalledMs, () => {
      if (state === 'stalled' && fence === null) toReserve();
    });
    if (state === 'stalled') return;
    log.error({ why }, 'The journal is stalled: neither store nor reserve takes turns. They wait in memory.');
    enter('stalled', why);
  }

  function endStall(): void {
    if (state !== 'stalled') return;
    cancelRetry();
    log.warn('The journal is no longer stalled: the reserve takes turns.');
    enter('degraded', 'the reserve takes turns again');
  }

  /**
   * Tells those who wait that their turns are not durable, where waiting ends or does not help. The turns stay: should
   * the store take them after all, history has no gap.
   */
  function lose(why: string): void {
    closeGroup();
    const unsettled = waiting.filter((one) => !one.waiter.isSettled);
    log.error({ why, groups: unsettled.length }, 'Turns are in neither store nor reserve.');
    for (const one of unsettled) one.waiter.settle(new OnedoorError('ONEDOOR_JOURNAL_LOST', { why }));
    finish();
  }

  /** Another engine owns the journal. */
  function refuse(error: OnedoorError): void {
    fence = error;
    log.error({ epoch }, 'Another engine owns the journal now.');
    closeGroup();
    for (const one of waiting) one.waiter.settle(error);
    waiting = [];
    cancelProbe();
    cancelRetry();
    stopWindow();
    cancelSlow();
    finish();
  }

  function settled(): Promise<void> {
    if (gathering !== null) return gatheringWaiter.promise;
    return waiting.at(-1)?.waiter.promise ?? Promise.resolve();
  }

  /** Ends closing when nothing is left to wait for. */
  function finish(): void {
    if (closing === null) return;
    const open = gathering !== null || waiting.some((one) => !one.waiter.isSettled);
    // With a working store the reserve shall be empty; with a broken one it is what the next start reads.
    if (fence === null && (open || (state === 'normal' && (committing > 0 || waiting.length > 0)))) return;
    cancelProbe();
    cancelRetry();
    closing();
  }

  function close(): Promise<void> {
    closed = true;
    hurry = true;
    return new Promise((resolve) => {
      closing = resolve;
      if (state === 'normal') flush();
      else toReserve();
      finish();
    });
  }

  return {
    append,
    get state() {
      return state;
    },
    onState: (listener) => void listeners.push(listener),
    close,
  };
}

function noTimer(): void {
  // Nothing was set.
}
