import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Log } from '../../src/base/index.js';
import type { JournalEvent, Timers, Turn } from '../../src/journal/index.js';
import { OnedoorError } from '../../src/base/index.js';
import { defaultLimits } from '../../src/journal/commit-limits.js';
import { createCommits } from '../../src/journal/commits.js';
import { defaultRetention, type Group } from '../../src/journal/group.js';
import { createReserve, type ReserveMedium } from '../../src/journal/reserve.js';

export const silent: Log = pino({ level: 'silent' });

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes with the process. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-journal-'));
  folders.push(folder);
  return folder;
}

/** A turn of a call: one event, the call as it is now, a number that was keyed. */
export function makeTurn(seq: number, changes: Partial<Turn> = {}): Turn {
  return {
    seq,
    at: 1_000_000 + seq,
    events: [makeEvent(`call-${seq}`)],
    entities: [{ kind: 'call', id: `call-${seq}`, body: { seq } }],
    personal: [],
    records: [],
    ...changes,
  };
}

export function makeEvent(subject: string, changes: Partial<JournalEvent> = {}): JournalEvent {
  return { type: 'leg.arrived', version: 1, subject, body: { number: 'caller.number' }, ...changes };
}

/** Resolves when `condition` holds; fails after `ms`. */
export async function until(condition: () => boolean, what: string, ms = 5_000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Never came about: ${what}.`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Time that passes when a test says so. */
export function createVirtualTimers(): Timers & { advance(ms: number): void } {
  let now = 0;
  let armed: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      armed.push(timer);
      return () => {
        armed = armed.filter((one) => one !== timer);
      };
    },
    soon: (run) => run(),
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = armed.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        armed = armed.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}

/** Lets promises that are settled reach those who wait for them. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** The pauses that the tests reckon with; how long they are in an engine is another question. */
const limits = { ...defaultLimits, paceMs: 5, mostPaceMs: 12 };

/** Commits over a store and a reserve that answer when the test says so. */
export function makeCommits(options: { readonly reserve?: boolean } = {}) {
  const timers = createVirtualTimers();
  const handed: { seqs: number[]; done: (failure: OnedoorError | null) => void }[] = [];
  const written: ((failure: Error | null) => void)[] = [];
  const states: string[] = [];
  const order: string[] = [];
  let owner: 'us' | 'another' | 'unknown' = 'us';
  const medium: ReserveMedium = {
    size: 100_000,
    write: (_offset, _bytes, done) => void written.push(done),
    close: () => Promise.resolve(),
  };
  const commits = createCommits({
    epoch: 1,
    seq: 0,
    store: {
      commit: (groups, done) => void handed.push({ seqs: groups.flatMap(turnsOf), done }),
      ask: () => Promise.reject(new Error('Nobody asks.')),
      close: () => Promise.resolve(),
    },
    reserve: options.reserve === false ? null : createReserve(medium, 1),
    owner: () => owner,
    retention: defaultRetention,
    limits,
    timers,
    log: silent,
  });
  commits.onState((state, why) => void states.push(`${state}: ${why}`));
  let seq = 0;
  return {
    commits,
    timers,
    states,
    order,
    handed,
    written,
    append(urgent = true) {
      const mine = ++seq;
      return commits.append(makeTurn(mine), urgent).then(
        () => void order.push(`${mine}`),
        (error: unknown) => void order.push(`${mine} ${error instanceof OnedoorError ? error.code : 'bug'}`),
      );
    },
    own(by: typeof owner) {
      owner = by;
    },
    /** The store's answer to the oldest commit. */
    async answer(failure: OnedoorError | null = null) {
      handed.shift()?.done(failure);
      await settle();
    },
    /** The reserve's answer to the oldest write. */
    async written1(failure: Error | null = null) {
      written.shift()?.(failure);
      await settle();
    },
  };
}

function turnsOf(group: Group): number[] {
  return Array.from({ length: group.to - group.from + 1 }, (_, index) => group.from + index);
}

export const full = new OnedoorError('ONEDOOR_JOURNAL_STORE', { why: 'database or disk is full' });
