import { OnedoorError } from '../base/errors.js';
import type { SiteHash, UtcMs } from '../base/index.js';
import type { Database } from './database.js';
import type { Group } from './group.js';
import type { PersonalPlace, Publication, PublicationQuery, StoredSite } from './port.js';

/** The journal's tables, written by the one connection that holds the newest epoch. Everything here blocks. */
export interface Store {
  readonly epoch: number;
  /** Seq and time of the newest turn that is in. */
  newest(): { readonly seq: number; readonly at: UtcMs };
  /** kind, id, body; repeated. */
  entities(): string[];
  /**
   * Writes groups in one transaction; turns that are in already are passed over. None at all is a test of the disk.
   *
   * @throws OnedoorError ONEDOOR_JOURNAL_FENCED; SQLite's errors, after which nothing of it is in.
   */
  apply(groups: readonly Group[]): void;
  publish(files: StoredSite['files'], publication: Omit<Publication, 'number'>): Publication;
  site(hash: SiteHash): StoredSite | null;
  publications(ask: PublicationQuery): readonly Publication[];
  /** At most `limit` personal values whose time is over. */
  overdue(at: UtcMs, limit: number): readonly PersonalPlace[];
  /** Deletes those of them whose time is over still, from the free pages too. Gives how many it deleted. */
  expire(at: UtcMs, places: readonly PersonalPlace[]): number;
  /** Moves the write-ahead log into the file when it has grown, and after an erasure, whose values it holds. */
  checkpoint(): void;
  close(): void;
}

/** Pages of the write-ahead log after which it is moved into the file: 16 MB. */
const checkpointPages = 4_000;
/** Commits between two looks at the length of the write-ahead log. */
const checkpointLook = 50;

interface MetaRow {
  readonly epoch: number;
  readonly seq: number;
  readonly at: number;
}

/**
 * Takes the journal over: gives it the next epoch, so that whoever held it is refused from now on.
 *
 * @param floor the newest epoch known from elsewhere; a restored backup may hold an older one.
 */
export function takeOver(database: Database, floor: number): Store {
  const epoch = database
    .transaction(() => {
      const next = Math.max(readMeta(database).epoch, floor) + 1;
      database.prepare('UPDATE meta SET epoch = ? WHERE one = 1').run(next);
      return next;
    })
    .immediate();
  return openStore(database, epoch);
}

/**
 * The store of an owner that has its epoch already, e.g. on a new connection after a failure.
 *
 * @throws OnedoorError ONEDOOR_JOURNAL_FENCED when a newer owner has taken over.
 */
