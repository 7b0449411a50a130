/** `onedoor contact erase` and `onedoor case erase`: personal data, deleted by request. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { EngineClient } from './engine-client.js';
import { signed } from './signed.js';
import { printJson, type World } from './world.js';

const erased = z.object({ contact: z.string(), values: z.int(), recordings: z.int() });
type Erased = z.output<typeof erased>;
const page = z.object({ contacts: z.array(z.looseObject({ id: z.string() })), next: z.string().nullable() });

interface Asked {
  readonly who: string;
  readonly why: string;
  readonly json?: true;
}

export function addContactErase(contacts: Command, world: World, client: () => EngineClient): void {
  signed(contacts.command('erase <id>'), 'event log')
    .description('delete what is known of who called: number, name, what was keyed, found and said')
    .option('--json', 'print JSON')
    .action(async (id: string, asked: Asked) => tell(world, asked, [await erase(client(), id, asked)]));
}

/** @param idOf the case's id, by that or by the reference that the caller was told */
export function addCaseErase(
  cases: Command,
  world: World,
  client: () => EngineClient,
  idOf: (engine: EngineClient, id: string) => Promise<string>,
): void {
  signed(cases.command('erase <id>'), 'event log')
    .description('delete the personal data of all contacts of a case; by its id or its reference')
    .option('--json', 'print JSON')
    .action(async (id: string, asked: Asked) => {
      const engine = client();
      const ofCase = await idOf(engine, id);
      const done: Erased[] = [];
      let after: string | undefined;
      do {
        const { contacts, next } = await engine.get('/contacts', { case: ofCase, after }, page);
        for (const contact of contacts) done.push(await erase(engine, contact.id, asked));
        after = next ?? undefined;
      } while (after !== undefined);
      tell(world, asked, done);
    });
}

function erase(engine: EngineClient, id: string, { who, why }: Asked): Promise<Erased> {
  return engine.remove(`/contacts/${encodeURIComponent(id)}/personal`, { who, why }, erased);
}

function tell(world: World, { json }: Asked, done: readonly Erased[]): void {
  if (json) return printJson(world, done);
  for (const { contact, values, recordings } of done) {
    const what = values === 0 ? 'nothing was left' : `${values} values, ${recordings} recordings`;
    world.out(`${contact}: ${what}`);
  }
}
