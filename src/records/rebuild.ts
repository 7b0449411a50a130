import type { RecordWrite } from '../journal/index.js';
import type { Records, StoredEvent } from './records.js';

/** Pure. How records are made of events; `cases` has the rules. */
export interface RecordFold<State> {
  /** The state after one more event. */
  readonly apply: (state: State, event: StoredEvent) => State;
  /** The records of a state. */
  readonly records: (state: State) => readonly Pick<RecordWrite, 'kind' | 'id' | 'body'>[];
}

/** All events of the log in order, read page by page. */
export async function* allEvents(records: Records): AsyncGenerator<StoredEvent> {
  let after = 0;
  for (;;) {
    const page = await records.events({ after });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/**
 * Recomputes the records from the event log alone: what is stored must equal it, also after personal data was erased.
 *
 * @returns bodies by `kind id`.
 */
export async function rebuildRecords<State>(
  events: AsyncIterable<StoredEvent> | Iterable<StoredEvent>,
  start: State,
  fold: RecordFold<State>,
): Promise<ReadonlyMap<string, RecordWrite['body']>> {
  let state = start;
  for await (const event of events) state = fold.apply(state, event);
  return new Map(fold.records(state).map((record) => [`${record.kind} ${record.id}`, record.body]));
}
