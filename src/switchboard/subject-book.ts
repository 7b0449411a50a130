/**
 * Pure. Who called about what of late, as the journal keeps it: an entity for each number and subject, known by a keyed
 * hash, with the contact. One turn's noting goes into that turn.
 */
import { asJson, type JsonObject, type UtcMs } from '../base/index.js';
import { repeatMs, type SubjectFact } from '../cases/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';

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

/** Version of the stored form; one of another form is passed over. */
const form = 1;
/** How many that are over one contact clears away. */
const swept = 20;

/** What one turn changes in the book; null: it goes. */
export class SubjectDraft {
  readonly #changes = new Map<string, LastContact | null>();
  readonly #book: SubjectBook;

  constructor(book: SubjectBook) {
    this.#book = book;
  }

  get changes(): ReadonlyMap<string, LastContact | null> {
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
    return [...this.#changes].map(([id, last]) => ({
      kind: 'subject',
      id,
      body: last === null ? null : asJson({ form, ...last }),
    }));
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
  const found = entities.flatMap(({ kind, id, body }): [string, LastContact][] => {
    const last = kind === 'subject' ? lastOf(body) : null;
    return last === null ? [] : [[id, last]];
  });
  return new Map(found.sort(([, a], [, b]) => a.at - b.at));
}

function lastOf({ form: found, contact, at }: JsonObject): LastContact | null {
  return found === form && typeof contact === 'string' && typeof at === 'number' ? { contact, at } : null;
}
