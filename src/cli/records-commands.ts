/** `onedoor case list|show|export` and `onedoor contact list|show`: the records, through the engine's HTTP API. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type EngineClient, engineClient } from './engine-client.js';
import { addCaseErase, addContactErase } from './erase-commands.js';
import { csvLine, harmless, textTable } from './table.js';
import { CliFailure, exitCodes, printJson, settingsOf, type World } from './world.js';

const record = z.looseObject({ id: z.string() });
type Listed = z.output<typeof record>;
const casePage = z.object({ cases: z.array(record), next: z.string().nullable() });
const contactPage = z.object({ contacts: z.array(record), next: z.string().nullable() });

interface Asked {
  readonly limit?: string;
  readonly since?: string;
  readonly until?: string;
  readonly status?: string;
  readonly kind?: string;
  readonly reference?: string;
  readonly language?: string;
  readonly outcome?: string;
  readonly case?: string;
  readonly personal?: true;
  readonly json?: true;
  readonly csv?: true;
}

const caseColumns = ['reference', 'kind', 'status', 'opened', 'language', 'outcome', 'subject', 'id'];
const contactColumns = [
  'started',
  'number',
  'flow',
  'language',
  'outcome',
  'result',
  'reason',
  'by',
  'case',
  'id',
];

export function addCaseCommand(program: Command, world: World): void {
  const client = clientOf(world);
  const cases = program
    .command('case')
    .description('cases: what callers called about, followed until it is done');

  caseFilters(listing(cases.command('list').description('the newest cases first')))
    .option('--json', 'print a JSON array')
    .action(async (asked: Asked) => {
      const found = await collect(pagesOf(client(), 'cases', asked), Number(asked.limit));
      if (asked.json) printJson(world, found);
      else for (const line of textTable(caseColumns, found.map(caseRow))) world.out(line);
    });

  cases
    .command('show <id>')
    .description('one case with its contacts; by its id or by the reference that the caller was told')
    .option('--personal', 'with personal data: who called, what was keyed (the reading is logged)')
    .option('--json', 'print JSON')
    .action(async (id: string, asked: Asked) => {
      const engine = client();
      const found = await findCase(engine, id);
      const query = { case: found.id, limit: '1000', personal: asked.personal ? 'true' : undefined };
      const page = await engine.get('/contacts', query, contactPage);
      const whole = { ...found, contacts: page.contacts };
      if (asked.json) printJson(world, whole);
      else for (const line of outline(whole)) world.out(line);
    });

  caseFilters(
    filters(cases.command('export').description('every case, one JSON object a line, for other tools')),
  )
    .addOption(new Option('--csv', 'print CSV with a header row').conflicts('json'))
    .option('--json', 'print JSON Lines (the default)')
    .action(async (asked: Asked) => {
      if (asked.csv) world.out(csvLine(caseColumns));
      for await (const page of pagesOf(client(), 'cases', asked)) {
        for (const one of page) world.out(asked.csv ? csvLine(caseRow(one)) : JSON.stringify(one));
      }
    });

  addCaseErase(cases, world, client, async (engine, id) => (await findCase(engine, id)).id);
}

export function addContactCommand(program: Command, world: World): void {
  const client = clientOf(world);
  const contacts = program.command('contact').description('contacts: one record for each interaction');

  listing(contacts.command('list').description('the newest contacts first'))
    .option('--case <id>', 'those of one case')
    .option('--personal', 'with personal data, in JSON (the reading is logged)')
    .option('--json', 'print a JSON array')
    .action(async (asked: Asked) => {
      const found = await collect(pagesOf(client(), 'contacts', asked), Number(asked.limit));
      if (asked.json) printJson(world, found);
      else for (const line of textTable(contactColumns, found.map(contactRow))) world.out(line);
    });

  contacts
    .command('show <id>')
    .description('one contact: the way through the flow, what was asked, how it ended')
    .option('--personal', 'with personal data (the reading is logged)')
    .option('--json', 'print JSON')
    .action(async (id: string, asked: Asked) => {
      const query = { personal: asked.personal ? 'true' : undefined };
      const found = await client().get(`/contacts/${encodeURIComponent(id)}`, query, record);
      if (asked.json) printJson(world, found);
      else for (const line of outline(found)) world.out(line);
    });

  addContactErase(contacts, world, client);
}

/** The engine, found when a command is carried out. */
function clientOf(world: World): () => EngineClient {
  return () => engineClient(settingsOf(world).stateFolder);
}

