/**
 * Pure. Wrong PINs as the journal keeps them: an entity for each call, number and account that was tried, known by a
 * keyed hash. One turn's counting goes into that turn.
 */
import type { JsonObject, UtcMs } from '../base/index.js';
import {
  type AttemptEvent,
  type AttemptMessage,
  type Attempts,
  countingAt,
  lockedUntil,
  withAttempt,
  withoutAttempt,
} from '../calls/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';
import { type BookChanges, type BookForm, bookWrites, recoveredBook } from './book.js';

export interface AttemptBook {
  /** A keyed hash: whoever reads the journal cannot find out what was hashed by trying all numbers. */
  hash(text: string): string;
  readonly known: ReadonlyMap<string, Attempts>;
}

const stored: BookForm<Attempts> = { kind: 'attempts', form: 1, read: attemptsOf };
/** How many that are over one attempt clears away. */
const swept = 20;

/** What one turn changes in the book; null: it goes. */
export class AttemptDraft {
  readonly #changes = new Map<string, Attempts | null>();
  readonly #book: AttemptBook;
  readonly #at: UtcMs;

  constructor(book: AttemptBook, at: UtcMs) {
    this.#book = book;
    this.#at = at;
  }

  get changes(): BookChanges<string, Attempts> {
    return this.#changes;
  }

  take(message: AttemptMessage): AttemptEvent | null {
    if (message.type === 'begin-attempt') return this.#begin(message);
    for (const key of message.keys)
      this.#changes.set(key, message.result === 'right' ? null : withoutAttempt(this.#of(key), this.#at));
    return null;
  }

  entities(): readonly EntityWrite[] {
    return bookWrites(stored, this.#changes);
  }

  #begin(message: Extract<AttemptMessage, { type: 'begin-attempt' }>): AttemptEvent {
    const { contact, number, source, account } = message;
    const hash = (kind: string, text: string): string => this.#book.hash(JSON.stringify([kind, text]));
    const keys = [
      hash('call', contact),
      ...(number === null ? [] : [hash('number', number)]),
      ...(account === null ? [] : [hash(`account of ${source}`, account)]),
    ];
    this.#sweep();
    const until = keys.map((key) => lockedUntil(this.#of(key), this.#at) ?? 0);
    const longest = Math.max(...until);
    // Who is locked out learns nothing, and makes it no worse: otherwise one caller could lock an account for ever.
    if (longest > 0) return { type: 'attempt.judged', result: 'locked', until: longest };
    for (const key of keys) this.#changes.set(key, withAttempt(this.#of(key), message, this.#at));
    return { type: 'attempt.judged', result: 'allowed', keys };
  }

  #of(key: string): Attempts | null {
    const changed = this.#changes.get(key);
    return changed === undefined ? (this.#book.known.get(key) ?? null) : changed;
  }

  #sweep(): void {
    let left = swept;
    for (const [key, attempts] of this.#book.known) {
      if (countingAt(attempts, this.#at) !== null || this.#changes.has(key)) continue;
      this.#changes.set(key, null);
      left -= 1;
      if (left === 0) return;
    }
  }
}

/** Attempts that a journal gives back, by their hash. */
export const recoveredAttempts = (entities: Recovered['entities']): ReadonlyMap<string, Attempts> =>
  recoveredBook(stored, entities);

function attemptsOf({ failures, locks, until, forgotten }: JsonObject): Attempts | null {
  if (typeof failures !== 'number' || typeof locks !== 'number') return null;
  if (typeof until !== 'number' || typeof forgotten !== 'number') return null;
  return { failures, locks, until, forgotten };
}
