import { type CsvTable, type Finding, readCsv, type YamlSource } from '../base/index.js';
import type { SiteFiles } from './files.js';
import type { SiteSettings } from './settings.js';

/** Pure. Paths of the tables that a site's lookups name. */
export function tablePaths(settings: SiteSettings): readonly string[] {
  return [...new Set(Object.values(settings.lookups).flatMap((lookup) => lookup.csv ?? []))];
}

/** Pure. The lookups' tables from their files; `findings` has what is wrong with them. */
export function readTables(
  settings: SiteSettings,
  source: YamlSource,
  files: SiteFiles,
): { readonly tables: ReadonlyMap<string, CsvTable>; readonly findings: readonly Finding[] } {
  const tables = new Map<string, CsvTable>();
  const findings: Finding[] = [];
  const readings = new Map(tablePaths(settings).map((path) => [path, files[path]] as const));
  const read = new Map<string, CsvTable | null>();
  for (const [path, text] of readings) {
    if (text === undefined) continue;
    const reading = readCsv(path, text);
    if (reading.result === 'broken') findings.push(...reading.findings);
    read.set(path, reading.result === 'read' ? reading.table : null);
  }
  for (const [name, lookup] of Object.entries(settings.lookups)) {
    const { csv } = lookup;
    if (csv === undefined) continue;
    const table = read.get(csv);
    if (table === undefined) {
      findings.push({
        file: source.file,
        ...source.at(['lookups', name, 'csv']),
        code: 'site/missing-table',
        what: `The lookup "${name}" reads ${csv}, which cannot be read.`,
        why: 'Every question to it would fail.',
        mend: 'Add the file, or correct its name.',
      });
    } else if (table !== null) tables.set(name, table);
  }
  return { tables, findings };
}
