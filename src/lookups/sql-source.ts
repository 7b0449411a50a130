/** A source that is a SQLite file: read by a process of its own, which can be ended in the middle of a query. */
import { type Attempt, failed, neverAsked, type Source } from './attempt.js';
import type { LookupRequest } from './port.js';
import { readerProcess } from './reader-process.js';
import type { SqlSource } from './source.js';
import type { ReaderQuestion } from './sql-messages.js';

/** @param file absolute path. */
export function openSqlSource({ query, parameters }: SqlSource, file: string): Source {
  const reader = readerProcess<ReaderQuestion>(new URL('./sql-reader.js', import.meta.url));
  return {
    ask({ with: given, signal }) {
      const reading = valuesOf(parameters, given);
      return 'values' in reading
        ? reader.tell({ file, query, values: reading.values }, signal)
        : Promise.resolve(reading);
    },
    async examine(signal) {
      const { answer } = await reader.tell({ file, query, values: null }, signal);
      return answer.result === 'failed' ? answer.why : null;
    },
    close: () => reader.close(),
  };
}

/** The values that a query names, as databases take them; or why it is not asked. */
export function valuesOf(
  parameters: readonly string[],
  given: LookupRequest['with'],
): { readonly values: Readonly<Record<string, string | number>> } | Attempt {
  const values: Record<string, string | number> = {};
  for (const name of parameters) {
    const value = given[name] ?? null;
    if (typeof value === 'boolean') values[name] = Number(value);
    else if (typeof value === 'number') values[name] = value;
    else if (typeof value !== 'string')
      return neverAsked(failed(`the value of "${name}" is neither a text nor a number`));
    // As in tables: an empty entry is nobody's key.
    else if (value.trim() === '') return neverAsked({ result: 'not-found' });
    else values[name] = value.trim();
  }
  return { values };
}
