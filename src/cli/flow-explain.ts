/** `onedoor flow explain`: the tree of what can happen to a caller, and what changed in it. */
import { join } from 'node:path';
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
import { type CheckedSite, loadSite } from '../site/index.js';
import { fromHere, scriptedCallers, testFiles } from './flow-test.js';
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
  const { siteFolder } = settingsOf(world);
  const wanted = wantedOf(number, asked);
  const now = await exploreFolder(siteFolder, wanted);
  const limits = { depth: countOf('--depth', asked.depth), width: countOf('--width', asked.width) };
  if (asked.against === undefined) {
    if (asked.json) printJson(world, now);
    else for (const line of explorationLines(now, limits)) world.out(line);
    return exitCodes.done;
  }
  const before = await exploreFolder(asked.against, wanted);
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

async function exploreFolder(folder: string, wanted: Wanted): Promise<Exploration> {
  const reading = await loadSite(folder);
  if (reading.result === 'broken') {
    const lines = reading.findings.map((finding) => findingLine(fromHere(folder, finding)));
    throw new CliFailure(exitCodes.findings, lines.join('\n'));
  }
  const { site } = reading;
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
  const callers = await callersBeside(folder);
  return explore({
    moments: momentsOf({ site: { ...site, media: ({ name }) => name }, number, at, caller }),
    rows: (source) => rowsOf(site, callers, source),
    entries: entriesOf(site, callers),
    language,
  });
}

/** The scripted callers know rows and numbers that sources without a table have. */
export async function callersBeside(folder: string): Promise<readonly ScriptedCaller[]> {
  const files = await testFiles(join(folder, 'flows'));
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
