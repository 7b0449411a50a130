/** How one try to ask a source ended. */
import type { JsonObject } from '../base/index.js';
import type { LookupAnswer } from './port.js';

export interface Attempt {
  readonly answer: LookupAnswer;
  /**
   * Whose fault a failure is. Only the source's count towards its circuit breaker: callers who key rubbish must not
   * be able to switch a source off for everybody. `unasked`: the question never left, nothing was learnt.
   */
  readonly blame: 'nobody' | 'asker' | 'source' | 'unasked';
  /** Whether the same question may well succeed at once. */
  readonly passing: boolean;
}

/** Asks a source once. Never throws; settles soon after the signal, if not before. */
export interface Source {
  ask(question: Question): Promise<Attempt>;
  /** What keeps the source from being asked, for operators; null: nothing that can be seen from here. */
  examine(signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
}

export interface Question {
  readonly command: string;
  readonly with: JsonObject;
  /** The time is up: whatever still goes on is to be given up. */
  readonly signal: AbortSignal;
}

export const found = (row: JsonObject): Attempt => ({
  answer: { result: 'found', row },
  blame: 'nobody',
  passing: false,
});

export const notFound: Attempt = { answer: { result: 'not-found' }, blame: 'nobody', passing: false };

export const neverAsked = (answer: LookupAnswer): Attempt => ({ answer, blame: 'unasked', passing: false });

export const wrongQuestion = (why: string): Attempt => ({
  answer: failed(why),
  blame: 'asker',
  passing: false,
});

export const sourceFailed = (why: string, passing = false): Attempt => ({
  answer: failed(why),
  blame: 'source',
  passing,
});

export function failed(why: string): LookupAnswer {
  return { result: 'failed', why };
}
