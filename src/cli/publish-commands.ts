/** `onedoor publish|history|diff|rollback`: what callers hear, since when, and what was before. */
import type { Command } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { z } from 'zod';
import { type Finding, findingLine } from '../base/index.js';
import { type EngineClient, engineClient } from './engine-client.js';
import { signed } from './signed.js';
import { inForce, publication, shortHash, type Side, versionOf, versions } from './stored-version.js';
import { harmless, textTable } from './table.js';
import { CliFailure, type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

type Published = z.output<typeof publication>;

const finding = z.object({
  file: z.string(),
  line: z.number(),
  col: z.number(),
  code: z.string(),
  severity: z.string().optional(),
  what: z.string(),
  why: z.string(),
  mend: z.string(),
});

const answer = z.discriminatedUnion('result', [
  z.object({
    result: z.literal('published'),
    publication,
    warnings: z.array(finding),
    callers: z.number().nullable(),
    notes: z.array(z.string()),
  }),
  z.object({ result: z.literal('unchanged'), hash: z.string() }),
  z.object({ result: z.literal('broken'), findings: z.array(finding) }),
  z.object({
    result: z.literal('untested'),
    failed: z.array(
      z.object({
        file: z.string(),
        line: z.number(),
        caller: z.string(),
        failures: z.array(z.string()),
      }),
    ),
  }),
]);
type Answer = z.output<typeof answer>;

interface Asked {
  readonly why: string;
  readonly who: string;
  readonly test?: true;
  readonly json?: true;
  readonly limit: string;
}

/** Prompts may have to be made: a long text takes the synthesiser a while. */
const publishLimitMs = 600_000;
export function addPublishCommand(program: Command, world: World, ends: (code: ExitCode) => void): void {
  signed(program.command('publish'), 'history')
    .description('check and test the folder, and put it in force: for new calls, without a restart')
    .option('--test', 'for test numbers only; callers notice nothing')
    .option('--json', 'print the answer as JSON')
    .action(async ({ who, why, test, json }: Asked) => {
      const body = { alias: test ? 'test' : 'live', who, why };
      ends(tell(world, await ask(world, '/site/publish', body), json));
    });
}

export function addRollbackCommand(program: Command, world: World, ends: (code: ExitCode) => void): void {
  signed(program.command('rollback [version]'), 'history')
    .description('put an earlier version in force again: the one before, or the one of this hash')
    .option('--json', 'print the answer as JSON')
    .action(async (wanted: string | undefined, { who, why, json }: Asked) => {
      const body = { version: wanted ?? null, who, why };
      ends(tell(world, await ask(world, '/site/rollback', body), json));
    });
}

export function addHistoryCommand(program: Command, world: World): void {
  program
    .command('history')
    .description('what was put in force, when, by whom and why; the newest first')
    .option('--limit <n>', 'at most so many', '20')
    .option('--json', 'print a JSON array')
    .action(async ({ limit, json }: Asked) => {
      const { publications } = await clientOf(world).get('/site/versions', { limit }, versions);
      if (json) printJson(world, publications);
      else for (const line of historyTable(publications)) world.out(line);
    });
}

export function addDiffCommand(program: Command, world: World, ends: (code: ExitCode) => void): void {
  program
    .command('diff [from] [to]')
    .description('what differs: between the version in force and the folder, or between two versions')
    .option('--json', 'print the names of the files as JSON')
    .action(async (from: string | undefined, to: string | undefined, { json }: Asked) => {
      const engine = clientOf(world);
      const before = await versionOf(engine, from ?? (await inForce(engine)));
      const after = to === undefined ? await folderOf(world) : await versionOf(engine, to);
      const changes = changesOf(before, after);
      if (json)
        printJson(
          world,
          changes.map(({ file, change }) => ({ file, change })),
        );
      else
        for (const { patch } of changes)
          for (const line of patch) world.out(harmless(line.replaceAll('\t', '  ')));
      if (changes.length === 0) world.err('Nothing differs.');
      ends(exitCodes.done);
    });
}

function clientOf(world: World): EngineClient {
  return engineClient(settingsOf(world).stateFolder);
}

function ask(world: World, path: string, body: unknown): Promise<Answer> {
  return clientOf(world).post(path, body, answer, { limitMs: publishLimitMs });
}

function tell(world: World, told: Answer, json: true | undefined): ExitCode {
  if (json) printJson(world, told);
  else for (const line of linesOf(told)) world.out(line);
  return told.result === 'published' || told.result === 'unchanged' ? exitCodes.done : exitCodes.findings;
}

function linesOf(told: Answer): readonly string[] {
  switch (told.result) {
    case 'published': {
      const { alias, hash, number } = told.publication;
      const who = alias === 'live' ? 'new calls' : 'calls to test numbers';
      const tested = told.callers === null ? '' : ` ${told.callers} scripted callers got through.`;
      return [
        ...told.warnings.map((warning) => `warning: ${findingLine(warning as Finding)}`),
        ...told.notes,
        `Publication ${number}: version ${hash.slice(0, shortHash)} answers ${who}.${tested}`,
      ];
    }
    case 'unchanged':
      return [`Nothing to do: version ${told.hash.slice(0, shortHash)} is in force already.`];
    case 'broken':
      return [
        ...told.findings.map((one) => findingLine(one as Finding)),
        'Not published: mend what was found. What was in force stays in force.',
      ];
    case 'untested':
      return [
        ...told.failed.flatMap(({ file, line, caller, failures }) => [
          `FAILED ${file}:${line} ${caller}`,
          ...failures.map((failure) => `       ${failure}`),
        ]),
        'Not published: a scripted caller did not get through. What was in force stays in force.',
      ];
    default:
      return told satisfies never;
  }
}

function historyTable(publications: readonly Published[]): readonly string[] {
  const rows = publications.map(({ number, alias, action, hash, at, who, why }) =>
    [String(number), new Date(at).toISOString(), alias, action, hash.slice(0, shortHash), who, why].map(
      harmless,
    ),
  );
  return textTable(['number', 'at', 'for', 'action', 'version', 'who', 'why'], rows);
}

async function folderOf(world: World): Promise<Side> {
  // Only who compares with a folder reads it: a fifth of a second, else for nothing.
  const { hashSite, readSite } = await import('../site/index.js');
  const { files, findings } = await readSite(settingsOf(world).siteFolder);
  if (findings.length > 0) throw new CliFailure(exitCodes.findings, findings.map(findingLine).join('\n'));
  return { name: `folder (${hashSite(files).slice(0, shortHash)})`, files };
}

interface Change {
  readonly file: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly patch: readonly string[];
}

function changesOf(before: Side, after: Side): readonly Change[] {
  const names = [...new Set([...Object.keys(before.files), ...Object.keys(after.files)])].sort();
  return names.flatMap((file): Change[] => {
    const [old, fresh] = [before.files[file], after.files[file]];
    if (old === fresh) return [];
    const change = old === undefined ? 'added' : fresh === undefined ? 'removed' : 'changed';
    const patch = createTwoFilesPatch(file, file, old ?? '', fresh ?? '', before.name, after.name);
    return [{ file, change, patch: patch.trimEnd().split('\n') }];
  });
}
