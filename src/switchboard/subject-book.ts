/**
 * Pure. Who called about what of late, as the journal keeps it: an entity for each number and subject, known by a keyed
 * hash, with the contact. One turn's noting goes into that turn.
 */
import type { JsonObject, UtcMs } from '../base/index.js';
import { repeatMs, type SubjectFact } from '../cases/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';
import { type BookChanges, type BookForm, bookWrites, recoveredBook } from './book.js';

/** The last contact of one caller on one subject. */
export interface LastContact {
  readonly contact: string;
  /** When it began. */
  readonly at: UtcMs;
}

export interface SubjectBook {
  /** A keyed hash: whoever reads the journal cannot find out who called by trying all numbers. */
  hash(text: string): string;
  /** The oldest first. */
  readonly known: ReadonlyMap<string, LastContact>;
}

const stored: BookForm<LastContact> = { kind: 'subject', form: 1, read: lastOf };
/** How many that are over one contact clears away. */
const swept = 20;

/** What one turn changes in the book; null: it goes. */
export class SubjectDraft {
  readonly #changes = new Map<string, LastContact | null>();
  readonly #book: SubjectBook;

  constructor(book: SubjectBook) {
    this.#book = book;
  }

  get changes(): BookChanges<string, LastContact> {
    return this.#changes;
  }

  /** A contact is over. */
  note(number: string, contact: LastContact, subjects: readonly string[]): readonly SubjectFact[] {
    this.#sweep(contact.at);
    return subjects.map((subject) => {
      const key = this.#book.hash(JSON.stringify(['subject of a caller', number, subject]));
      const before = this.#changes.get(key) ?? this.#book.known.get(key);
      this.#changes.set(key, contact);
      const isRepeat = before !== undefined && contact.at - before.at < repeatMs;
      return { type: 'subject.noted', body: { subject, after: isRepeat ? before.contact : null } };
    });
  }

  entities(): readonly EntityWrite[] {
    return bookWrites(stored, this.#changes);
  }

  #sweep(at: UtcMs): void {
    let left = swept;
    for (const [key, last] of this.#book.known) {
      if (left === 0 || at - last.at < repeatMs) return;
      this.#changes.set(key, null);
      left -= 1;
    }
  }
}

/** Takes what a turn changed into memory. */
export function takeSubjects(known: Map<string, LastContact>, changes: SubjectDraft['changes']): void {
  for (const [key, last] of changes) {
    // What is noted anew is the youngest.
    known.delete(key);
    if (last !== null) known.set(key, last);
  }
}

/** Contacts that a journal gives back, by number and subject. */
export function recoveredSubjects(entities: Recovered['entities']): ReadonlyMap<string, LastContact> {
  return new Map([...recoveredBook(stored, entities)].sort(([, a], [, b]) => a.at - b.at));
}

function lastOf({ contact, at }: JsonObject): LastContact | null {
  return typeof contact === 'string' && typeof at === 'number' ? { contact, at } : null;
}
