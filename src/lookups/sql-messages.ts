/** What SQL sources and their readers, processes of their own, tell each other. */
import type { JsonObject } from '../base/index.js';

/** To the reader of a SQLite file. */
export interface ReaderQuestion {
  /** Absolute path. */
  readonly file: string;
  readonly query: string;
  /** null: only whether the query could be asked. */
  readonly values: Readonly<Record<string, string | number>> | null;
}

/** A PostgreSQL server, and how it is reached. */
export interface ServerPlace {
  /** An address that was checked. */
  readonly address: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  /** Name in the server's certificate; null: no TLS. */
  readonly tlsName: string | null;
  /** Certificate authorities, PEM; null: those that Node knows. */
  readonly ca: string | null;
  readonly connectMs: number;
  readonly statementMs: number;
}

/** To the reader of a PostgreSQL server. */
export interface ServerQuestion {
  readonly place: ServerPlace;
  /** One SELECT with `$1`, `$2`... */
  readonly query: string;
  /** null: only whether the query could be asked. */
  readonly values: readonly string[] | null;
  /** How many `$` the query has. */
  readonly parameters: number;
}

/** No `why` holds what was asked or answered. */
export type ReaderAnswer =
  | { readonly result: 'found'; readonly row: JsonObject }
  | { readonly result: 'not-found' }
  /** The value is none that can be asked by: nobody's fault but the asker's. */
  | { readonly result: 'refused'; readonly why: string }
  | { readonly result: 'failed'; readonly why: string; readonly passing: boolean };
