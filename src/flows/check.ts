/** Pure. Everything that can be known to be wrong with a flow before a caller meets it. */
import { byPlace, type YamlPath } from '../base/index.js';
import type { Flow } from './ast.js';
import { checkExpressions } from './check-expressions.js';
import { checkInputs } from './check-inputs.js';
import { checkReferences } from './check-references.js';
import { checkTexts } from './check-texts.js';
import { checkWays } from './check-ways.js';
import { type FindingCode, type FlowFinding, found } from './finding.js';
import type { ParsedFlow } from './parse.js';
import type { FlowTexts } from './prompt.js';

/** What the site around a flow has. */
export interface SiteFacts {
  readonly texts: FlowTexts;
  /** Names of the phones in onedoor.yaml. */
  readonly phones: ReadonlySet<string>;
  /** Names of the lookups in onedoor.yaml. */
  readonly lookups: ReadonlySet<string>;
  /** All flows of the site that could be read, by name. */
  readonly flows: ReadonlyMap<string, Flow>;
}

/** Tells a finding at the value of a path, or at its key. */
export interface Telling {
  at(path: YamlPath, code: FindingCode, fields: Readonly<Record<string, string | number>>): void;
  key(path: YamlPath, code: FindingCode, fields: Readonly<Record<string, string | number>>): void;
}

/** All findings of a file, those of its form first of all; a flow without errors can be compiled. */
export function checkFlow(parsed: ParsedFlow, facts: SiteFacts): readonly FlowFinding[] {
  const { file, flow, source } = parsed;
  if (flow === null || source === null) return parsed.findings;
  const findings: FlowFinding[] = [...parsed.findings];
  const tell: Telling = {
    at: (path, code, fields) => findings.push(found(file, code, source.at(path), fields)),
    key: (path, code, fields) => findings.push(found(file, code, source.keyAt(path), fields)),
  };
  checkWays(flow, tell);
  checkInputs(flow, tell);
  checkTexts(flow, facts.texts, tell);
  checkExpressions(flow, tell);
  checkReferences(flow, facts, tell);
  return findings.sort(byPlace);
}

export function hasErrors(findings: readonly FlowFinding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
