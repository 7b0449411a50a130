/**
 * The journal's schema, as numbered steps. A step that was released is never edited: the next one follows it.
 * The newest step's number is the state's format; it lies in `PRAGMA user_version`.
 */
export interface SchemaStep {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export const schemaSteps: readonly SchemaStep[] = [
  {
    number: 1,
    name: 'turns',
    sql: `
      -- The owner's epoch, and the newest turn.
      CREATE TABLE meta (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      INSERT INTO meta (one, epoch, seq, at) VALUES (1, 0, 0, 0);

      -- The event log: the truth. References only, no personal data.
      CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        turn INTEGER NOT NULL,
        at INTEGER NOT NULL,
        subject TEXT NOT NULL,
        type TEXT NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX event_by_subject ON event (subject);

      -- What lives now. A row goes when its thing ends.
      CREATE TABLE entity (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (kind, id)
      ) STRICT;

      -- Personal data by contact, so that it can be erased.
      CREATE TABLE personal (
        contact TEXT NOT NULL,
        key TEXT NOT NULL,
        class TEXT NOT NULL,
        expires INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (contact, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX personal_by_expiry ON personal (expires);

      -- Contacts and cases as other tools read them. Can be recomputed from the event log.
      CREATE TABLE record (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        at INTEGER NOT NULL,
        case_id TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (kind, id)
      ) STRICT;
      CREATE INDEX record_by_time ON record (kind, at, id);
      CREATE INDEX contact_by_case ON record (case_id, at) WHERE kind = 'contact';
      CREATE INDEX case_by_reference ON record (json_extract(body, '$.reference'))
        WHERE kind = 'case' AND json_extract(body, '$.reference') IS NOT NULL;
      -- Most cases are closed at once: those that are not are few, and asked for often.
      CREATE INDEX case_open ON record (at, id)
        WHERE kind = 'case' AND json_extract(body, '$.status') <> 'closed';

      -- Site versions as published.
      CREATE TABLE site (
        hash TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        confirmed INTEGER NOT NULL,
        files TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    number: 2,
    name: 'publications',
    sql: `
      -- What was put in force, where, when, by whom and why. The newest of an alias is in force there.
      CREATE TABLE publication (
        number INTEGER PRIMARY KEY,
        alias TEXT NOT NULL,
        action TEXT NOT NULL,
        hash TEXT NOT NULL REFERENCES site (hash),
        at INTEGER NOT NULL,
        who TEXT NOT NULL,
        why TEXT NOT NULL
      ) STRICT;
      CREATE INDEX publication_by_alias ON publication (alias, number);
      INSERT INTO publication (number, alias, action, hash, at, who, why)
        SELECT confirmed, 'live', 'published', hash, at, '', 'in force before publications were kept' FROM site;
      ALTER TABLE site DROP COLUMN confirmed;
    `,
  },
];

/** The format that this engine writes. */
export const format = schemaSteps.reduce((newest, step) => Math.max(newest, step.number), 0);

/** Marks a SQLite file as a journal of ours (`PRAGMA application_id`): "1dor" in ASCII. */
export const applicationId = 0x31646f72;
