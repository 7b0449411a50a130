/** The record that the engine wrote of a call, once it has. */
import { z } from 'zod';
import type { EngineClient } from './engine-client.js';

const contactSchema = z.looseObject({
  id: z.string(),
  number: z.string(),
  site: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  case: z.string().nullable(),
  caller: z.looseObject({ number: z.string().nullable() }).optional(),
  personal: z.record(z.string(), z.unknown()).optional(),
});
const caseSchema = z.looseObject({ id: z.string(), reference: z.string() });

export interface CallRecord {
  readonly contact: z.output<typeof contactSchema>;
  readonly case: z.output<typeof caseSchema> | null;
}

/** The record is written with the call's last turn, which may still be on its way to the disk. */
const recordLimitMs = 8_000;
const askEveryMs = 200;

export async function recordOf(
  engine: EngineClient,
  number: string,
  startedAt: number,
  caller: string | null,
): Promise<CallRecord | null> {
  const page = z.object({ contacts: z.array(contactSchema) });
  for (const until = Date.now() + recordLimitMs; Date.now() < until; ) {
    const { contacts } = await engine.get('/contacts', { limit: '50' }, page);
    const recent = contacts.filter((one) => one.number === number && one.startedAt >= startedAt - 2_000);
    const contact = recent.length > 1 ? await whoseNumberIs(engine, recent, caller) : recent[0];
    if (contact !== undefined && contact.endedAt !== null) {
      const found =
        contact.case === null
          ? null
          : await engine.get(`/cases/${encodeURIComponent(contact.case)}`, {}, caseSchema);
      return { contact, case: found };
    }
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
  return null;
}

/** Several calls at once: ours is the one with our number. */
async function whoseNumberIs(
  engine: EngineClient,
  contacts: readonly CallRecord['contact'][],
  caller: string | null,
): Promise<CallRecord['contact'] | undefined> {
  for (const { id } of contacts) {
    const contact = await engine.get(
      `/contacts/${encodeURIComponent(id)}`,
      { personal: 'true' },
      contactSchema,
    );
    const { personal: shown = {}, ...record } = contact;
    const key = contact.caller?.number ?? null;
    if ((key === null ? null : shown[key]) === caller) return record;
  }
  return undefined;
}

export function recordLines(record: CallRecord | null): string[] {
  if (record === null) return ['The engine has no record of it.'];
  const { contact, case: found } = record;
  return [
    'Record:',
    `  contact  ${JSON.stringify(contact)}`,
    `  case     ${found === null ? 'none' : JSON.stringify(found)}`,
  ];
}
