/** What a SQL source and its reader, a process of its own, tell each other. */
import type { JsonObject } from '../base/index.js';

export interface ReaderQuestion {
  /** Absolute path. */
  readonly file: string;
  readonly query: string;
  /** null: only whether the query could be asked. */
  readonly values: Readonly<Record<string, string | number>> | null;
}

export type ReaderAnswer =
  | { readonly result: 'found'; readonly row: JsonObject }
  | { readonly result: 'not-found' }
  | { readonly result: 'failed'; readonly why: string };