export function openStore(database: Database, epoch: number): Store {
  const meta = readMeta(database);
  if (meta.epoch !== epoch) throw new OnedoorError('ONEDOOR_JOURNAL_FENCED', { epoch });
  let seq = meta.seq;
  let at = meta.at;
  let commits = 0;
  /** The write-ahead log holds what was erased. */
  let wiped = false;

  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  const advance = database.prepare('UPDATE meta SET seq = ?, at = ? WHERE one = 1 AND epoch = ?');
  const event = database.prepare(
    'INSERT INTO event (turn, at, subject, type, version, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const keep = database.prepare(
    `INSERT INTO entity (kind, id, body) VALUES (?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body`,
  );
  const drop = database.prepare('DELETE FROM entity WHERE kind = ? AND id = ?');
  const personal = database.prepare(
    `INSERT INTO personal (contact, key, class, expires, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (contact, key) DO UPDATE SET
       class = excluded.class, expires = excluded.expires, body = excluded.body`,
  );
  const erase = database.prepare('DELETE FROM personal WHERE contact = ?');
  const expire = database.prepare('DELETE FROM personal WHERE contact = ? AND key = ? AND expires <= ?');
  const record = database.prepare(
    `INSERT INTO record (kind, id, version, at, case_id, body) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET
       version = excluded.version, at = excluded.at, case_id = excluded.case_id, body = excluded.body
     WHERE excluded.version >= record.version`,
  );

  function transact<T>(write: () => T): T {
    begin.run();
    try {
      const result = write();
      commit.run();
      return result;
    } catch (error) {
      // Some failures have rolled back already.
      if (database.inTransaction) rollback.run();
      throw error;
    }
  }

  function checkOwner(newSeq: number, newAt: UtcMs): void {
    if (advance.run(newSeq, newAt, epoch).changes !== 1)
      throw new OnedoorError('ONEDOOR_JOURNAL_FENCED', { epoch });
  }

  function write(group: Group): void {
    const { events, entities, personal: rows, records, erased = [] } = group;
    for (let i = 0; i < events.length; i += 6)
      if (Number(events[i]) > seq)
        event.run(events[i], events[i + 1], events[i + 2], events[i + 3], events[i + 4], events[i + 5]);
    for (let i = 0; i < entities.length; i += 3) {
      const body = entities[i + 2];
      if (body === null) drop.run(entities[i], entities[i + 1]);
      else keep.run(entities[i], entities[i + 1], body);
    }
    const erasedAt = new Map<unknown, number>();
    for (let i = 0; i < erased.length; i += 2) {
      if (Number(erased[i]) <= seq) continue;
      erasedAt.set(erased[i + 1], Number(erased[i]));
      erase.run(erased[i + 1]);
    }
    // By turn, so that replaying never brings back what was erased since.
    for (let i = 0; i < rows.length; i += 6)
      if (Number(rows[i]) > Math.max(seq, erasedAt.get(rows[i + 1]) ?? 0))
        personal.run(rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5]);
    for (let i = 0; i < records.length; i += 6)
      record.run(records[i], records[i + 1], records[i + 2], records[i + 3], records[i + 4], records[i + 5]);
  }

  return {
    epoch,
    newest: () => ({ seq, at }),
    entities: () =>
      database
        .prepare<[], { kind: string; id: string; body: string }>('SELECT kind, id, body FROM entity')
        .all()
        .flatMap((row) => [row.kind, row.id, row.body]),
    apply(groups) {
      const last = groups.at(-1);
      const newSeq = Math.max(seq, last?.to ?? 0);
      const newAt = Math.max(at, last?.at ?? 0);
      if (groups.some(({ to, erased = [] }) => to > seq && erased.length > 0)) wiped = true;
      transact(() => {
        checkOwner(newSeq, newAt);
        for (const group of groups) if (group.to > seq) write(group);
      });
      seq = newSeq;
      at = newAt;
      commits++;
    },
    publish: (files, publication) =>
      transact(() => {
        checkOwner(seq, at);
        const { alias, action, hash, at: when, who, why } = publication;
        database
          .prepare('INSERT INTO site (hash, at, files) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING')
          .run(hash, when, JSON.stringify(files));
        const { lastInsertRowid } = database
          .prepare('INSERT INTO publication (alias, action, hash, at, who, why) VALUES (?, ?, ?, ?, ?, ?)')
          .run(alias, action, hash, when, who, why);
        return { number: Number(lastInsertRowid), ...publication };
      }),
    site: (hash) => readSite(database, hash),
    publications: ({ alias, limit }) =>
      database
        .prepare<{ alias: string | null; limit: number }, Publication>(
          `SELECT number, alias, action, hash, at, who, why FROM publication
           WHERE @alias IS NULL OR alias = @alias ORDER BY number DESC LIMIT @limit`,
        )
        .all({ alias: alias ?? null, limit }),
    overdue: (now, limit) =>
      database
        .prepare<[number, number], PersonalPlace>(
          `SELECT contact, key, CASE class WHEN 'recording' THEN json_extract(body, '$') END AS recording
           FROM personal WHERE expires <= ? ORDER BY expires LIMIT ?`,
        )
        .all(now, limit),
    expire: (now, places) => {
      wiped = true;
      return transact(() => {
        checkOwner(seq, at);
        let count = 0;
        for (const { contact, key } of places) count += expire.run(contact, key, now).changes;
        return count;
      });
    },
    checkpoint() {
      if (wiped) wiped = isBusy(database.pragma('wal_checkpoint(TRUNCATE)'));
      if (commits < checkpointLook) return;
      commits = 0;
      if (walPages(database) >= checkpointPages) database.pragma('wal_checkpoint(PASSIVE)');
    },
    close: () => database.close(),
  };
}

function readMeta(database: Database): MetaRow {
  const row = database.prepare<[], MetaRow>('SELECT epoch, seq, at FROM meta WHERE one = 1').get();
  if (row === undefined)
    throw new OnedoorError('ONEDOOR_BASE_BUG', { what: 'a journal without its meta row' });
  return row;
}

function readSite(database: Database, hash: SiteHash): StoredSite | null {
  const row = database
    .prepare<string[], { hash: SiteHash; at: number; files: string }>(
      'SELECT hash, at, files FROM site WHERE hash = ?',
    )
    .get(hash);
  return row === undefined
    ? null
    : { hash: row.hash, at: row.at, files: JSON.parse(row.files) as StoredSite['files'] };
}

/** Somebody reads what the log holds: it is for the next time. */
function isBusy(answer: unknown): boolean {
  return (answer as { busy: number }[])[0]?.busy !== 0;
}

/** Pages in the write-ahead log that are not in the file yet. */
function walPages(database: Database): number {
  const [row] = database.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[];
  return row === undefined ? 0 : row.log - row.checkpointed;
}
