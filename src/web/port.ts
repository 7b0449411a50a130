/** What the HTTP API asks of the engine and of its records. */
import type { Json, JsonObject, UtcMs } from '../base/index.js';

export interface EngineStatus {
  /** `starting`: not in control of the exchange yet. `draining`: admits nobody new. */
  readonly phase: 'starting' | 'running' | 'draining';
  readonly since: UtcMs;
  readonly version: string;
  readonly pid: number;
  /** Calls that are up. */
  readonly calls: number;
  readonly admitting: boolean;
  readonly journal: 'normal' | 'degraded';
  readonly exchanges: readonly { readonly id: string; readonly link: 'ready' | 'lost' }[];
  readonly site: { readonly name: string; readonly hash: string; readonly numbers: readonly string[] };
}

export interface StopRequest {
  /** So long calls may go on, milliseconds; nobody new is admitted meanwhile. */
  readonly drainMs: number;
  /** Whether the exchange ends too; else it lives on with the calls that are left, for a next engine. */
  readonly exchange: 'stop' | 'keep';
}

/** The engine as the HTTP API sees it. */
export interface EngineFacade {
  status(): EngineStatus;
  /** Begins to stop and returns at once; asking again shortens the drain. */
  stop(request: StopRequest): void;
}

export type RecordKind = 'case' | 'contact';

export interface RecordFilter {
  /** Began at or after; UTC milliseconds. */
  readonly since?: UtcMs;
  /** Began before; UTC milliseconds. */
  readonly until?: UtcMs;
  /** Of cases: `received`, `resolved`, `closed`. */
  readonly status?: string;
  /** Of cases: the number that callers are told. */
  readonly reference?: string;
  /** Of contacts: those of one case. */
  readonly case?: string;
}

export interface RecordPage {
  /** Newest first. */
  readonly records: readonly JsonObject[];
  /** Where the next page begins; null: this was the last. */
  readonly next: string | null;
}

/** The records as the HTTP API reads them. */
export interface RecordShelf {
  /** @param after `next` of the page before; throws ONEDOOR_WEB_INVALID for one that never was. */
  page(kind: RecordKind, filter: RecordFilter, limit: number, after: string | null): Promise<RecordPage>;
  /** null: there is none. */
  one(kind: RecordKind, id: string): Promise<JsonObject | null>;
  /** Personal data of a contact by key, as far as it was not erased. Every reading is logged. */
  personal(contact: string): Promise<Readonly<Record<string, Json>>>;
}