function listing(command: Command): Command {
  return filters(
    command.addOption(new Option('--limit <n>', 'at most so many').default('50').argParser(wholeNumber)),
  );
}

function filters(command: Command): Command {
  return command
    .option('--since <time>', 'began at or after: 2026-03-04, or with time and zone')
    .option('--until <time>', 'began before')
    .option('--language <tag>', 'in this language')
    .option('--outcome <word>', 'with this outcome');
}

function caseFilters(command: Command): Command {
  return command
    .addOption(new Option('--status <word>', 'in this status').choices(['received', 'resolved', 'closed']))
    .option('--kind <word>', 'of this kind, e.g. complaint')
    .option('--reference <digits>', 'with this reference');
}

function wholeNumber(text: string): string {
  if (/^[1-9]\d{0,5}$/.test(text)) return text;
  throw new CliFailure(exitCodes.usage, `--limit is "${text}"; write a whole number from 1 to 999999.`);
}

async function* pagesOf(
  engine: EngineClient,
  what: 'cases' | 'contacts',
  asked: Asked,
): AsyncGenerator<readonly Listed[]> {
  const { limit, json: _json, csv: _csv, personal, ...filter } = asked;
  const size = String(Math.min(Number(limit ?? 1000), 1000));
  let after: string | undefined;
  do {
    const query = { ...filter, limit: size, after, personal: personal ? 'true' : undefined };
    const page =
      what === 'cases'
        ? await engine.get(
            '/cases',
            query,
            casePage.transform(({ cases, next }) => ({ found: cases, next })),
          )
        : await engine.get(
            '/contacts',
            query,
            contactPage.transform(({ contacts, next }) => ({ found: contacts, next })),
          );
    yield page.found;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

async function collect(pages: AsyncGenerator<readonly Listed[]>, limit: number): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for await (const page of pages) {
    found.push(...page);
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

async function findCase(engine: EngineClient, id: string): Promise<Listed> {
  if (/^\d+$/.test(id)) {
    const byReference = await engine.get('/cases', { reference: id, limit: '1' }, casePage);
    const [found] = byReference.cases;
    if (found !== undefined) return found;
    throw new CliFailure(exitCodes.failed, `There is no case with the reference ${id}.`);
  }
  return engine.get(`/cases/${encodeURIComponent(id)}`, {}, record);
}

function caseRow(one: Listed): string[] {
  const { reference, kind, status, openedAt, language, outcome, subject, id } = one;
  return [reference, kind, status, timeOf(openedAt), language, outcome, subject, id].map(shown);
}

function contactRow(one: Listed): string[] {
  const { startedAt, number, flow, language, outcome, termination, case: ofCase, id } = one;
  const ended = z
    .looseObject({ result: z.string(), reason: z.string(), by: z.string() })
    .safeParse(termination);
  const { result, reason, by } = ended.success ? ended.data : { result: 'live', reason: '', by: '' };
  return [timeOf(startedAt), number, flow, language, outcome, result, reason, by, ofCase, id].map(shown);
}

/** A record as indented lines. */
function outline(value: Readonly<Record<string, unknown>>, indent = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]): string[] => {
    if (Array.isArray(inner)) {
      const items = inner.flatMap((item: unknown) =>
        isObject(item)
          ? [`${indent}  -`, ...outline(item, `${indent}    `)]
          : [`${indent}  - ${shown(item)}`],
      );
      return inner.length === 0 ? [] : [`${indent}${name}:`, ...items];
    }
    if (isObject(inner)) return [`${indent}${name}:`, ...outline(inner, `${indent}  `)];
    const moment = name === 'at' || name.endsWith('At');
    return inner === null ? [] : [`${indent}${name}: ${moment ? timeOf(inner) : shown(inner)}`];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function timeOf(at: unknown): string {
  return typeof at === 'number' ? new Date(at).toISOString() : '';
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  return harmless(typeof value === 'string' ? value : JSON.stringify(value));
}
