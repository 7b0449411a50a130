/** `onedoor flow explain`: the tree of what can happen to a caller, and what changed in it. */
import { stat } from 'node:fs/promises';
import { findingLine, type JsonObject } from '../base/index.js';
import {
  type Exploration,
  explorationLines,
  explore,
  type LineChange,
  lineChanges,
  momentsOf,
  placeLines,
  type ScriptedCaller,
} from '../rehearsal/index.js';
import { type CheckedSite, loadSite, type SiteCheck, siteFromFiles } from '../site/index.js';
import { engineClient } from './engine-client.js';
import { fromHere, scriptedCallers, withMedia } from './flow-test.js';
import { testFiles } from './scripted-callers.js';
import { inForce, versionOf } from './stored-version.js';
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
  const before = exploreSite(other, wanted, tried);
  const changed = changedPlaces(placeLines(before), placeLines(now));
  if (asked.json) printJson(world, changed);
  else for (const line of changed.flatMap(linesOfChange)) world.out(line);
  const count = (which: LineChange['change']): number =>
    changed.flatMap(({ lines }) => lines).filter(({ change }) => change === which).length;
  world.err(
    `${changed.length} places differ: ${count('added')} lines added, ${count('removed')} lines removed.`,
  );
  return exitCodes.done;
}

interface ChangedPlace {
  readonly place: string;
  readonly lines: readonly LineChange[];
}

function changedPlaces(
  before: ReadonlyMap<string, readonly string[]>,
  now: ReadonlyMap<string, readonly string[]>,
): readonly ChangedPlace[] {
  return [...new Set([...now.keys(), ...before.keys()])]
    .map((place) => ({ place, lines: lineChanges(before.get(place) ?? [], now.get(place) ?? []) }))
    .filter(({ lines }) => lines.some(({ change }) => change !== 'same'));
}

function linesOfChange({ place, lines }: ChangedPlace): string[] {
  return [`at ${place}:`, ...lines.map(({ change, line }) => `${marks[change]} ${line}`)];
}

const marks = { same: ' ', added: '+', removed: '-' } as const;

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

/** A folder's site, or a version that the engine keeps. */
async function otherSite(against: string, stateFolder: string): Promise<CheckedSite> {
  if (against !== published && (await isFolder(against))) return soundOf(against, await loadSite(against));
  const engine = engineClient(stateFolder);
  const { name, files } = await versionOf(engine, against === published ? await inForce(engine) : against);
  return soundOf(`version ${name}`, siteFromFiles(files));
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
