/** What a journal's database holds, as the history checker reads it. */
import type { Case, Contact } from '../../src/cases/index.js';
import type { SimulatedDisk } from '../../src/journal/index.js';
import type { History } from './history-checker.js';

/** @param log what the engine logged meanwhile. */
export function historyOf(
  { database }: Pick<SimulatedDisk, 'database'>,
  log: readonly string[] = [],
): History {
  const parse = (text: unknown): unknown => JSON.parse(String(text));
  const rows = <T>(sql: string): T[] => database.prepare<[], T>(sql).all();
  return {
    events: rows<{ seq: number; at: number; type: string; subject: string; body: string }>(
      'SELECT turn AS seq, at, type, subject, body FROM event ORDER BY id',
    ).map((row) => ({ ...row, body: parse(row.body) })),
    contacts: rows<{ body: string }>("SELECT body FROM record WHERE kind = 'contact'").map(
      ({ body }) => parse(body) as Contact,
    ),
    cases: rows<{ body: string }>("SELECT body FROM record WHERE kind = 'case'").map(
      ({ body }) => parse(body) as Case,
    ),
    live: rows<{ id: string }>("SELECT id FROM entity WHERE kind = 'call'").map(({ id }) => id),
    personal: rows<{ body: string }>("SELECT body FROM personal WHERE class <> 'recording'").flatMap(
      ({ body }) => {
        const value = parse(body);
        return typeof value === 'string' ? [value] : [];
      },
    ),
    numbers: new Map(
      rows<{ contact: string; body: string }>(
        "SELECT contact, body FROM personal WHERE key = 'caller.number'",
      ).map(({ contact, body }) => [contact, String(parse(body))]),
    ),
    log: [...log],
  };
}
