/** `onedoor prompts build|missing`: the texts as sound. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { createLog, findingLine } from '../base/index.js';
import { missingPrompts } from '../speech/index.js';
import { buildSiteMedia } from './site-media.js';
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
    .description('what the synthetic voice speaks because nobody has recorded it yet: a list for the studio')
    .option('--json', 'print a JSON array')
    .option('--csv', 'print CSV with a header row')
    .action((asked: { json?: true; csv?: true }) => missing(world, asked));
}

async function build(world: World): Promise<ExitCode> {
  const settings = settingsOf(world);
  if (settings.toolbox === null) {
    throw new CliFailure(
      exitCodes.failed,
      'There is no toolbox with espeak-ng and sox. Run npm start once, or set ONEDOOR_TOOLBOX.',
    );
  }
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
  if (csv) world.out(csvLine(['file', 'words', 'note']));
  for (const { language, name, words, note } of pieces) {
    const file = `prompts/${language}/${name}.wav`;
    world.out(csv ? csvLine([file, words, note ?? '']) : `${file}  ${words}`);
  }
}
