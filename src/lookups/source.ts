/** A source outside the engine, as onedoor.yaml declares it and the site's check has understood it. */

/** What one source may take of the engine, and when it is left alone. */
export interface SourceLimits {
  /** Until a connection stands, milliseconds. */
  readonly connectMs: number;
  /** All in all, with its retries, milliseconds; a flow can allow less. */
  readonly totalMs: number;
  /** Further tries after one that failed in passing. */
  readonly retries: number;
  /** Questions at the same time; further ones wait, within their time. */
  readonly atOnce: number;
  /** Failures in a row that open the circuit breaker. */
  readonly failures: number;
  /** Before one question tries whether the source is well again, milliseconds. */
  readonly restMs: number;
}

/** A JSON pointer (RFC 6901) in its steps; none: the whole. */
export type Pointer = readonly string[];

/** A piece of a URL's path and query: as it stands there, or a slot that a question fills. */
export type UrlPart = string | { readonly slot: string };

export interface HttpSource {
  readonly kind: 'http';
  /** TLS. */
  readonly secure: boolean;
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly path: readonly UrlPart[];
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Header to the name of the secret that is its value. */
  readonly secretHeaders: Readonly<Record<string, string>>;
  /** For POST: key of the JSON body to the name of the value asked by. */
  readonly body: Readonly<Record<string, string>>;
  /** For POST: the header that carries the command's id. */
  readonly idempotencyHeader: string | null;
  /** Where the row lies in the answer. */
  readonly row: Pointer;
  /** Name in flows to the place within the row; null: every plain value of the row under its own name. */
  readonly fields: Readonly<Record<string, Pointer>> | null;
  /** HTTP statuses that mean: there is no such row. */
  readonly notFound: readonly number[];
  /** Whether it may be at a private or loopback address. */
  readonly allowPrivate: boolean;
  readonly limits: SourceLimits;
}

export interface SqlSource {
  readonly kind: 'sql';
  /** SQLite file, absolute or relative to the site's folder. */
  readonly file: string;
  /** One SELECT with `:name` parameters. */
  readonly query: string;
  readonly parameters: readonly string[];
  readonly limits: SourceLimits;
}

export interface PostgresSource {
  readonly kind: 'postgres';
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Name of the secret that is the password; null: none is asked for. */
  readonly secret: string | null;
  /** TLS, with the server's certificate checked. */
  readonly tls: boolean;
  /** File of certificate authorities, absolute or relative to the site's folder; null: those that Node knows. */
  readonly ca: string | null;
  /** Whether it may be at a private or loopback address. */
  readonly allowPrivate: boolean;
  /** One SELECT with `$1`, `$2`... */
  readonly query: string;
  /** What they stand for, in order. */
  readonly parameters: readonly string[];
  readonly limits: SourceLimits;
}

/** The hotline's own cases. */
export interface CasesSource {
  readonly kind: 'cases';
  /** Kinds of cases that are told of. */
  readonly kinds: readonly string[];
  readonly limits: SourceLimits;
}

export type OutsideSource = HttpSource | SqlSource | PostgresSource | CasesSource;
