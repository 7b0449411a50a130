/** A source that is the hotline's own records: what has become of a case, by the reference that its caller was told. */
import { type JsonObject, wordOf } from '../base/index.js';
import { failed, found, neverAsked, notFound, type Source, sourceFailed } from './attempt.js';
import type { CasesSource } from './source.js';

/** Reads a case by its reference; null: there is none. Throws where the records cannot be read. */
export type FindCase = (reference: string) => Promise<JsonObject | null>;

/** @param find null: the records are not at hand, as outside of a running engine. */
export function openCasesSource({ kinds }: CasesSource, find: FindCase | null): Source {
  return {
    async ask({ with: given }) {
      const reference = referenceIn(given['reference']);
      if (reference === null) return neverAsked(failed('the value of "reference" is no text of digits'));
      if (reference === '') return neverAsked({ result: 'not-found' });
      if (find === null) return neverAsked(failed('only a running engine has its records'));
      try {
        const record = await find(reference);
        // An enquiry has a reference too, but nobody was told it.
        return record === null || !kinds.includes(wordOf(record['kind'])) ? notFound : found(rowOf(record));
      } catch (cause) {
        return sourceFailed(cause instanceof Error ? cause.message : String(cause));
      }
    },
    examine: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  };
}

function referenceIn(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const digits = value.trim();
  return /^\d{0,20}$/.test(digits) ? digits : null;
}

/** Nothing personal: what was said, and by whom, stays where it is. */
function rowOf({ reference, kind, subject, status, agent, openedAt, history }: JsonObject): JsonObject {
  const steps = Array.isArray(history) ? (history as readonly JsonObject[]) : [];
  const changedAt = steps.at(-1)?.['at'] ?? openedAt;
  return {
    reference: reference ?? null,
    kind: kind ?? null,
    subject: subject ?? null,
    status: status ?? null,
    // Whom a flow may prefer when the caller asks for a person.
    agent: agent ?? null,
    opened: momentOf(openedAt),
    changed: momentOf(changedAt),
  };
}

function momentOf(at: unknown): string | null {
  return typeof at === 'number' ? new Date(at).toISOString() : null;
}
