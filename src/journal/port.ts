/**
 * The journal's port: the event log, the live entities, the personal side table and the records, written together.
 * One engine owns a journal at a time; its epoch grows with each owner, and an older owner's batch is refused.
 */
import type { Json, JsonObject, SiteHash, UtcMs } from '../base/index.js';

/** A fact of the event log. Holds references, never personal data. Past tense, `noun.verbed`. */
export interface JournalEvent {
  readonly type: string;
  /** Version of this type's body, from 1. */
  readonly version: number;
  /** The call, case or engine that it is about. */
  readonly subject: string;
  readonly body: JsonObject;
}

/**
 * The newest state of something that lives (a call with its flow, deadlines and unsettled commands; a counter; the
 * closing of a calendar; wrong PINs that count; who called about what of late; contacts that agents talked with last; a place in a queue, an agent, what a queue remembers).
 * Working memory, not history: the row goes when the thing ends. Bodies are never changed after they were handed over.
 */
export interface EntityWrite {
  readonly kind:
    | 'call'
    | 'counter'
    | 'closing'
    | 'callback'
    | 'attempts'
    | 'subject'
    | 'spoken'
    | 'ticket'
    | 'agent'
    | 'phone'
    | 'place'
    | 'queue'
    | 'last-agent';
  readonly id: string;
  /** null deletes the row. */
  readonly body: JsonObject | null;
}

/** Personal data of a contact, kept apart from the event log so that it can be erased. */
export interface PersonalWrite {
  readonly contact: string;
  /** What it is, unique in the contact, e.g. `caller.number`, `keyed.reference.1`. Events refer to it by this name. */
  readonly key: string;
  readonly class: 'number' | 'name' | 'digits' | 'answer' | 'text' | 'recording';
  readonly body: Json;
}

/** A record that other tools read: a projection of events, without personal data. Versions grow from 1. */
export interface RecordWrite {
  readonly kind: 'contact' | 'case';
  readonly id: string;
  readonly version: number;
  /** When it began: the order in lists. */
  readonly at: UtcMs;
  /** The case that a contact belongs to; the case's own id for a case. */
  readonly case: string;
  readonly body: JsonObject;
}

/** One turn: everything that one external event changed. Written wholly or not at all. */
export interface Turn {
  /** Contiguous, from the last one's + 1. A turn that the store has already is passed over. */
  readonly seq: number;
  readonly at: UtcMs;
  readonly events: readonly JournalEvent[];
  readonly entities: readonly EntityWrite[];
  readonly personal: readonly PersonalWrite[];
  readonly records: readonly RecordWrite[];
  /**
   * Contacts whose personal data is deleted, from the free pages of the store too. Events and records stay, since
   * they hold none. Backups made before still hold it until they are deleted.
   */
  readonly erased?: readonly string[];
}

/** A site version as it was published: the files' contents under one hash. */
export interface StoredSite {
  readonly hash: SiteHash;
  /** When it was published first. */
  readonly at: UtcMs;
  /** File contents by path relative to the site's folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where a version is in force: for callers, or for those who dial a number's test number. */
export type SiteAlias = 'live' | 'test';

/** A version was put in force. */
export interface Publication {
  /** Grows with each publication, from 1. */
  readonly number: number;
  readonly alias: SiteAlias;
  readonly action: 'published' | 'rolled-back';
  readonly hash: SiteHash;
  readonly at: UtcMs;
  /** As whoever published it says; at most 100 characters. */
  readonly who: string;
  /** At most 500 characters. */
  readonly why: string;
}

/** What an engine finds when it takes a journal over. */
export interface Recovered {
  readonly epoch: number;
  /** Seq of the newest turn; 0 in a new journal. */
  readonly seq: number;
  /** Time of the newest turn; 0 in a new journal. */
  readonly at: UtcMs;
  readonly entities: readonly {
    readonly kind: EntityWrite['kind'];
    readonly id: string;
    readonly body: JsonObject;
  }[];
}

export interface PublicationQuery {
  /** Those of one alias alone. */
  readonly alias?: SiteAlias;
  /** At most so many. */
  readonly limit: number;
}

/**
 * - `degraded`: the store is slow or fails; turns are durable in the reserve;
 * - `stalled`: the reserve does not take them either; they wait in memory, and so does all that waits for them.
 */
export type JournalState = 'normal' | 'degraded' | 'stalled';

export interface Journal {
  readonly recovered: Recovered;
  /**
   * Resolves when the turn is durable. Turns become durable strictly in the order of the calls; several are committed
   * together. `urgent`: a caller waits for a command of this turn, so the window for company is skipped.
   * While neither the store nor the reserve takes turns it waits, however long: a slow disk ends nothing.
   * Rejects with ONEDOOR_JOURNAL_FENCED when another engine owns the journal now, and with ONEDOOR_JOURNAL_LOST when
   * the journal is closed before the turn was taken, or when the reserve takes no more and the store has said that
   * waiting does not help it (it is damaged, or refuses what it is given).
   */
  append(turn: Turn, urgent: boolean): Promise<void>;
  readonly state: JournalState;
  /** Called at each change, with the reason. */
  onState(listener: (state: JournalState, why: string) => void): void;
  /** Stores the version, where it is not stored yet, and puts it in force. */
  publish(files: StoredSite['files'], publication: Omit<Publication, 'number'>): Promise<Publication>;
  /** null: no such version. */
  site(hash: SiteHash): Promise<StoredSite | null>;
  /** Newest first. */
  publications(ask: PublicationQuery): Promise<readonly Publication[]>;
  /** Commits what waits, then closes. */
  close(): Promise<void>;
}

/** A value of the side table, by its place. */
export interface PersonalPlace {
  readonly contact: string;
  readonly key: string;
  /** Name of a recording; null for any other class. */
  readonly recording: string | null;
}

/** What the owner of a journal does beside writing turns. */
export interface JournalUpkeep {
  /**
   * Deletes personal data whose retention is over.
   *
   * @param forget deletes the sound of recordings before the names under which they are known, so that none is left
   *   behind; gives those that it could not delete: their names stay.
   * @returns how many values were deleted.
   */
  expire(at: UtcMs, forget: (recordings: readonly string[]) => Promise<ReadonlySet<string>>): Promise<number>;
  /**
   * Writes a whole, consistent copy beside the running journal, from a thread of its own. A name ending in `.db`
   * that sorts by time makes it one that a start with a damaged journal finds.
   */
  backup(path: string): Promise<void>;
  /**
   * Reads the whole store for damage, from a thread of its own. What it finds is logged, and the next start sets
   * the store aside.
   *
   * @returns what is wrong; null when nothing is.
   */
  check(): Promise<string | null>;
}
