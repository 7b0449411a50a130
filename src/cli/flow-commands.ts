/**
 * `onedoor flow check|test|explain|graph|schema`: what is wrong with a site, whether its scripted callers get through,
 * what can happen to a caller, its picture, and what editors need to complete what one writes.
 */
import { relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type Finding, findingLine } from '../base/index.js';
import { loadSite, type SiteCheck } from '../site/index.js';
import { editorSchema, editorSchemaKinds, type EditorSchemaKind } from './editor-schemas.js';
import { type ExplainAsked, explainNumber } from './flow-explain.js';
import { drawFlow, type PictureAsked, pictureFormats } from './flow-picture.js';
import { recordCall } from './flow-record.js';
import { fromHere, type TestAsked, testFlows } from './flow-test.js';
import { type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

interface Asked {
  readonly json?: true;
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
    .option('--transcript', 'print every call: what was expected, beside what happened')
    .option('--coverage', 'list the exits that no caller takes')
    .option('--least <percent>', 'fail where fewer of all exits are taken')
    .option('--record <call>', 'print a scripted caller who goes the way of a call that was made')
    .option('--with-personal', 'with what was keyed and looked up in that call (the reading is logged)')
    .option('--json', 'print one JSON object: callers and exits')
    .action(async (files: string[], asked: TestAsked) =>
      ends(
        asked.record === undefined
          ? await testFlows(world, files, asked)
          : await recordCall(world, asked.record, asked.withPersonal === true),
      ),
    );
  flow
    .command('explain <number>')
    .description('print the tree of what can happen to a caller who dials this number')
    .option('--at <time>', 'when the call is made, e.g. 2026-03-04T10:00+04:00 (by default now)')
    .option('--with <what>', 'who calls: language=ar, caller=+96891234567, or both with a comma between')
    .option(
      '--against <version>',
      'show what differs from a published version, by its hash; `published`: from the one in force; or from a folder',
    )
    .option('--depth <levels>', 'so many levels of choices')
    .option('--width <choices>', 'so many choices of each place')
    .option('--json', 'print the places and what leads from one to the next, or the lines that differ')
    .action(async (number: string, asked: ExplainAsked) => ends(await explainNumber(world, number, asked)));
  flow
    .command('graph <flow>')
    .description('draw a flow')
    .addOption(
      new Option('--format <format>', 'mermaid text, an SVG or a PNG picture')
        .choices(pictureFormats)
        .default('mermaid'),
    )
    .option('--out <file>', 'write it to a file')
    .action(async (name: string, asked: PictureAsked) => ends(await drawFlow(world, name, asked)));
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

function findingsOf(reading: SiteCheck): readonly Finding[] {
  return reading.result === 'checked' ? reading.warnings : reading.findings;
}

function severityOf(finding: Finding & { readonly severity?: string }): string {
  return finding.severity === 'warning' ? 'warning: ' : '';
}
