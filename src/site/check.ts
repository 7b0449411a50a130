/** Pure. The files of a site become a checked version, or findings: those of all files together. */
import {
  byPlace,
  checkYaml,
  type Finding,
  findingLine,
  type Pieces,
  readYaml,
  type UtcMs,
  type YamlSource,
} from '../base/index.js';
import {
  checkFlow,
  type CompiledFlow,
  compileFlow,
  type Flow,
  type FlowTexts,
  type ParsedFlow,
  parseFlow,
  prefersLastAgent,
  type MenuFacts,
  type SiteFacts,
} from '../flows/index.js';
import type { TextCatalog } from '../speech/index.js';
import { calendarsOf } from './calendars.js';
import { hashSite, type SiteFiles, siteFile } from './files.js';
import { type NumberedFlow, numbersOf, trunksOf } from './lines.js';
import { checkDesk, deskOf } from './desk.js';
import { callbacksOf, checkQueues, levelsOf, queuesOf, routingOf, skillsOf } from './queues.js';
import { type SiteSettings, siteSchema } from './settings.js';
import type { CheckedSite, Phone } from './site.js';
import { checkQuestions, outsideSources } from './sources.js';
import { readTables } from './tables.js';
import { checkTransfers, transfersOf } from './transfers.js';
import { siteTexts } from './texts.js';

export type SiteCheck =
  | {
      readonly result: 'checked';
      readonly site: CheckedSite;
      readonly files: SiteFiles;
      /** Findings that do not keep the site from being used. */
      readonly warnings: readonly Finding[];
    }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

export type SettingsCheck =
  | { readonly result: 'read'; readonly settings: SiteSettings; readonly source: YamlSource }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

/** onedoor.yaml alone: what else must be read stands in it. */
export function checkSettings(files: SiteFiles): SettingsCheck {
  const text = files[siteFile];
  if (text === undefined) {
    const finding: Finding = {
      file: siteFile,
      line: 1,
      col: 1,
      code: 'site/missing-file',
      what: 'The file does not exist.',
      why: 'It says what the site is.',
      mend: 'Add it, or set ONEDOOR_SITE to the folder that has it.',
    };
    return { result: 'broken', findings: [finding] };
  }
  const reading = readYaml(siteFile, text);
  if (reading.result === 'broken') return reading;
  const checked = checkYaml(reading.source, siteSchema, 'site');
  if (checked.result === 'invalid') return { result: 'broken', findings: checked.findings };
  return { result: 'read', settings: checked.value, source: reading.source };
}

/**
 * Checks a whole site, in pieces: a flow at a time, or a file. The engine does it while calls are up, and a call must
 * not wait for more than one piece.
 *
 * @param found findings of reading the files
 * @param now for what is over or comes soon (UTC milliseconds); null: nothing is said of it
 */
