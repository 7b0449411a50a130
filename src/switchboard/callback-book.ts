/**
 * Pure. Places that callers keep who hung up, as the journal keeps them beside the router's tickets: whom to call, and
 * what they hear. A live row: it goes with the ticket. One turn's changes go into that turn.
 */
import type { CallId, JsonObject, SiteHash } from '../base/index.js';
import type { KeptPlace } from '../calls/index.js';
import { type Case, type Contact, contactTakenOn } from '../cases/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';
import { type BookChanges, type BookForm, bookWrites, recoveredBook } from './book.js';
import type { LiveCall } from './live-call.js';

export interface Kept {
  readonly place: KeptPlace;
  /** The service number that was called, as flows name it. */
  readonly called: string;
  /** The case as it stands, with the version of its record; null: there is none. */
  readonly case: { readonly version: number; readonly record: Case } | null;
  /** The call back, where it was tried already and reached nobody: further tries are of the same contact. */
  readonly tried: {
    readonly contact: Contact;
    /** How often its record was written. */
    readonly version: number;
    /** Number of the call's next id. */
    readonly next: number;
  } | null;
}

/** What a turn needs to call back. */
export interface CallbackWorld {
  /** By ticket. */
  readonly known: ReadonlyMap<string, Kept>;
  /** The site version that a call for this number begins with now. */
  readonly siteFor: (called: string) => SiteHash;
  /** An id that no other call has. */
  readonly newCall: () => CallId;
  /** False: the engine is about to stop. */
  readonly admits: () => boolean;
  /** All live calls, as they were before the turn: nobody is called who is on the line. */
  readonly calls: () => Iterable<LiveCall>;
}

/** A world in which nobody keeps a place. */
export function noCallbacks(siteFor: CallbackWorld['siteFor']): CallbackWorld {
  return { known: new Map(), siteFor, newCall: () => 'none' as CallId, admits: () => false, calls: () => [] };
}

const stored: BookForm<Kept> = { kind: 'callback', form: 1, read: keptOf };

/** What one turn changes in the book; null: it goes. */
export class CallbackDraft {
  readonly #changes = new Map<string, Kept | null>();
  readonly #known: CallbackWorld['known'];

  constructor({ known }: CallbackWorld) {
    this.#known = known;
  }

  get changes(): BookChanges<string, Kept> {
    return this.#changes;
  }

  of(ticket: string): Kept | null {
    const changed = this.#changes.get(ticket);
    return changed === undefined ? (this.#known.get(ticket) ?? null) : changed;
  }

  put(kept: Kept): void {
    this.#changes.set(kept.place.ticket, kept);
  }
}

/** The changes of a turn, and the ends of places whose tickets it ended. */
export function withEnds(
  changes: CallbackDraft['changes'],
  known: CallbackWorld['known'],
  ended: readonly string[],
): BookChanges<string, Kept> {
  const all = new Map(changes);
  for (const ticket of ended) if (known.has(ticket) || all.has(ticket)) all.set(ticket, null);
  return all;
}

export const callbackWrites = (changes: BookChanges<string, Kept>): readonly EntityWrite[] =>
  bookWrites(stored, changes);

/** Places that a journal gives back, by ticket. */
export const recoveredCallbacks = (entities: Recovered['entities']): ReadonlyMap<string, Kept> =>
  recoveredBook(stored, entities);

function keptOf(kept: JsonObject): Kept {
  const { tried, ...others } = kept as unknown as Omit<Kept, 'tried'> & Partial<Pick<Kept, 'tried'>>;
  return {
    ...others,
    tried: tried == null ? null : { ...tried, contact: contactTakenOn(tried.contact) },
  };
}
