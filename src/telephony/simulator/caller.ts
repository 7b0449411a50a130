import type { CallerIdentity } from '../port.js';
import type { Party } from './party.js';
import type { ScriptRun, Step } from './script.js';

export interface DialledCall {
  readonly called: string;
  readonly caller?: Partial<CallerIdentity>;
  /** `loopback` by default; for a phone's call `phones`. */
  readonly trunk?: string;
  /** The site's phone that dials; null by default. */
  readonly phone?: string | null;
  /** Begins with the dialling. */
  readonly script?: readonly Step[];
}

export interface Caller extends Party {
  /** Null without a script. */
  readonly run: ScriptRun | null;
}
