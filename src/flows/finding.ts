/** What can be found wrong with a flow: one table of codes a family, filled from the finding's fields. */
import type { Finding, Position } from '../base/index.js';
import { expressionFindings } from './check-expressions.js';
import { inputFindings } from './check-inputs.js';
import { referenceFindings } from './check-references.js';
import { textFindings } from './check-texts.js';
import { wayFindings } from './check-ways.js';

/** An error keeps a flow from being used, a warning does not. */
export interface FlowFinding extends Finding {
  readonly severity: 'error' | 'warning';
}

export interface FindingRow {
  readonly severity: FlowFinding['severity'];
  readonly what: string;
  readonly why: string;
  readonly mend: string;
}

/** Findings about the form of a step; the schema's own come from base. */
const formFindings = {
  'flow/reserved-name': {
    severity: 'error',
    what: 'A step cannot be named "{name}".',
    why: 'The word stands for a way, not for a step.',
    mend: 'Give the step another name.',
  },
  'flow/no-kind': {
    severity: 'error',
    what: 'Step "{name}" does not say what it does.',
    why: 'A step is one of: {kinds}.',
    mend: 'Add one of these words, or correct the mistyped one.',
  },
  'flow/two-kinds': {
    severity: 'error',
    what: 'Step "{name}" is both {kind} and {second}.',
    why: 'A step does one thing.',
    mend: 'Make two steps of it, the first with `go:` to the second.',
  },
} as const satisfies Record<string, FindingRow>;

/** Every finding of this room; those of the schema and of YAML itself are base's (`flow/unrecognized-keys`, `yaml/...`). */
export const findingTable = {
  ...formFindings,
  ...wayFindings,
  ...inputFindings,
  ...textFindings,
  ...expressionFindings,
  ...referenceFindings,
} as const;
export type FindingCode = keyof typeof findingTable;

export function found(
  file: string,
  code: FindingCode,
  { line, col }: Position,
  fields: Readonly<Record<string, string | number>>,
): FlowFinding {
  const row: FindingRow = findingTable[code];
  const fill = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (slot, name: string) => String(fields[name] ?? slot));
  return {
    file,
    line,
    col,
    code,
    severity: row.severity,
    what: fill(row.what),
    why: fill(row.why),
    mend: fill(row.mend),
  };
}
