import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Log } from '../../src/base/index.js';
import type { JournalEvent, Timers, Turn } from '../../src/journal/index.js';

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
