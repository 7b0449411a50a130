/** Pure. Which ways out of the steps scripted callers went, and which nobody did. */
import { anywhere, type WrittenExit } from '../flows/index.js';
import type { JournalEvent } from '../journal/port.js';

/** A way that a caller went: the step that was left, and the id of the way. */
export interface WalkedExit {
  readonly flow: string;
  readonly step: string;
  readonly id: string;
}

export interface CountedExit extends WrittenExit {
  /** How often scripted callers went this way. */
  readonly taken: number;
}

export interface ExitCoverage {
  readonly exits: readonly CountedExit[];
  readonly tested: number;
  /** Tested exits of all, 0 to 100; 100 where there is none. */
  readonly percent: number;
}

/** Pure. The ways that the events of a call tell of, in order. */
export function walkedExits(events: readonly JournalEvent[]): readonly WalkedExit[] {
  const walked: WalkedExit[] = [];
  for (const { type, body } of events) {
    if (type !== 'step.entered' && type !== 'step.repeated') continue;
    const { flow, by } = body;
    const step = type === 'step.entered' ? body['from'] : body['step'];
    if (typeof flow === 'string' && typeof step === 'string' && typeof by === 'string')
      walked.push({ flow, step, id: by });
  }
  return walked;
}

/** Pure. Counts the ways that were gone against those that are written. */
export function exitCoverage(written: readonly WrittenExit[], walked: Iterable<WalkedExit>): ExitCoverage {
  const own = new Set(written.map(nameOf));
  const counts = new Map<string, number>();
  for (const exit of walked) {
    // A key that the step itself has no use for means the same everywhere.
    const name = own.has(nameOf(exit)) ? nameOf(exit) : nameOf({ ...exit, step: anywhere });
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const exits = written.map((exit): CountedExit => ({ ...exit, taken: counts.get(nameOf(exit)) ?? 0 }));
  const tested = exits.filter(({ taken }) => taken > 0).length;
  return { exits, tested, percent: exits.length === 0 ? 100 : (100 * tested) / exits.length };
}

function nameOf({ flow, step, id }: WalkedExit): string {
  return `${flow}/${step} ${id}`;
}
