import type { z } from 'zod';
import { type JsonObject, type Log, OnedoorError } from '../base/index.js';
import type { RecordFilter, RecordKind, Records } from '../records/index.js';
import * as schema from './schemas.js';
import type { WebApp } from './web-app.js';

/** What the API reads of the records. */
export type RecordShelf = Pick<Records, 'page' | 'one' | 'personal'>;

/** `GET /cases`, `/contacts`, and one of each. */
export function addRecordRoutes(app: WebApp, records: RecordShelf, log: Log): void {
  const refusals = { 400: schema.errorAnswer, 401: schema.errorAnswer, 404: schema.errorAnswer };
  // Who reads personal data must be seen afterwards.
  const audit = (contacts: readonly JsonObject[]): void => {
    log.info(
      { audit: 'personal-data-read', contacts: contacts.map(({ id }) => id) },
      'personal data was read',
    );
  };

  app.get(
    '/cases',
    {
      schema: {
        summary: 'Cases, newest first',
        tags: ['records'],
        querystring: schema.caseQuery,
        response: { 200: schema.casePage, ...refusals },
      },
    },
    async ({ query: { limit, after, ...filter } }) => {
      const page = await records.page('case', withoutGaps(filter), limit, after ?? null);
      return { cases: page.records.map(asCase), next: page.next };
    },
  );
  app.get(
    '/contacts',
    {
      schema: {
        summary: 'Contacts, newest first',
        tags: ['records'],
        querystring: schema.contactQuery,
        response: { 200: schema.contactPage, ...refusals },
      },
    },
    async ({ query: { limit, after, personal, ...filter } }) => {
      const withPersonal = personal === 'true';
      const page = await records.page('contact', withoutGaps(filter), limit, after ?? null, { withPersonal });
      if (withPersonal) audit(page.records);
      return { contacts: page.records.map(asContact), next: page.next };
    },
  );
  app.get(
    '/cases/:id',
    {
      schema: {
        summary: 'One case',
        tags: ['records'],
        params: schema.recordParams,
        response: { 200: schema.caseRecord, ...refusals },
      },
    },
    async ({ params }) => asCase(await one(records, 'case', params.id)),
  );
  app.get(
    '/contacts/:id',
    {
      schema: {
        summary: 'One contact',
        tags: ['records'],
        params: schema.recordParams,
        querystring: schema.contactDetail,
        response: { 200: schema.contactRecord, ...refusals },
      },
    },
    async ({ params: { id }, query }) => {
      const contact = await one(records, 'contact', id);
      if (query.personal === 'false') return asContact(contact);
      audit([contact]);
      return asContact({ ...contact, personal: await records.personal(id) });
    },
  );
}

// What the journal holds was written by `cases`; the serialiser checks it against the schema on its way out.
const asCase = (record: JsonObject) => record as z.output<typeof schema.caseRecord>;
const asContact = (record: JsonObject) => record as z.output<typeof schema.contactRecord>;

/** The filter without the fields that were not asked for. */
function withoutGaps(
  filter: { readonly [Field in keyof RecordFilter]: RecordFilter[Field] | undefined },
): RecordFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

async function one(records: RecordShelf, kind: RecordKind, id: string): Promise<JsonObject> {
  const record = await records.one(kind, id);
  if (record === null) throw new OnedoorError('ONEDOOR_WEB_NO_RECORD', { kind });
  return record;
}
