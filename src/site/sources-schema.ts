/** The schema of `lookups:` in onedoor.yaml. */
import { z } from 'zod';
import { caseKinds } from '../flows/index.js';

const insideFolder = z
  .string()
  .regex(
    /^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\p{Cc}\\]+\.csv$/u,
    'A file is named relative to the folder of onedoor.yaml, stays inside it, and ends in .csv.',
  );

const seconds = (least: number, most: number) =>
  z.number().min(least, `At least ${least} s.`).max(most, `At most ${most} s.`);

const limits = {
  'connect-timeout': seconds(0.1, 30).default(1).describe('Seconds until the service must be reached.'),
  timeout: seconds(0.1, 30).default(2).describe('Seconds until the answer must be there, retries included.'),
  retries: z
    .int()
    .min(0, 'No fewer than none.')
    .max(5, 'At most 5.')
    .default(0)
    .describe('How often a failed question is asked again.'),
  breaker: z
    .strictObject({
      failures: z
        .int()
        .min(1, 'At least 1.')
        .max(100, 'At most 100.')
        .default(5)
        .describe('Failures in a row that open it.'),
      rest: seconds(1, 3_600).default(10).describe('Seconds until one question tries again.'),
    })
    .prefault({})
    .describe('A source that fails again and again is left alone for a while.'),
};

const fieldName = z
  .string()
  .regex(
    /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/,
    'A value has letters, digits and _, begins with a letter, and not with __.',
  );

const pointer = z
  .string()
  .regex(
    /^(?:\/(?:[^~/]|~[01])*)*$/,
    'A place in an answer is a JSON pointer such as /data/0/status (RFC 6901).',
  );

// RFC 9110: what a header may be named, and what may stand in it.
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'A header is named by letters, digits and -.')
  .refine(
    (name) => !/^(?:host|connection|content-length|transfer-encoding|te|upgrade|expect)$/i.test(name),
    'This header is the connection’s own.',
  );
const headerValue = z
  .string()
  .max(1_000, 'At most 1,000 characters.')
  .regex(/^[\x20-\x7e]*$/, 'A header has plain characters on one line.');

const secretName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,63}$/,
    'A secret is named by small letters, digits and -, and begins with a letter.',
  );

const http = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2_000, 'At most 2,000 characters.')
    .describe('With {name} where a value belongs.'),
  method: z.enum(['GET', 'POST']).default('GET').describe('How it is asked.'),
  headers: z.record(headerName, headerValue).default({}).describe('Headers that are sent, without secrets.'),
  'secret-headers': z
    .record(headerName, secretName)
    .default({})
    .describe('Headers whose value is a secret: the name of it.'),
  body: z
    .record(z.string().min(1).max(100), fieldName)
    .optional()
    .describe('Members of the JSON that a POST sends, and the values in them.'),
  'idempotency-key': headerName.optional().describe('Header by which the service knows a question again.'),
  row: pointer.default('').describe('JSON pointer to the row in the answer.'),
  fields: z
    .record(fieldName, pointer)
    .optional()
    .describe('Names of values, and JSON pointers to them from the row; without: its members.'),
  'not-found': z
    .array(z.int().min(200, 'A status is 200 to 599.').max(599, 'A status is 200 to 599.'))
    .default([404])
    .describe('HTTP statuses that mean: there is no such row.'),
  'allow-private': z.boolean().default(false).describe('Whether the host may lie within your own network.'),
  'at-once': z
    .int()
    .min(1, 'At least 1.')
    .max(200, 'At most 200.')
    .default(16)
    .describe('Questions at once.'),
  ...limits,
});

const query = z
  .string()
  .min(1)
  .max(10_000, 'At most 10,000 characters.')
  .describe('One SELECT, with :name where a value belongs.');

const sql = z.strictObject({
  file: z
    .string()
    .max(1_000, 'At most 1,000 characters.')
    .regex(/^[^\p{Cc}]+$/u, 'A file is named by printable characters.')
    .describe('The SQLite file, from the folder of onedoor.yaml.'),
  query,
  ...limits,
});

const serverName = z
  .string()
  .min(1)
  .max(63, 'At most 63 characters.')
  .regex(/^[^\p{Cc}]+$/u, 'A name is made of printable characters.');

const postgres = z.strictObject({
  host: z
    .string()
    .regex(
      /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]+)$/,
      'A host is a name or an address.',
    )
    .describe('The server, by name or address.'),
  port: z
    .int()
    .min(1, 'A port is 1 to 65535.')
    .max(65_535, 'A port is 1 to 65535.')
    .default(5_432)
    .describe('Its port.'),
  database: serverName.describe('The database.'),
  user: serverName.describe('The role that asks; let it read what the query needs, and no more.'),
  secret: secretName.optional().describe('The password: the name of a secret.'),
  tls: z.boolean().default(true).describe('Whether the connection is encrypted and the certificate checked.'),
  ca: z
    .string()
    .max(1_000, 'At most 1,000 characters.')
    .regex(/^[^\p{Cc}]+$/u, 'A file is named by printable characters.')
    .optional()
    .describe('File of the certificate authorities that may have signed it (PEM).'),
  'allow-private': z.boolean().default(false).describe('Whether the server may lie within your own network.'),
  query,
  ...limits,
});

const cases = z.strictObject({
  kinds: z
    .array(z.enum(caseKinds))
    .min(1, 'Name at least one kind.')
    .default(['complaint'])
    .describe('Kinds of cases that callers can ask after.'),
});

export const lookupSchema = z
  .strictObject({
    csv: insideFolder.optional().describe('A table, a file beside onedoor.yaml.'),
    http: http.optional().describe('A service that is asked over HTTP.'),
    sql: sql.optional().describe('A SQLite file.'),
    postgres: postgres.optional().describe('A PostgreSQL server.'),
    cases: cases.optional().describe('The cases of this hotline, by their reference.'),
    personal: z
      .boolean()
      .default(false)
      .describe('Whether its rows are told only to whoever gave a PIN, or two entries.'),
  })
  .refine(
    ({ csv, http, sql, postgres, cases }) =>
      [csv, http, sql, postgres, cases].filter((one) => one !== undefined).length === 1,
    'A lookup is one of csv, http, sql, postgres and cases.',
  );

export type HttpSettings = z.output<typeof http>;
export type PostgresSettings = z.output<typeof postgres>;
export type SqlSettings = z.output<typeof sql>;
