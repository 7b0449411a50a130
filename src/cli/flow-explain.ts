/** `onedoor flow explain`: the tree of what can happen to a caller, and what changed in it. */
import { stat } from 'node:fs/promises';
import { findingLine, type JsonObject } from '../base/index.js';
import {
  differenceLines,
  type Exploration,
  type ExplorationDifference,
  explorationDifference,
  explorationLines,
  explore,
  momentsOf,
  type ScriptedCaller,
} from '../rehearsal/index.js';
import { type CheckedSite, loadSite, type SiteCheck, siteFromFiles } from '../site/index.js';
import { engineClient } from './engine-client.js';
import { fromHere, scriptedCallers, withMedia } from './flow-test.js';
import { testFiles } from './scripted-callers.js';
import { inForce, isVersion, versionOf, versionsAre } from './stored-version.js';
import { CliFailure, type ExitCode, exitCodes, printJson, settingsOf, type World } from './world.js';

export interface ExplainAsked {
  readonly at?: string;
  readonly with?: string;
  readonly against?: string;
  readonly depth?: string;
  readonly width?: string;
  readonly json?: true;
}

export async function explainNumber(world: World, number: string, asked: ExplainAsked): Promise<ExitCode> {
  const { siteFolder, stateFolder } = settingsOf(world);
  const wanted = wantedOf(number, asked);
  const site = soundOf(siteFolder, await loadSite(siteFolder));
  const callers = await callersBeside(siteFolder);
  // The same is tried on both sides: a difference is one of the sites.
  const tried: Tried = { callers, entries: entriesOf(site, callers) };
  const now = exploreSite(site, wanted, tried);
  const limits = { depth: countOf('--depth', asked.depth), width: countOf('--width', asked.width) };
  if (asked.against === undefined) {
    if (asked.json) printJson(world, now);
    else for (const line of explorationLines(now, limits)) world.out(line);
    return exitCodes.done;
  }
  const other = await otherSite(asked.against, stateFolder);
  const isNew = !other.site.numbers.has(number);
  const before = isNew ? null : exploreSite(other.site, wanted, tried);
  const difference = explorationDifference(before, now);
  if (asked.json) printJson(world, difference);
  else for (const line of differenceLines(difference)) world.out(line);
  if (isNew) world.err(`${number} is no number of ${other.name}: everything is new.`);
  world.err(differing(difference));
  return exitCodes.done;
}

function differing({ texts, places }: ExplorationDifference): string {
  if (texts.length + places.length === 0) return 'Nothing differs for a caller.';
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  return `${count(texts.length, 'text')} and ${count(places.length, 'place')} differ.`;
}

interface Wanted {
  readonly number: string;
  readonly at: number;
  readonly caller: string | null;
  readonly language: string | null;
}

function wantedOf(number: string, { at, with: given }: ExplainAsked): Wanted {
  const time = at === undefined ? Date.now() : Date.parse(at);
  if (Number.isNaN(time))
    throw new CliFailure(exitCodes.usage, `--at is "${at}"; write a time such as 2026-03-04T10:00+04:00.`);
  const known = new Map([
    ['language', null],
    ['caller', null],
  ] as [string, string | null][]);
  for (const part of given === undefined ? [] : given.split(',')) {
    const [name = '', value = ''] = part.split(/=(.*)/s);
    if (!known.has(name) || value === '') {
      throw new CliFailure(
        exitCodes.usage,
        `--with has "${part}"; write language=ar, caller=+96891234567, or both with a comma between.`,
      );
    }
    known.set(name, value);
  }
  return { number, at: time, caller: known.get('caller') ?? null, language: known.get('language') ?? null };
}

function countOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new CliFailure(exitCodes.usage, `${option} is "${text}"; write a whole number from 1 to 9999.`);
}

/** Stands for the version that answers callers. */
const published = 'published';

interface OtherSite {
  readonly name: string;
  readonly site: CheckedSite;
}

/** A folder's site, or a version that the engine keeps. */
async function otherSite(against: string, stateFolder: string): Promise<OtherSite> {
  if (against !== published && (await isFolder(against)))
    return { name: against, site: soundOf(against, await loadSite(against)) };
  if (against !== published && !isVersion(against)) {
    throw new CliFailure(
      exitCodes.usage,
      `There is no folder "${against}", and it is no version. ${versionsAre}`,
    );
  }
  const engine = engineClient(stateFolder);
  const version = await versionOf(engine, against === published ? await inForce(engine) : against);
  const name = `version ${version.name}`;
  return { name, site: soundOf(name, await siteFromFiles(version.files)) };
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}

function soundOf(where: string, check: SiteCheck): CheckedSite {
  if (check.result === 'checked') return check.site;
  const lines = check.findings.map((finding) => findingLine(fromHere(where, finding)));
  throw new CliFailure(exitCodes.findings, lines.join('\n'));
}

/** What is tried beside the keys. */
interface Tried {
  readonly callers: readonly ScriptedCaller[];
  readonly entries: readonly string[];
}

function exploreSite(site: CheckedSite, wanted: Wanted, { callers, entries }: Tried): Exploration {
  const { number, at, caller, language } = wanted;
  if (!site.numbers.has(number)) {
    const numbers = [...site.numbers.keys()].join(', ');
    throw new CliFailure(exitCodes.usage, `${number} is no number of this site. There are: ${numbers}.`);
  }
  if (language !== null && !site.languages.includes(language)) {
    throw new CliFailure(
      exitCodes.usage,
      `The site does not speak ${language}, but ${site.languages.join(', ')}.`,
    );
  }
  return explore({
    moments: momentsOf({ site: withMedia(site), number, at, caller }),
    rows: (source) => rowsOf(site, callers, source),
    entries,
    language,
  });
}

/** The scripted callers know rows and numbers that sources without a table have. */
export async function callersBeside(folder: string): Promise<readonly ScriptedCaller[]> {
  const files = await testFiles(folder);
  return files.length === 0 ? [] : scriptedCallers(folder, files);
}

/** Rows with which a source may answer: its table's, and those of scripted callers. */
export function rowsOf(
  site: CheckedSite,
  callers: readonly ScriptedCaller[],
  source: string,
): readonly JsonObject[] {
  const scripted = callers.flatMap(({ lookups }) =>
    Object.values(lookups[source] ?? {}).filter((answer) => typeof answer === 'object'),
  );
  return [...(site.tables.get(source)?.rows ?? []), ...(scripted as readonly JsonObject[])];
}

/** Numbers that mean something: those by which sources are asked, then those that scripted callers enter. */
function entriesOf(site: CheckedSite, callers: readonly ScriptedCaller[]): readonly string[] {
  const cells = [...site.tables.values()].flatMap(({ rows }) =>
    rows.slice(0, 3).flatMap((row) => Object.values(row)),
  );
  const asked = callers.flatMap(({ lookups }) =>
    Object.values(lookups).flatMap((answers) => Object.keys(answers).flatMap((key) => key.split(' '))),
  );
  const pressed = callers.flatMap(({ script }) =>
    script.flatMap((step) =>
      typeof step === 'object' && 'presses' in step ? [step.presses.replace(/#$/, '')] : [],
    ),
  );
  return [...new Set([...asked, ...pressed, ...cells])].filter((text) => /^\d+$/.test(text));
}
