/** What the HTTP API asks of the engine. */
import type { UtcMs } from '../base/index.js';
import type { Publishing } from '../switchboard/index.js';

export interface EngineStatus {
  /** `starting`: not in control of the exchange yet. `draining`: admits nobody new. */
  readonly phase: 'starting' | 'running' | 'draining';
  readonly since: UtcMs;
  readonly version: string;
  readonly pid: number;
  /** Calls that are up. */
  readonly calls: number;
  readonly admitting: boolean;
  readonly journal: 'normal' | 'degraded' | 'stalled';
  readonly exchanges: readonly { readonly id: string; readonly link: 'ready' | 'lost' }[];
  /** Lookups outside: the circuit breaker of each. Open: it failed again and again, and is left alone for a while. */
  readonly lookups: readonly {
    readonly source: string;
    readonly breaker: 'closed' | 'open' | 'half-open';
  }[];
  readonly site: {
    readonly name: string;
    readonly hash: string;
    /** Version in force for test numbers; `hash` where none was published for testing. */
    readonly test: string;
    readonly numbers: readonly string[];
  };
}

export interface StopRequest {
  /** So long calls may go on, milliseconds; nobody new is admitted meanwhile. */
  readonly drainMs: number;
  /** Whether the exchange ends too; else it lives on with the calls that are left, for a next engine. */
  readonly exchange: 'stop' | 'keep';
}

/** A calendar as it is now. Times are UTC milliseconds. */
export interface CalendarStatus {
  readonly name: string;
  readonly zone: string;
  readonly state: 'open' | 'closed' | 'holiday' | 'emergency';
  /** The special day that decides; null: none does. */
  readonly special: string | null;
  /** When it opens next; null: it is open, or does not open within a year. */
  readonly opens: UtcMs | null;
  /** When it closes; null: it is not open, or does not close within a year. */
  readonly closes: UtcMs | null;
  /** What closes it at once, from the site's files or by request. */
  readonly closing: {
    readonly since: UtcMs;
    readonly until: UtcMs;
    readonly say: string | null;
    readonly from: 'files' | 'request';
  } | null;
}

/** Calendars, closed and opened while the engine runs. */
export interface CalendarDesk {
  list(): readonly CalendarStatus[];
  /**
   * Closes at once; resolves when that is on disk.
   *
   * @param until as a person writes it: `14:30`, or with a day, in the calendar's zone; or with an offset
   * @param say name of a text; null: the flow's own words
   * @throws ONEDOOR_WEB_NO_CALENDAR, ONEDOOR_WEB_CLOSING_TIME, ONEDOOR_WEB_CLOSING_TEXT
   */
  close(name: string, until: string, say: string | null): Promise<CalendarStatus>;
  /**
   * Ends such a closing; one that stands in the files stays.
   *
   * @throws ONEDOOR_WEB_NO_CALENDAR
   */
  open(name: string): Promise<CalendarStatus>;
}

/** Who asks that a contact's personal data be deleted, and why; both are on record for good. */
export interface ErasureRequest {
  readonly contact: string;
  readonly who: string;
  readonly why: string;
}

/** What there was; zeros where it was deleted before. */
export interface Erasure {
  readonly values: number;
  readonly recordings: number;
}

/** Personal data, deleted by request. */
export interface Erasing {
  /**
   * Deletes what is known of who made a contact, and the sound of its recordings; resolves when that is on disk.
   * null: there is no such contact, or its call is not over yet.
   *
   * @throws ONEDOOR_CLI_RECORDING when sound cannot be deleted: then nothing else is either.
   */
  erase(request: ErasureRequest): Promise<Erasure | null>;
}

/** The engine as the HTTP API sees it. */
export interface EngineFacade {
  status(): EngineStatus;
  /** Begins to stop and returns at once; asking again shortens the drain. */
  stop(request: StopRequest): void;
  /** Site versions: what is in force, and how another comes to be. */
  readonly publishing: Publishing;
}
