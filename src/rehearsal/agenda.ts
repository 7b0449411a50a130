/** What time brings in a rehearsal, in order. */
import type { UtcMs } from '../base/index.js';

export interface Due {
  readonly at: UtcMs;
  readonly order: number;
  readonly run: () => void;
  readonly key: string;
}

export interface Agenda {
  add(key: string, at: UtcMs, run: () => void): void;
  /** Nothing under that key happens any more. */
  never(key: string): void;
  /** What comes first; null: nothing does. */
  first(): Due | null;
  remove(entry: Due): void;
  clear(): void;
}

export function createAgenda(): Agenda {
  let order = 0;
  let due: Due[] = [];
  return {
    add(key, at, run) {
      due.push({ at, order: order++, run, key });
    },
    never(key) {
      due = due.filter((other) => other.key !== key);
    },
    first() {
      let best: Due | null = null;
      for (const other of due) if (best === null || before(other, best)) best = other;
      return best;
    },
    remove(entry) {
      due = due.filter((other) => other !== entry);
    },
    clear() {
      due = [];
    },
  };
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
