/** `onedoor flow test`: the scripted callers of a site, and which exits of its flows they take. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Finding, findingLine } from '../base/index.js';
import { exitsOf, parseFlow, type WrittenExit } from '../flows/index.js';
import {
  type ExitCoverage,
  exitCoverage,
  type RehearsalSite,
  runScript,
  type ScriptedCaller,
  type ScriptedResult,
  transcriptLines,
} from '../rehearsal/index.js';
import { type CheckedSite, loadSite, type SiteFiles } from '../site/index.js';
import { readCallers, testFiles } from './scripted-callers.js';
import { CliFailure, type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

export interface TestAsked {
  readonly transcript?: true;
  readonly coverage?: true;
  readonly least?: string;
  readonly record?: string;
  readonly withPersonal?: true;
  readonly json?: true;
}

export async function testFlows(world: World, files: readonly string[], asked: TestAsked): Promise<ExitCode> {
  const { siteFolder } = settingsOf(world);
  const least = percentOf(asked.least);
  const reading = await loadSite(siteFolder);
  if (reading.result === 'broken') {
    const lines = reading.findings.map((finding) => findingLine(fromHere(siteFolder, finding)));
    throw new CliFailure(exitCodes.findings, lines.join('\n'));
  }
  const site = withMedia(reading.site);
  const callers = await scriptedCallers(siteFolder, files);
  const results = callers.map((caller) => runScript(caller, site));
  const failed = results.filter(({ passed }) => !passed);
  const coverage = exitCoverage(
    writtenExits(siteFolder, reading.files),
    results.flatMap(({ exits }) => exits),
  );
  const enough = least === null || coverage.percent >= least;

  if (asked.json) printJson(world, { callers: results, coverage });
  else {
    for (const result of results) tell(world, result, asked.transcript === true);
    if (asked.coverage || !enough) for (const line of untested(coverage)) world.out(line);
    world.err(`${results.length - failed.length} callers got through, ${failed.length} did not.`);
    world.err(summary(coverage, asked.coverage === true || !enough));
  }
  if (!enough) world.err(`At least ${least} % were asked for.`);
  return failed.length === 0 && enough ? exitCodes.done : exitCodes.findings;
}

function tell(world: World, result: ScriptedResult, whole: boolean): void {
  const { caller, file, line, passed, failures, transcript } = result;
  world.out(`${passed ? 'ok    ' : 'FAILED'} ${file}:${line} ${caller}`);
  for (const failure of failures) world.out(`       ${failure}`);
  if (!whole && passed) return;
  const width = Math.max(80, process.stdout.columns ?? 120);
  for (const said of transcriptLines(transcript, width - 7)) world.out(`       ${said}`);
}

function untested({ exits }: ExitCoverage): string[] {
  return exits
    .filter(({ taken }) => taken === 0)
    .map(
      ({ file, line, flow, step, exit, go }) => `untested ${file}:${line} ${flow}/${step}, ${exit} -> ${go}`,
    );
}

function summary({ exits, tested, percent }: ExitCoverage, listed: boolean): string {
  const rest = exits.length - tested;
  const more = rest === 0 || listed ? '' : ` --coverage lists the other ${rest}.`;
  return `${tested} of ${exits.length} exits are tested (${percent.toFixed(1)} %).${more}`;
}

function writtenExits(siteFolder: string, files: SiteFiles): readonly WrittenExit[] {
  return Object.entries(files)
    .filter(([path]) => /^flows\/[^/]+\.yaml$/.test(path))
    .flatMap(([path, text]) => exitsOf(parseFlow(text, relative(process.cwd(), join(siteFolder, path)))));
}

function percentOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const percent = Number(text);
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return percent;
  throw new CliFailure(exitCodes.usage, `--least is "${text}"; write a number from 0 to 100.`);
}

/** The scripted callers of these files, or of all that stand beside the flows. */
export async function scriptedCallers(
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

/** A file that the command line or the site names. */
export async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliFailure(exitCodes.usage, `${path} cannot be read: ${why}.`, cause);
  }
}

/** The site as it is rehearsed: a piece's name stands for its media file, whether it was made or not. */
export function withMedia(site: CheckedSite): RehearsalSite {
  return { ...site, media: ({ language, name }) => `${language}/${name}` };
}

/** The finding with its file as the shell's folder sees it. */
export function fromHere(siteFolder: string, finding: Finding): Finding {
  return { ...finding, file: relative(process.cwd(), join(siteFolder, finding.file)) };
}
