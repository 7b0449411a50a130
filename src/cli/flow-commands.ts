/**
 * `onedoor flow check|test|graph|schema`: what is wrong with a site, whether its scripted callers get through, its
 * picture, and what editors need to complete what one writes.
 */
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type Finding, findingLine } from '../base/index.js';
import { flowGraph, parseFlow } from '../flows/index.js';
import { runScript, type ScriptedCaller } from '../rehearsal/index.js';
import { loadSite, type SiteCheck } from '../site/index.js';
import type { SpokenPiece } from '../speech/index.js';
import { editorSchema, editorSchemaKinds, type EditorSchemaKind } from './editor-schemas.js';
import { readCallers, testFiles } from './scripted-callers.js';
import { CliFailure, type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

interface Asked {
  readonly json?: true;
  readonly transcript?: true;
}

export function addFlowCommands(program: Command, world: World, ends: (code: ExitCode) => void): void {
  const flow = program
    .command('flow')
    .description('call flows: what is wrong with them, and their scripted callers');
  flow
    .command('check [files...]')
    .description('check the whole site; of what is found, print all or what is in these files')
    .option('--json', 'print the findings as a JSON array')
    .action(async (files: string[], asked: Asked) => ends(await check(world, files, asked)));
  flow
    .command('test [files...]')
    .description('run the scripted callers of flows/*.test.yaml, or of these files')
    .option('--transcript', 'print every call as it went')
    .option('--json', 'print the results as a JSON array')
    .action(async (files: string[], asked: Asked) => ends(await test(world, files, asked)));
  flow
    .command('graph <flow>')
    .description('print a flow as a Mermaid diagram')
    .action(async (name: string) => ends(await graph(world, name)));
  flow
    .command('schema')
    .description('print the JSON Schema of a kind of file, for completion in editors')
    .addOption(
      new Option('--kind <kind>', 'which files: flows, onedoor.yaml, prompts, or scripted callers')
        .choices(editorSchemaKinds)
        .default('flow'),
    )
    .action(({ kind }: { kind: EditorSchemaKind }) => ends(schema(world, kind)));
}

function schema(world: World, kind: EditorSchemaKind): ExitCode {
  world.out(JSON.stringify(editorSchema(kind), null, 2));
  return exitCodes.done;
}

async function graph(world: World, name: string): Promise<ExitCode> {
  const path = join(settingsOf(world).siteFolder, 'flows', `${name}.yaml`);
  const { flow, findings } = parseFlow(await textOf(path), relative(process.cwd(), path));
  if (flow === null) throw new CliFailure(exitCodes.findings, findings.map(findingLine).join('\n'));
  world.out(flowGraph(flow));
  return exitCodes.done;
}

async function check(world: World, files: readonly string[], { json }: Asked): Promise<ExitCode> {
  const { siteFolder } = settingsOf(world);
  const reading = await loadSite(siteFolder, Date.now());
  const wanted = new Set(files.map((file) => relative(siteFolder, resolve(file))));
  const found = findingsOf(reading).filter(({ file }) => wanted.size === 0 || wanted.has(file));
  if (json) printJson(world, found);
  else {
    for (const finding of found) world.out(severityOf(finding) + findingLine(fromHere(siteFolder, finding)));
    const errors = found.filter((finding) => severityOf(finding) === '').length;
    const counts = `${errors} ${errors === 1 ? 'error' : 'errors'}, ${found.length - errors} warnings`;
    world.err(
      reading.result === 'checked'
        ? `The site is sound (${counts}).`
        : `The site cannot be used (${counts}).`,
    );
  }
  return reading.result === 'checked' ? exitCodes.done : exitCodes.findings;
}

async function test(world: World, files: readonly string[], { json, transcript }: Asked): Promise<ExitCode> {
  const { siteFolder } = settingsOf(world);
  const reading = await loadSite(siteFolder);
  if (reading.result === 'broken') {
    const lines = reading.findings.map((finding) => findingLine(fromHere(siteFolder, finding)));
    throw new CliFailure(exitCodes.findings, lines.join('\n'));
  }
  const site = { ...reading.site, media: ({ language, name }: SpokenPiece) => `${language}/${name}` };
  const callers = await scriptedCallers(siteFolder, files);
  const results = callers.map((caller) => runScript(caller, site));
  const failed = results.filter(({ passed }) => !passed);
  if (json) printJson(world, results);
  else {
    for (const { caller, file, line, passed, failures, transcript: went } of results) {
      world.out(`${passed ? 'ok    ' : 'FAILED'} ${file}:${line} ${caller}`);
      for (const failure of failures) world.out(`       ${failure}`);
      if (transcript || !passed) for (const said of went) world.out(`       | ${said}`);
    }
    world.err(`${results.length - failed.length} callers got through, ${failed.length} did not.`);
  }
  return failed.length === 0 ? exitCodes.done : exitCodes.findings;
}

async function scriptedCallers(
  siteFolder: string,
  files: readonly string[],
): Promise<readonly ScriptedCaller[]> {
  const paths = files.length > 0 ? files : await testFiles(siteFolder);
  if (paths.length === 0)
    throw new CliFailure(exitCodes.failed, `There is no flows/*.test.yaml in ${siteFolder}.`);
  const reading = await readCallers(paths, process.cwd()).catch((cause: unknown) => {
    throw new CliFailure(exitCodes.usage, `The scripted callers cannot be read: ${String(cause)}.`, cause);
  });
  if (reading.result === 'broken')
    throw new CliFailure(exitCodes.findings, reading.findings.map(findingLine).join('\n'));
  return reading.callers;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliFailure(exitCodes.usage, `${path} cannot be read: ${why}.`, cause);
  }
}

function findingsOf(reading: SiteCheck): readonly Finding[] {
  return reading.result === 'checked' ? reading.warnings : reading.findings;
}

function severityOf(finding: Finding & { readonly severity?: string }): string {
  return finding.severity === 'warning' ? 'warning: ' : '';
}

/** The finding with its file as the shell's folder sees it. */
function fromHere(siteFolder: string, finding: Finding): Finding {
  return { ...finding, file: relative(process.cwd(), join(siteFolder, finding.file)) };
}
