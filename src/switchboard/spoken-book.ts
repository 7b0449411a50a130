/**
 * Pure. Contacts that are over and that an agent talked with last: what the agent says of the talk is written into their
 * records. Kept until each of their agents has talked with somebody else.
 */
import type { Router } from '../acd/index.js';
import type { CallId, JsonObject } from '../base/index.js';
import { type Contact, contactTakenOn } from '../cases/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';
import { type BookChanges, type BookForm, bookWrites, recoveredBook } from './book.js';
import type { LiveCall } from './live-call.js';

/** A contact as its record was written last. */
export interface EndedContact {
  readonly version: number;
  readonly contact: Contact;
}

export type SpokenBook = ReadonlyMap<CallId, EndedContact>;

const stored: BookForm<EndedContact> = { kind: 'spoken', form: 1, read: endedOf };

/**
 * What a turn changes in the book; null: it goes.
 *
 * @param calls that the turn moved
 * @param disposed contacts of the book whose record it wrote anew
 * @param router after the turn
 */
export function spokenChanges(
  known: SpokenBook,
  calls: readonly LiveCall[],
  disposed: SpokenBook,
  router: Router,
): BookChanges<CallId, EndedContact> {
  const changes = new Map<CallId, EndedContact | null>(disposed);
  const over = calls.filter(({ call }) => call.phase === 'over');
  if (over.length === 0) return changes;
  const spoken = new Set<CallId>();
  for (const { spoke } of router.agents.values()) if (spoke !== null) spoken.add(spoke.contact);
  for (const { call, contact, contactVersion: version } of over)
    if (contact !== null && spoken.has(call.id)) changes.set(call.id, { version, contact });
  for (const id of known.keys()) if (!spoken.has(id)) changes.set(id, null);
  return changes;
}

export const spokenWrites = (changes: BookChanges<CallId, EndedContact>): readonly EntityWrite[] =>
  bookWrites(stored, changes);

/** Those that a journal gives back. */
export const recoveredSpoken = (entities: Recovered['entities']): SpokenBook =>
  recoveredBook(stored, entities) as SpokenBook;

function endedOf(body: JsonObject): EndedContact {
  const { version, contact } = body as unknown as EndedContact;
  return { version, contact: contactTakenOn(contact) };
}
