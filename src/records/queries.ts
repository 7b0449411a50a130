import { type Json, type JsonObject, OnedoorError, type UtcMs } from '../base/index.js';
import type { Database } from '../journal/index.js';
import type {
  EventPlace,
  PageOptions,
  RecordFilter,
  RecordKind,
  RecordPage,
  Records,
  StoredEvent,
} from './records.js';

/** What the records are asked; the methods of {@link import('./records.js').Records} as data. */
export type Query =
  | {
      readonly type: 'page';
      readonly kind: RecordKind;
      readonly filter: RecordFilter;
      readonly limit: number;
      readonly after: string | null;
      readonly options: PageOptions;
    }
  | { readonly type: 'one'; readonly kind: RecordKind; readonly id: string }
  | { readonly type: 'personal'; readonly contact: string }
  | { readonly type: 'events'; readonly place: EventPlace };

const mostRows = 1_000;

/**
 * Answers as JSON text, so that a thread hands it over as it is: a page, a record or null, an object, a list.
 *
 * @throws OnedoorError ONEDOOR_RECORDS_CURSOR; SQLite's errors.
 */
export function answerQuery(database: Database, query: Query): string {
  switch (query.type) {
    case 'page':
      // One reading transaction: records and their personal data fit together.
      return database.transaction(() => page(database, query))();
    case 'one':
      return (
        database
          .prepare<string[], string>('SELECT body FROM record WHERE kind = ? AND id = ?')
          .pluck()
          .get(query.kind, query.id) ?? 'null'
      );
    case 'personal':
      return personal(database, query.contact);
    case 'events':
      return events(database, query.place);
    default:
      return query satisfies never;
  }
}

interface Row {
  readonly id: string;
  readonly at: number;
  readonly body: string;
}

function page(database: Database, query: Extract<Query, { type: 'page' }>): string {
  const { kind, filter, after, options } = query;
  const limit = Math.min(Math.max(1, query.limit), mostRows);
  const terms: string[] = [];
  const values: (string | number)[] = [];
  const add = (term: string, ...its: (string | number)[]): void => {
    terms.push(term);
    values.push(...its);
  };
  if (after !== null) add('(at, id) < (?, ?)', ...place(after));
  if (filter.since !== undefined) add('at >= ?', filter.since);
  if (filter.until !== undefined) add('at < ?', filter.until);
  if (filter.case !== undefined) add('case_id = ?', filter.case);
  for (const field of ['reference', 'status', 'kind', 'language', 'outcome'] as const) {
    const value = filter[field];
    if (value !== undefined) add(`json_extract(body, '$.${field}') = ?`, value);
  }
  let from = 'record';
  if (kind === 'case' && filter.status !== undefined && filter.status !== 'closed') {
    // Says in the index's own words that it holds what is asked for.
    add("json_extract(body, '$.status') <> 'closed'");
    if (filter.reference === undefined) from = 'record INDEXED BY case_open';
  }
  const where = [`kind = '${kind}'`, ...terms].join(' AND ');
  const rows = database
    .prepare<(string | number)[], Row>(
      `SELECT id, at, body FROM ${from} WHERE ${where} ORDER BY at DESC, id DESC LIMIT ?`,
    )
    .all(...values, limit + 1);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const bodies =
    kind === 'contact' && options.withPersonal === true
      ? shown.map((row) => joined(row.body, personal(database, row.id)))
      : shown.map((row) => row.body);
  const next = last === undefined ? null : `${last.at}.${last.id}`;
  return `{"records":[${bodies.join(',')}],"next":${JSON.stringify(next)}}`;
}

/** The body with one more field; both are JSON text of objects. */
function joined(body: string, its: string): string {
  return `${body.slice(0, -1)}${body === '{}' ? '' : ','}"personal":${its}}`;
}

function place(after: string): [number, string] {
  const found = /^(\d{1,15})\.(.+)$/.exec(after);
  if (found === null) throw new OnedoorError('ONEDOOR_RECORDS_CURSOR', { after });
  return [Number(found[1]), String(found[2])];
}

function personal(database: Database, contact: string): string {
  const rows = database
    .prepare<[string], { key: string; body: string }>(
      'SELECT key, body FROM personal WHERE contact = ? ORDER BY key',
    )
    .all(contact);
  return `{${rows.map((row) => `${JSON.stringify(row.key)}:${row.body}`).join(',')}}`;
}

function events(database: Database, { subject, after = 0, limit, since }: EventPlace): string {
  const from = since === undefined ? after : Math.max(after, lastBefore(database, since));
  const rows = database
    .prepare<(string | number)[], Omit<StoredEvent, 'body'> & { readonly body: string }>(
      `SELECT id, turn, at, subject, type, version, body FROM event
       WHERE id > ? ${subject === undefined ? '' : 'AND subject = ?'} ORDER BY id LIMIT ?`,
    )
    .all(from, ...(subject === undefined ? [] : [subject]), Math.min(limit ?? mostRows, mostRows));
  return JSON.stringify(rows.map((row) => ({ ...row, body: JSON.parse(row.body) as JsonObject })));
}

/** Id of the last event before a time; 0: there is none. Events are in the order of their times. */
function lastBefore(database: Database, since: UtcMs): number {
  const at = database.prepare<[number], { id: number; at: number }>(
    'SELECT id, at FROM event WHERE id >= ? ORDER BY id LIMIT 1',
  );
  let [low, high] = [
    0,
    1 + (database.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM event').get()?.id ?? 0),
  ];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = at.get(middle + 1);
    if (found === undefined || found.at >= since) high = middle;
    else low = Math.min(found.id, high);
  }
  return low;
}

/** The records' methods over anything that answers queries with JSON text. */
export function asRecords(ask: (query: Query) => Promise<string>, close: () => Promise<void>): Records {
  return {
    page: async (
      kind: RecordKind,
      filter: RecordFilter,
      limit: number,
      after: string | null,
      options: PageOptions = {},
    ) => JSON.parse(await ask({ type: 'page', kind, filter, limit, after, options })) as RecordPage,
    one: async (kind: RecordKind, id: string) =>
      JSON.parse(await ask({ type: 'one', kind, id })) as JsonObject | null,
    personal: async (contact: string) =>
      JSON.parse(await ask({ type: 'personal', contact })) as Record<string, Json>,
    events: async (where: EventPlace) =>
      JSON.parse(await ask({ type: 'events', place: where })) as StoredEvent[],
    close,
  };
}