export function* checkSite(
  files: SiteFiles,
  found: readonly Finding[] = [],
  now: UtcMs | null = null,
): Pieces<SiteCheck> {
  const reading = checkSettings(files);
  const parsed: ParsedFlow[] = [];
  for (const path of flowFiles(files)) {
    yield;
    parsed.push(parseFlow(files[path] ?? '', path));
  }
  if (reading.result === 'broken') {
    return broken([...found, ...reading.findings, ...parsed.flatMap((flow) => flow.findings)]);
  }
  const { settings, source } = reading;

  yield;
  const { texts, findings: textFindings } = yield* siteTexts(settings, source, files);
  yield;
  const { tables, findings: tableFindings } = readTables(settings, source, files);
  const { sources, findings: sourceFindings } = outsideSources(settings, source);
  const { trunks, findings: trunkFindings } = trunksOf(settings, source);
  const { calendars, findings: calendarFindings } = yield* calendarsOf(settings, source, files, texts, now);
  const {
    numbers,
    testNumbers,
    findings: numberFindings,
  } = numbersOf(
    settings,
    source,
    numbered(parsed),
    parsed.every(({ flow }) => flow !== null),
  );
  const findings: Finding[] = [
    ...found,
    ...textFindings,
    ...tableFindings,
    ...sourceFindings,
    ...trunkFindings,
    ...numberFindings,
    ...calendarFindings,
  ];
  const facts = factsOf(settings, texts, parsed);
  for (const flow of parsed) {
    yield;
    findings.push(...checkFlow(flow, facts));
    findings.push(...checkAgainstSite(flow, settings, tables), ...checkQuestions(flow, sources));
  }
  findings.push(...checkFlowNames(parsed), ...checkPhones(settings, source));
  findings.push(...checkQueues(settings, source), ...checkDesk(settings, source, texts));
  findings.push(...checkTransfers(settings, source, numbers, trunks));
  if (texts === null || findings.some(isError)) return broken(findings);

  const flows = new Map<string, CompiledFlow>();
  for (const { flow } of parsed) {
    yield;
    if (flow !== null) flows.set(flow.flow, compileFlow(flow, texts));
  }
  const site: CheckedSite = {
    hash: hashSite(files),
    name: settings.name,
    languages: settings.languages,
    numbers,
    testNumbers,
    flows,
    texts,
    phones: Object.entries(settings.phones).map(
      ([name, { label, transfers }]): Phone => ({
        name,
        label,
        transfers,
      }),
    ),
    trunks,
    queues: queuesOf(settings),
    routing: routingOf(
      settings,
      parsed.some(({ flow }) => flow !== null && prefersLastAgent(flow)),
    ),
    desk: deskOf(settings),
    transfers: transfersOf(settings),
    agentLabels: new Map(Object.entries(settings.agents).map(([name, agent]) => [name, agent.name])),
    callbacks: callbacksOf(settings),
    messages: settings.messages ?? null,
    tables,
    calendars,
    sources,
    fallback: {
      apology: settings.fallback.apology,
      unknownNumber: settings.fallback['unknown-number'],
      phone: settings.fallback.phone ?? null,
    },
    limits: { calls: settings.limits.calls, callsWhenDegraded: settings.limits['calls-when-degraded'] },
  };
  return { result: 'checked', site, files, warnings: inOrder(findings) };
}

function flowFiles(files: SiteFiles): readonly string[] {
  return Object.keys(files)
    .filter((path) => /^flows\/[^/]+\.yaml$/.test(path))
    .sort();
}

/** Words a minute of a voice that is not known. */
const slowRate = 130;

/** Where the texts themselves have a fault, nothing is said of the flows' use of them. */
const anyText: FlowTexts = { has: () => true, slots: () => [] };

function factsOf(
  settings: SiteSettings,
  texts: TextCatalog | null,
  parsed: readonly ParsedFlow[],
): SiteFacts {
  return {
    texts: texts ?? anyText,
    phones: new Set(Object.keys(settings.phones)),
    lookups: new Set(Object.keys(settings.lookups)),
    calendars: new Set(Object.keys(settings.calendars)),
    queues: new Map(Object.keys(settings.queues).map((queue) => [queue, levelsOf(settings, queue)])),
    skills: skillsOf(settings),
    agents: new Set(Object.keys(settings.agents)),
    callbacks: settings.callbacks !== undefined,
    ...(settings.callbacks === undefined ? {} : { callbackCountries: new Set(settings.callbacks.countries) }),
    callbackTrunk: settings.callbacks?.trunk !== undefined,
    messages: settings.messages !== undefined,
    notices: new Map(
      Object.entries(settings.queues).flatMap(([queue, { record }]): [string, string][] =>
        typeof record === 'object' ? [[queue, record.say]] : [],
      ),
    ),
    queuesWithHours: new Set(
      Object.entries(settings.queues)
        .filter(([, { calendar }]) => calendar !== undefined)
        .map(([queue]) => queue),
    ),
    personalLookups: new Set(
      Object.entries(settings.lookups)
        .filter(([, { personal }]) => personal)
        .map(([lookup]) => lookup),
    ),
    ...(texts === null ? {} : { menus: menuFacts(settings, texts) }),
    flows: new Map(
      parsed.flatMap(({ flow }): [string, Flow][] => (flow === null ? [] : [[flow.flow, flow]])),
    ),
  };
}

