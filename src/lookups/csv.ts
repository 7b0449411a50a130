import type { CsvTable, Json } from '../base/index.js';
import { failed } from './attempt.js';
import type { LookupAnswer, LookupRequest } from './port.js';

type Row = CsvTable['rows'][number];

type TableQuestion = Pick<LookupRequest, 'source' | 'with'>;

/**
 * Answers from tables that were read when the site was loaded: at once, in memory, from an index over the columns
 * asked for that is made the first time they are asked for. Values match without regard to case and spaces; of
 * several rows the first counts.
 *
 * @param tables by the name of their source in onedoor.yaml.
 */
export function csvAnswers(tables: ReadonlyMap<string, CsvTable>): (question: TableQuestion) => LookupAnswer {
  const sources = new Map([...tables].map(([name, table]) => [name, openTable(table)]));
  return (question) =>
    sources.get(question.source)?.(question.with) ?? failed(`no source is named "${question.source}"`);
}

function openTable(table: CsvTable): (asked: LookupRequest['with']) => LookupAnswer {
  const columns = new Set(table.columns);
  const indexes = new Map<string, ReadonlyMap<string, Row>>();

  return (asked) => {
    const names = Object.keys(asked).sort();
    if (names.length === 0) return failed('it was asked for no column');
    const values: string[] = [];
    for (const name of names) {
      if (!columns.has(name)) return failed(`it has no column "${name}"`);
      const value = comparable(asked[name] ?? null);
      if (value === null) return failed(`the value of "${name}" is neither a text nor a number`);
      values.push(value);
    }
    // An empty cell means "not known": an empty entry must not find it.
    if (values.includes('')) return { result: 'not-found' };

    const by = names.join(' ');
    const index = indexes.get(by) ?? indexTable(table, names);
    indexes.set(by, index);
    const row = index.get(JSON.stringify(values));
    return row === undefined ? { result: 'not-found' } : { result: 'found', row };
  };
}

function indexTable(table: CsvTable, names: readonly string[]): ReadonlyMap<string, Row> {
  const index = new Map<string, Row>();
  for (const row of table.rows) {
    const key = JSON.stringify(names.map((name) => comparable(row[name] ?? '')));
    if (!index.has(key)) index.set(key, row);
  }
  return index;
}

/** The value as it is compared; null where it is not one value. */
function comparable(value: Json): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
  return String(value).normalize('NFKC').replace(/\s+/g, '').toLowerCase();
}
