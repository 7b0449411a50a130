/**
 * Pure. Books that are kept beside the calls: rows by their keys, in memory, and as entities of one kind in the journal.
 * A turn's changes are rows too; null: it goes.
 */
import { asJson, type JsonObject } from '../base/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';

export type BookChanges<Key extends string, Row> = ReadonlyMap<Key, Row | null>;

/** How the rows of one book are stored. */
export interface BookForm<Row> {
  readonly kind: EntityWrite['kind'];
  /** Version of the stored form; a row of another is passed over. */
  readonly form: number;
  /** The row of what is stored in this form; null: it is none. */
  readonly read: (body: JsonObject) => Row | null;
}

export function bookWrites<Row extends object>(
  { kind, form }: BookForm<Row>,
  changes: BookChanges<string, Row>,
): readonly EntityWrite[] {
  return Array.from(changes, ([id, row]) => ({
    kind,
    id,
    body: row === null ? null : asJson({ form, ...row }),
  }));
}

/** Takes what a turn changed into memory. */
export function takeBook<Key extends string, Row>(
  known: Map<Key, Row>,
  changes: BookChanges<Key, Row>,
): void {
  for (const [key, row] of changes) {
    if (row === null) known.delete(key);
    else known.set(key, row);
  }
}

/** The rows that a journal gives back. */
export function recoveredBook<Row>(
  { kind, form, read }: BookForm<Row>,
  entities: Recovered['entities'],
): ReadonlyMap<string, Row> {
  const found = new Map<string, Row>();
  for (const { kind: whose, id, body } of entities) {
    if (whose !== kind) continue;
    const { form: written, ...rest } = body;
    const row = written === form ? read(rest) : null;
    if (row !== null) found.set(id, row);
  }
  return found;
}
