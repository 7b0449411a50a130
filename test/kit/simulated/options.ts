/** What a simulated run is like. */
import type { Random } from '../../../src/base/index.js';
import type { CallSite } from '../../../src/calls/index.js';
import type { LookupAnswer, LookupRequest } from '../../../src/lookups/port.js';
import type { Faults, Step } from '../../../src/telephony/simulator/index.js';

export interface HotlineOptions {
  readonly seed: number;
  /** Kills the engine at these moments, counted from 0 over all its lives; by the seed when not given. */
  readonly killAt?: readonly number[];
  readonly faults?: Faults;
  readonly callers?: number;
  /** The exchange itself dies once. */
  readonly exchangeDies?: boolean;
  /** The link is cut so often and comes back, while engine and exchange live. */
  readonly linkLosses?: number;
  /** What all callers dial and do; without: by chance. */
  readonly wish?: { readonly called: string; readonly script: readonly Step[] };
  /** Numbers of the callers, in turn; without: one for all. */
  readonly numbers?: readonly string[];
  /** The agent signs in before anybody calls, and says so often that she is ready, every ten seconds. */
  readonly readyTimes?: number;
  /** An agent signs in before anybody calls, always answers, and pauses the recording now and then. */
  readonly isStaffed?: boolean;
  /** The engine is killed at moments up to this one; 60 where left out. */
  readonly killsUntil?: number;
  /** Texts that must not be on the disk, neither when the engine is killed nor at the end. */
  readonly unwritten?: readonly string[];
  /** The store takes nothing for a while; the journal lives on its reserve. */
  readonly storeFails?: boolean;
  /** The disk stands still for some seconds: neither store nor reserve writes anything. */
  readonly diskStalls?: boolean;
  /** Another hotline than the test site's. */
  readonly hotline?: {
    readonly site: CallSite;
    readonly number: string;
    readonly answer: (request: LookupRequest) => LookupAnswer;
    /** What a caller does; after the answer. */
    readonly script: (random: Random) => readonly Step[];
  };
}
