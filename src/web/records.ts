import type { z } from 'zod';
import { type JsonObject, type Log, OnedoorError } from '../base/index.js';
import type { RecordFilter, RecordKind, RecordPage, RecordShelf } from './port.js';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

/** `GET /cases`, `/contacts`, one of each, and the personal data of a contact. */
export function addRecordRoutes(app: WebApp, records: RecordShelf, log: Log): void {
  const refusals = { 400: schema.errorAnswer, 401: schema.errorAnswer, 404: schema.errorAnswer };

  app.get(
    '/cases',
    { schema: { querystring: schema.caseQuery, response: { 200: schema.casePage, ...refusals } } },
    async ({ query }) => {
      const { records: cases, next } = await pageOf(records, 'case', query);
      return { cases: cases.map(asCase), next };
    },
  );
  app.get(
    '/contacts',
    { schema: { querystring: schema.contactQuery, response: { 200: schema.contactPage, ...refusals } } },
    async ({ query }) => {
      const { records: contacts, next } = await pageOf(records, 'contact', query);
      return { contacts: contacts.map(asContact), next };
    },
  );
  app.get(
    '/cases/:id',
    { schema: { params: schema.recordParams, response: { 200: schema.caseRecord, ...refusals } } },
    async ({ params }) => asCase(await one(records, 'case', params.id)),
  );
  app.get(
    '/contacts/:id',
    { schema: { params: schema.recordParams, response: { 200: schema.contactRecord, ...refusals } } },
    async ({ params }) => asContact(await one(records, 'contact', params.id)),
  );
  app.get(
    '/contacts/:id/personal',
    { schema: { params: schema.recordParams, response: { 200: schema.personalAnswer, ...refusals } } },
    async ({ params }) => {
      await one(records, 'contact', params.id);
      log.info({ contact: params.id, audit: true }, 'personal data was read');
      return { contact: params.id, personal: { ...(await records.personal(params.id)) } };
    },
  );
}

// What the journal holds was written by `cases`; the serialiser checks it against the schema on its way out.
const asCase = (record: JsonObject) => record as z.output<typeof schema.caseRecord>;
const asContact = (record: JsonObject) => record as z.output<typeof schema.contactRecord>;

async function pageOf(
  records: RecordShelf,
  kind: RecordKind,
  { limit, after, ...asked }: { limit: number; after?: string | undefined } & Record<string, unknown>,
): Promise<RecordPage> {
  const filter = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  ) as RecordFilter;
  return records.page(kind, filter, limit, after ?? null);
}

async function one(records: RecordShelf, kind: RecordKind, id: string): Promise<JsonObject> {
  const record = await records.one(kind, id);
  if (record === null) throw new OnedoorError('ONEDOOR_WEB_NO_RECORD', { kind });
  return record;
}
