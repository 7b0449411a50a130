/**
 * What a contract case needs of the world around an exchange: somebody who calls in, phones that ring, and time.
 * The simulator's world is virtual; the real one is a second, independent exchange that plays callers and phones.
 */
import type { Scheduler } from '../../../src/base/index.js';
import type { CallerIdentity, Exchange, LegCause } from '../../../src/telephony/port.js';

/** The far side of one leg, seen from there. Acting on it returns at once; what follows is seen later. */
export interface FarCall {
  readonly state: 'calling' | 'ringing' | 'talking' | 'over';
  /** How it ended, as this side was told. */
  readonly cause: LegCause | null;
  /** Number that a phone shows for the caller; null for none, and for callers. */
  readonly shown: string | null;
  /** Whether there is sound in the ear, as of lately (half a second at most). */
  readonly hears: boolean;
  /** Whether that sound is somebody who speaks; music is not. */
  readonly hearsSpeech: boolean;
  /** 100 ms each, 100 ms apart. */
  press(keys: string): void;
  /** Makes a loud sound so long. */
  speak(ms: number): void;
  hangUp(): void;
  pickUp(): void;
  reject(): void;
  hold(): void;
  unhold(): void;
  /** Asks for a transfer: to an address, or to whoever another call of the same phone reaches. */
  transfer(to: string | FarCall): void;
  /** What it was told in the end of the transfer that it asked for last; null until then. */
  readonly transferTold: 'answered' | 'unavailable' | 'declined' | null;
}

export type FarBehaviour = 'answers' | 'rejects' | 'is-busy' | 'rings-out';

/** Somebody who is rung. */
export interface FarLine {
  readonly name: string;
  /** Calls to it, oldest first. A busy phone has none. */
  readonly calls: readonly FarCall[];
  /** `rings-out` at first; it answers and rejects after about 100 ms. */
  will(behaviour: FarBehaviour): void;
}

/** A registered phone of the site that nobody else uses. */
export interface FarPhone extends FarLine {
  /** Calls the hotline as itself. */
  dial(called: string): FarCall;
  register(): void;
  unregister(): void;
}

export interface ContractMedia {
  /** A sound of about half a second. */
  readonly short: string;
  readonly shortMs: number;
  /** A sound without pauses of at least 20 s. */
  readonly long: string;
  /** No such file. */
  readonly missing: string;
}

export interface ContractWorld {
  readonly scheduler: Scheduler;
  readonly media: ContractMedia;
  /** A phone of the site that is not registered. */
  readonly absentPhone: string;
  /** Whom the loopback trunk reaches. */
  readonly trunk: string;
  /** A connection to the exchange, not started. */
  connect(): Exchange;
  /** Dials this number from outside. `caller.number` is E.164. */
  dial(called: string, caller: Partial<CallerIdentity>): FarCall;
  phone(): FarPhone;
  /** Somebody outside whom the trunk reaches; the name is the number, E.164. */
  outsider(): FarLine;
  /** A number that nobody else dials, digits only. */
  freshNumber(): string;
  /** Text that no id had before: letters, digits and `-`. */
  freshId(): string;
  /** Calls after whatever may have changed a {@link FarCall}. Returns how to stop. */
  watch(changed: () => void): () => void;
  /** Something was told by the exchange: whoever watches looks again. */
  changed(): void;
}
