import type { ErrorCode, ErrorFields, SiteHash, UtcMs } from '../base/index.js';
import { OnedoorError } from '../base/errors.js';
import type { Group } from './group.js';
import type { PersonalPlace, Publication, PublicationQuery, StoredSite } from './port.js';
import type { Told } from './takeover.js';

/** What the store's thread is started with. */
export interface ThreadData {
  readonly folder: string;
  readonly backups: string;
  readonly stamp: string;
  /** Set when the thread before died: this epoch goes on, none is taken. */
  readonly epoch: number | null;
  readonly faults: boolean;
}

/** A question to the store's thread; each is answered once, in order. */
export type Question =
  | { readonly type: 'site'; readonly hash: SiteHash }
  | { readonly type: 'publications'; readonly ask: PublicationQuery }
  | {
      readonly type: 'publish';
      readonly files: StoredSite['files'];
      readonly publication: Omit<Publication, 'number'>;
    }
  | { readonly type: 'overdue'; readonly at: UtcMs; readonly limit: number }
  | { readonly type: 'expire'; readonly at: UtcMs; readonly places: readonly PersonalPlace[] }
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'close' };

/** Something that goes wrong on purpose, in tests. Each replaces the one before. */
export interface Fault {
  /** The thread stands still in the next commit until the gate's first element is not 0. */
  readonly gate?: Int32Array;
  /** The disk is full from the n-th commit from now on (1: the next). */
  readonly fullAt?: number;
  /** The thread dies in the n-th commit from now on. */
  readonly dieAt?: number;
}

export type ToThread =
  | { readonly type: 'commit'; readonly groups: readonly Group[] }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question };

export interface Failure {
  readonly code: ErrorCode;
  readonly fields: ErrorFields;
}

export type FromThread =
  | {
      readonly type: 'opened';
      readonly epoch: number;
      readonly seq: number;
      readonly at: UtcMs;
      readonly entities: string[];
    }
  | { readonly type: 'refused'; readonly failure: Failure }
  | { readonly type: 'told'; readonly told: Told }
  /** The commit in flight; there is one at most. */
  | { readonly type: 'committed'; readonly failure: Failure | null }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly failure: Failure | null;
      readonly answer: unknown;
    };

/** An error as data that crosses threads. */
export function toFailure(error: unknown): Failure {
  if (error instanceof OnedoorError) return { code: error.code, fields: error.fields };
  return {
    code: 'ONEDOOR_JOURNAL_STORE',
    fields: { why: error instanceof Error ? error.message : String(error) },
  };
}

export function toError(failure: Failure): OnedoorError {
  return new OnedoorError(failure.code, failure.fields);
}
