/** `onedoor flow test --record`: a call of the records becomes a scripted caller. */
import { z } from 'zod';
import { type RehearsalSite, readScript, runScript, scriptOfCall } from '../rehearsal/index.js';
import { engineClient } from './engine-client.js';
import { callersBeside, rowsOf } from './flow-explain.js';
import { withMedia } from './flow-test.js';
import { soundSite } from './sound-site.js';
import { CliFailure, type ExitCode, exitCodes, settingsOf, type World } from './world.js';

const text = z.string().nullable();
/** What of a contact's record a scripted caller is made of. */
const contactSchema = z.looseObject({
  id: z.string(),
  began: z.enum(['inbound', 'outbound']),
  number: z.string(),
  caller: z.object({ number: text, name: text, withheld: z.boolean() }),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  path: z.array(
    z.object({
      flow: z.string(),
      step: z.string(),
      kind: z.string(),
      from: z.string().optional(),
      by: z.string().optional(),
      at: z.number(),
    }),
  ),
  entries: z.array(z.object({ name: z.string(), key: z.string(), at: z.number() })),
  lookups: z.array(z.object({ source: z.string(), result: z.string(), at: z.number() })),
  recordings: z.array(z.object({ name: z.string(), recording: z.string(), ms: z.number() })),
  talks: z.array(
    z.looseObject({ phone: z.string(), startedAt: z.number(), endedAt: z.number().nullable(), result: text }),
  ),
  tickets: z.array(
    z.looseObject({
      queue: z.string(),
      requestedAt: z.number(),
      connectedAt: z.number().nullable(),
      endedAt: z.number().nullable(),
      result: text,
    }),
  ),
  messages: z.array(z.looseObject({ texts: z.array(z.string()), result: text })),
  surveys: z.array(z.looseObject({ survey: z.string() })),
  survey: z.array(z.looseObject({ question: z.string(), answer: z.number() })),
  outcome: text,
  termination: z.looseObject({ result: z.string(), reason: z.string(), by: z.string() }).nullable(),
  personal: z.record(z.string(), z.json()).optional(),
});

export async function recordCall(world: World, id: string, withPersonal: boolean): Promise<ExitCode> {
  const { siteFolder, stateFolder } = settingsOf(world);
  const query = { personal: withPersonal ? 'true' : undefined };
  const contact = await engineClient(stateFolder).get(
    `/contacts/${encodeURIComponent(id)}`,
    query,
    contactSchema,
  );
  const checked = await soundSite(world, siteFolder);
  const site = withMedia(checked);
  const callers = await callersBeside(siteFolder);
  const script = scriptOfCall(
    { contact, personal: withPersonal ? (contact.personal ?? {}) : null },
    { site, rows: (source) => rowsOf(checked, callers, source) },
  );
  if (script.result === 'differs') {
    const help = withPersonal
      ? ''
      : ' Perhaps --with-personal, which takes what was keyed and looked up, helps.';
    throw new CliFailure(
      exitCodes.findings,
      `No scripted caller goes the way of call ${id} through the folder's flows: ${script.why}.${help}`,
    );
  }
  const problem = firstFailure(script.text, site);
  if (problem !== null) {
    throw new CliFailure(
      exitCodes.findings,
      `The scripted caller of call ${id} does not get through: ${problem}`,
    );
  }
  world.out(script.text.trimEnd());
  return exitCodes.done;
}

/** What is printed was read and run as any other scripted caller. */
function firstFailure(written: string, site: RehearsalSite): string | null {
  const reading = readScript('recorded call', written);
  if (reading.result === 'broken') return reading.findings[0]?.what ?? 'it cannot be read';
  const [caller] = reading.callers;
  return caller === undefined ? 'it is empty' : (runScript(caller, site).failures[0] ?? null);
}
