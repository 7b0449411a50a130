import type { Database } from './database.js';
import type { Fault } from './messages.js';

/** What goes wrong on purpose in the store's thread, in tests. Without a fault set it does nothing. */
export interface Faults {
  set(fault: Fault): void;
  /** Called with each new connection. */
  limit(database: Database): void;
  /** Called before each commit. */
  beforeCommit(): void;
}

/** A gate that nobody opens must not hang a test run. */
const gateMs = 20_000;

export function createFaults(): Faults {
  let current: Fault = {};
  let commits = 0;
  let database: Database | null = null;

  // SQLite refuses growth beyond what the file has now, as it does when the disk is full.
  function fill(): void {
    if (current.fullAt !== undefined && commits >= current.fullAt) database?.pragma('max_page_count = 1');
  }

  return {
    set(fault) {
      current = fault;
      commits = 0;
    },
    limit(connection) {
      database = connection;
      fill();
    },
    beforeCommit() {
      commits++;
      if (current.gate !== undefined) Atomics.wait(current.gate, 0, 0, gateMs);
      if (current.dieAt === commits) process.exit(1);
      fill();
    },
  };
}
