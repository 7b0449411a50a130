import type { CallerIdentity } from '../port.js';
import type { Party } from './party.js';
import type { ScriptRun, Step } from './script.js';

export interface DialledCall {
  readonly called: string;
  readonly caller?: Partial<CallerIdentity>;
  /** `loopback` by default. */
  readonly trunk?: string;
  /** Begins with the dialling. */
  readonly script?: readonly Step[];
}

export interface Caller extends Party {
  /** Null without a script. */
  readonly run: ScriptRun | null;
}
