/** `onedoor prompts build|missing|import`: the texts as sound. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createLog, findingLine } from '../base/index.js';
import { espeakSynthesiser, importRecordings, missingPrompts, type PieceToRecord } from '../speech/index.js';
import { buildSiteMedia, voiceToolbox } from './site-media.js';
import { soundSite } from './sound-site.js';
import { openStateFolder } from './state-folder.js';
import { csvLine } from './table.js';
import { CliFailure, type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

export function addPromptsCommands(program: Command, world: World, ends: (code: ExitCode) => void): void {
  const prompts = program.command('prompts').description('the texts of prompts/*.yaml as sound');
  prompts
    .command('build')
    .description(
      'make every sound that is not there yet; a recording beside the text overrides the synthetic voice',
    )
    .action(async () => ends(await build(world)));
  prompts
    .command('missing')
    .description('what the synthetic voice speaks because nobody has recorded it yet: a script to read aloud')
    .option('--json', 'print a JSON array')
    .option('--csv', 'print CSV with a header row: the script for the studio, and what `import` reads')
    .action((asked: { json?: true; csv?: true }) => missing(world, asked));
  prompts
    .command('import')
    .description("take a studio's WAV files over as recordings: trimmed, levelled, as telephone sound")
    .argument('<source>', 'a folder with files named as in the script, or the CSV beside them')
    .action(async (source: string) => ends(await take(world, source)));
}

async function build(world: World): Promise<ExitCode> {
  const settings = settingsOf(world);
  if (settings.toolbox === null) throw noToolbox();
  const site = await soundSite(world, settings.siteFolder);
  const state = openStateFolder(settings.stateFolder);
  const log = createLog(settings.logLevel ?? 'silent');
  const report = await buildSiteMedia(site, settings, state, log, (what) => world.err(what));
  for (const finding of report.findings) world.err(findingLine(finding));
  for (const { language, name } of report.missing) world.err(`${language}/${name} could not be made.`);
  world.out(
    `${report.built} sounds made, ${report.reused} ready before; ${report.recorded} of them recorded by a person.`,
  );
  return report.missing.length === 0 && report.findings.length === 0 ? exitCodes.done : exitCodes.findings;
}

async function missing(world: World, { json, csv }: { json?: true; csv?: true }): Promise<void> {
  const { siteFolder } = settingsOf(world);
  const site = await soundSite(world, siteFolder);
  const pieces = await missingPrompts(site.texts, join(siteFolder, 'prompts'));
  if (json) return printJson(world, pieces);
  if (csv) return printCsv(world, pieces);
  for (const language of site.languages) {
    printScript(
      world,
      language,
      pieces.filter((piece) => piece.language === language),
    );
  }
}

/** The columns `file` and `recording` are what `prompts import` reads; the others are for the person who speaks. */
function printCsv(world: World, pieces: readonly PieceToRecord[]): void {
  world.out(csvLine(['file', 'recording', 'words', 'context', 'ending', 'note']));
  for (const { language, name, recording, words, context, ends, note } of pieces)
    world.out(
      csvLine([
        `prompts/${language}/${name}.wav`,
        recording,
        words,
        context ?? '',
        ends ? 'down' : 'up',
        note ?? '',
      ]),
    );
}

/** The pieces of one language as a script to read aloud. */
function printScript(world: World, language: string, pieces: readonly PieceToRecord[]): void {
  const name = new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;
  if (pieces.length === 0) return world.out(`${name}: everything is recorded.`);
  const values = pieces.filter((piece) => piece.name.startsWith('say/'));
  const parts = pieces.filter((piece) => !values.includes(piece) && piece.context !== null);
  const chapters: readonly (readonly [string, readonly PieceToRecord[]])[] = [
    ['Whole texts', pieces.filter((piece) => !values.includes(piece) && piece.context === null)],
    ['Parts of sentences: read what stands between « and », as it sounds in the whole', parts],
    ['Digits, numbers, dates: read what stands between « and », level, as more follows', values],
  ];
  world.out(`${name}: ${pieces.length} pieces`);
  for (const [title, list] of chapters) {
    if (list.length === 0) continue;
    world.out('');
    world.out(title);
    for (const { recording, words, context, note } of list) {
      world.out(`  ${recording}`);
      world.out(`      ${context ?? words}`);
      if (note !== null) world.out(`      (${note})`);
    }
  }
  world.out('');
}

async function take(world: World, source: string): Promise<ExitCode> {
  const settings = settingsOf(world);
  const toolbox = voiceToolbox(settings.toolbox);
  if (toolbox === null) throw noToolbox();
  if (!existsSync(source))
    throw new CliFailure(exitCodes.usage, `There is no ${source}: name a folder or a CSV file.`);
  const site = await soundSite(world, settings.siteFolder);
  const prompts = join(settings.siteFolder, 'prompts');
  const synthesiser = espeakSynthesiser(toolbox);
  const { imported, findings } = await importRecordings({
    catalog: site.texts,
    prompts,
    source,
    synthesiser,
  });
  for (const { path, from, ms, replaced } of imported)
    world.out(`prompts/${path}  ${(ms / 1000).toFixed(1)} s, ${replaced ? 'replaced by' : 'from'} ${from}`);
  for (const finding of findings) world.err(findingLine(finding));
  const left = (await missingPrompts(site.texts, prompts)).length;
  world.out(
    `${imported.length} recordings taken, ${findings.length} refused; ${left} pieces are still to be recorded.`,
  );
  return findings.length === 0 ? exitCodes.done : exitCodes.findings;
}

function noToolbox(): CliFailure {
  return new CliFailure(
    exitCodes.failed,
    'There is no toolbox with espeak-ng and sox. Run npm start once, or set ONEDOOR_TOOLBOX.',
  );
}
