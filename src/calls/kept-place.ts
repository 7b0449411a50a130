/** A place in a queue whose caller hung up and is called back, and the call that does so. JSON; types only. */
import type { CallId, ExchangeId, JsonObject, UtcMs } from '../base/index.js';

/** What a caller left behind: all that is needed to call back. Working memory: it goes when the place does. */
export interface KeptPlace {
  readonly ticket: string;
  readonly queue: string;
  /** When the wait began. */
  readonly since: UtcMs;
  /** The contact that left it. */
  readonly contact: CallId;
  readonly exchange: ExchangeId;
  /** E.164; the site allowed it. */
  readonly number: string;
  readonly language: string;
  readonly languageChosen: boolean;
  /** The flow that whoever answers goes through, and its parameters. */
  readonly flow: string;
  readonly with: JsonObject;
  /** The case that says so to people; null: there is none. */
  readonly case: string | null;
}

/** What the caller was promised; kept once the caller has hung up. */
export type PlacePromise = Pick<KeptPlace, 'number' | 'flow' | 'with' | 'case'>;

/** That this call calls somebody back. */
export interface CalledBack {
  readonly place: KeptPlace;
  /**
   * `dialling`: nobody knows whether the phone rings. `answered`: by a person or a machine. `reached`: a person, who waits
   * in the queue from then on. `over`: the place is no longer this call's.
   */
  readonly state: 'dialling' | 'ringing' | 'answered' | 'reached' | 'over';
  /** A key was pressed: it is a person. */
  readonly keyed: boolean;
  /** They talked to an agent. */
  readonly talked: boolean;
}
