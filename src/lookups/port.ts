/** The lookups' port: a flow asks a source for one row by keyed values. */
import type { JsonObject } from '../base/index.js';

export interface LookupRequest {
  /** Id of the command that asks: the same when it is repeated after a crash. A POST carries it on. */
  readonly command: string;
  /** Name of a source declared in onedoor.yaml. */
  readonly source: string;
  /** Column or parameter to value; hostile (keyed by a caller). */
  readonly with: JsonObject;
  /** Total time allowed, milliseconds, 1 to 30,000. */
  readonly timeoutMs: number;
}

export type LookupAnswer =
  | { readonly result: 'found'; readonly row: JsonObject }
  | { readonly result: 'not-found' }
  /** `why` names the fault for operators and holds no personal data. */
  | { readonly result: 'failed'; readonly why: string };

/** All sources of a site. Reads only: asking again is harmless. */
export interface Lookups {
  /** Never throws, settles within the time-out. */
  lookUp(request: LookupRequest): Promise<LookupAnswer>;
}