function menuFacts({ menus }: SiteSettings, texts: TextCatalog): MenuFacts {
  return {
    ...menus,
    read: (language, text) => texts.write(language, text, {}).words,
    rate: (language) => texts.voice(language)?.rate ?? slowRate,
  };
}

/** What only the site knows of a flow: its languages, and the columns of the tables that it asks. */
function checkAgainstSite(
  { file, flow, source }: ParsedFlow,
  settings: SiteSettings,
  tables: CheckedSite['tables'],
): readonly Finding[] {
  if (flow === null || source === null) return [];
  const findings: Finding[] = [];
  flow.languages.forEach((language, index) => {
    if (settings.languages.includes(language)) return;
    findings.push({
      file,
      ...source.at(['languages', index]),
      code: 'site/unknown-language',
      what: `The site does not speak ${language}.`,
      why: 'It has no texts in this language.',
      mend: `Add ${language} to \`languages\` in ${siteFile}, or take it out here.`,
    });
  });
  for (const step of flow.steps.values()) {
    if (step.kind !== 'lookup') continue;
    const table = tables.get(step.lookup.source);
    if (table === undefined) continue;
    for (const column of Object.keys(step.lookup.with)) {
      if (table.columns.includes(column)) continue;
      findings.push({
        file,
        ...source.keyAt(['steps', step.name, 'lookup', 'with', column]),
        code: 'site/unknown-column',
        what: `The lookup "${step.lookup.source}" has no column "${column}".`,
        why: 'Every question to it would fail.',
        mend: `Ask by one of ${table.columns.join(', ')}.`,
      });
    }
  }
  return findings;
}

function numbered(parsed: readonly ParsedFlow[]): readonly NumberedFlow[] {
  return parsed.flatMap(({ file, flow }) =>
    flow === null ? [] : [{ name: flow.flow, file, numbers: flow.numbers }],
  );
}

function checkFlowNames(parsed: readonly ParsedFlow[]): readonly Finding[] {
  const seen = new Map<string, string>();
  return parsed.flatMap(({ file, flow, source }): Finding[] => {
    if (flow === null || source === null) return [];
    const other = seen.get(flow.flow);
    seen.set(flow.flow, other ?? file);
    if (other === undefined) return [];
    return [
      {
        file,
        ...source.at(['flow']),
        code: 'site/duplicate-flow',
        what: `The flow "${flow.flow}" stands in ${other} too.`,
        why: 'A name must lead to one flow.',
        mend: 'Rename one of them.',
      },
    ];
  });
}

function checkPhones(settings: SiteSettings, source: YamlSource): readonly Finding[] {
  const { phone } = settings.fallback;
  if (phone === undefined || Object.hasOwn(settings.phones, phone)) return [];
  return [
    {
      file: source.file,
      ...source.at(['fallback', 'phone']),
      code: 'site/unknown-phone',
      what: `There is no phone "${phone}".`,
      why: 'It is rung when a flow has failed.',
      mend: 'Name one of `phones`, or delete the line.',
    },
  ];
}

function isError(finding: Finding & { readonly severity?: string }): boolean {
  return finding.severity !== 'warning';
}

function broken(findings: readonly Finding[]): SiteCheck {
  return { result: 'broken', findings: inOrder(findings) };
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  // The same fault can be met on two ways.
  const byLine = new Map(findings.map((finding) => [findingLine(finding), finding]));
  return [...byLine.values()].sort(byPlace);
}
