/** Whom a caller is put through to first, and who talked with a caller last. Types only. */
import type { CallId, UtcMs } from '../base/index.js';

/** Whom a ticket waits for first. */
export type Preference =
  | { readonly whom: 'agent'; readonly agent: string; readonly forMs: number | null }
  /** The agent who talked with the same caller last. `forMs`: how long; null: as long as the queue says. */
  | { readonly whom: 'last-agent'; readonly forMs: number | null };

/** One row a caller, JSON, a stored format. */
export interface LastAgent {
  /** A keyed hash of the caller's number. */
  readonly caller: string;
  readonly agent: string;
  /** The contact in which they talked: what is known of it is erased with it. */
  readonly contact: CallId;
  /** Forgotten then. */
  readonly until: UtcMs;
}
