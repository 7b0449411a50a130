/** What can be found wrong with a flow: a table of codes for each family, filled from the finding's fields. */
import type { Finding, YamlPath, YamlSource } from '../base/index.js';

/** An error keeps a flow from being used, a warning does not. */
export interface FlowFinding extends Finding {
  readonly severity: 'error' | 'warning';
}

interface FindingRow {
  readonly severity: FlowFinding['severity'];
  readonly what: string;
  readonly why: string;
  readonly mend: string;
}

export type FindingTable = Readonly<Record<string, FindingRow>>;
type Fields = Readonly<Record<string, string | number>>;

/** Tells findings of one family, at the value of a path or at its key. */
export interface Telling<Table extends FindingTable> {
  at(path: YamlPath, code: keyof Table & string, fields: Fields): void;
  key(path: YamlPath, code: keyof Table & string, fields: Fields): void;
}

/** What is told goes into `findings`. */
export function telling<Table extends FindingTable>(
  source: YamlSource,
  table: Table,
  findings: Finding[],
): Telling<Table> {
  const tell = (
    place: { readonly line: number; readonly col: number },
    code: string,
    fields: Fields,
  ): void => {
    const row = table[code];
    if (row === undefined) return;
    const fill = (template: string): string =>
      template.replace(/\{(\w+)\}/g, (slot, name: string) => String(fields[name] ?? slot));
    const { severity } = row;
    const { line, col } = place;
    const finding: FlowFinding = {
      file: source.file,
      line,
      col,
      code,
      severity,
      what: fill(row.what),
      why: fill(row.why),
      mend: fill(row.mend),
    };
    findings.push(finding);
  };
  return {
    at: (path, code, fields) => tell(source.at(path), code, fields),
    key: (path, code, fields) => tell(source.keyAt(path), code, fields),
  };
}
