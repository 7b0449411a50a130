/** The process that asks a PostgreSQL server for one source. Started by postgres-source.ts, and ended by it. */
import { isIP } from 'node:net';
import pg from 'pg';
import { parserOf } from './postgres-values.js';
import { wholeRow } from './row.js';
import type { ReaderAnswer, ServerPlace, ServerQuestion } from './sql-messages.js';

interface Connection {
  readonly client: pg.Client;
  /** What it was made with. */
  readonly place: string;
}

let open: Connection | null = null;

async function connected(server: ServerPlace): Promise<pg.Client> {
  const place = JSON.stringify(server);
  if (open?.place === place) return open.client;
  await leave();
  const { address, port, database, user, password, tlsName, ca, connectMs, statementMs } = server;
  const client = new pg.Client({
    host: address,
    port,
    database,
    user,
    // Without one pg would look for a file with passwords.
    password: password ?? '',
    ssl: tlsName === null ? false : { ...nameOf(tlsName), ...(ca === null ? {} : { ca }) },
    connectionTimeoutMillis: connectMs,
    application_name: 'onedoor',
    options: `-c default_transaction_read_only=on -c statement_timeout=${Math.ceil(statementMs)} -c timezone=UTC -c datestyle=ISO -c bytea_output=hex`,
    types: { getTypeParser: (oid: number) => parserOf(oid) },
  });
  // A server that goes away while nobody asks ends the connection; the next question makes another.
  client.on('error', () => forget(client));
  client.on('end', () => forget(client));
  await client.connect();
  open = { client, place };
  return client;
}

/** A certificate is for a name, or for an address. */
function nameOf(name: string): { readonly host: string } | { readonly servername: string } {
  return isIP(name) === 0 ? { servername: name } : { host: name };
}

function forget(client: pg.Client): void {
  if (open?.client === client) open = null;
}

async function leave(): Promise<void> {
  const before = open;
  open = null;
  await before?.client.end();
}

async function answer(question: ServerQuestion): Promise<ReaderAnswer> {
  const { place, query, values, parameters } = question;
  const client = await connected(place);
  // What the query calls may not write either: a function's writing fails in such a transaction.
  await client.query('BEGIN TRANSACTION READ ONLY');
  try {
    // Of a whole table only one row is read. Values go beside the query, never into it.
    const asked = `SELECT * FROM (${query.replace(/;\s*$/, '')}\n) AS asked LIMIT 1`;
    if (values === null) {
      const none = Array.from({ length: parameters }, () => null);
      await client.query({ text: `EXPLAIN ${asked}`, values: none });
      return { result: 'not-found' };
    }
    const { rows } = await client.query<Record<string, unknown>>({ text: asked, values: [...values] });
    const [row] = rows;
    if (row === undefined) return { result: 'not-found' };
    const reading = wholeRow(Object.entries(row));
    return reading.result === 'row'
      ? { result: 'found', row: reading.row }
      : { result: 'failed', why: reading.why, passing: false };
  } finally {
    await client.query('ROLLBACK').catch(() => forget(client));
  }
}

/** By the error's code: its message may hold what was asked. */
function whyNot(error: unknown): ReaderAnswer {
  const { code = '' } = error as { readonly code?: string };
  // Data exceptions: what was keyed is no number, no date, or too long.
  if (code.startsWith('22')) return { result: 'refused', why: `the server refused the value (${code})` };
  if (code === '57014') return { result: 'failed', why: 'its query took too long', passing: false };
  if (/^[0-9A-Z]{5}$/.test(code))
    return {
      result: 'failed',
      why: `the server refused the question (${code})`,
      passing: /^(08|40|53|57)/.test(code),
    };
  return { result: 'failed', why: `the connection failed (${code || 'no reason given'})`, passing: true };
}

// Ctrl-C goes to the whole group: callers who are still in the line are still to be answered.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (question: ServerQuestion) => {
  answer(question)
    .catch((error: unknown) => whyNot(error))
    .then((told) => process.send?.(told))
    .catch(() => process.exit(1));
});
