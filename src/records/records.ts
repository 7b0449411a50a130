import type { Json, JsonObject, UtcMs } from '../base/index.js';

/** A contact is one interaction; a case is what one or more contacts are about. */
export type RecordKind = 'case' | 'contact';

/** What records a list holds; each field narrows it. */
export interface RecordFilter {
  /** Began at or after; UTC milliseconds. */
  readonly since?: UtcMs;
  /** Began before; UTC milliseconds. */
  readonly until?: UtcMs;
  /** Of contacts: those of one case. */
  readonly case?: string;
  /** Of cases: the number that callers are told. */
  readonly reference?: string;
  /** Of cases. */
  readonly status?: string;
  /** Of cases, e.g. `complaint`. */
  readonly kind?: string;
  readonly language?: string;
  readonly outcome?: string;
}

export interface RecordPage {
  /** Newest first. */
  readonly records: readonly JsonObject[];
  /** Where the next page begins; null: this was the last. */
  readonly next: string | null;
}

export interface PageOptions {
  /** Adds `personal` to each contact: its personal data by key, as far as it was not erased. */
  readonly withPersonal?: boolean;
}

/** A fact of the event log as it is stored. */
export interface StoredEvent {
  /** Its place in the log, growing. */
  readonly id: number;
  /** The turn that it is part of. */
  readonly turn: number;
  readonly at: UtcMs;
  readonly subject: string;
  readonly type: string;
  readonly version: number;
  readonly body: JsonObject;
}

/** Where to read in the event log. */
export interface EventPlace {
  /** All subjects where it is absent. */
  readonly subject?: string;
  /** Id of the last event that is known already; 0 by default. */
  readonly after?: number;
  /** At most 1000, which is the default. */
  readonly limit?: number;
  /** Only what happened at or after it; UTC milliseconds. */
  readonly since?: UtcMs;
}

/**
 * The read side: contacts, cases and events as other tools read them. What was acknowledged by a journal in its
 * normal state before a question was asked is in the answer; what a degraded journal has in its reserve is not.
 */
export interface Records {
  /**
   * @param limit 1 to 1000.
   * @param after `next` of the page before.
   * @throws OnedoorError ONEDOOR_RECORDS_CURSOR, ONEDOOR_RECORDS_READ.
   */
  page(
    kind: RecordKind,
    filter: RecordFilter,
    limit: number,
    after: string | null,
    options?: PageOptions,
  ): Promise<RecordPage>;
  /** null: there is none. */
  one(kind: RecordKind, id: string): Promise<JsonObject | null>;
  /** Personal data of a contact by key, as far as it was not erased. */
  personal(contact: string): Promise<Readonly<Record<string, Json>>>;
  /** Oldest first. */
  events(place: EventPlace): Promise<readonly StoredEvent[]>;
  close(): Promise<void>;
}
