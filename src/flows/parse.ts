/** Pure. The text of a flow file becomes a flow that is right in form, or findings with their places. */
import { byPlace, checkYaml, type Finding, readYaml, type YamlPath, type YamlSource } from '../base/index.js';
import type { Flow, Step } from './ast.js';
import { type FlowFinding, found } from './finding.js';
import type { StepKind } from './flow.js';
import { fixedWays, flowSchema, stepSchemas } from './schema.js';

/** A flow file as far as it could be read. `flow` is null where its form has an error. */
export interface ParsedFlow {
  readonly file: string;
  readonly flow: Flow | null;
  readonly source: YamlSource | null;
  readonly findings: readonly FlowFinding[];
}

const kinds = Object.keys(stepSchemas) as readonly StepKind[];

/** Never throws. All findings of the file, in its order. */
export function parseFlow(text: string, file: string): ParsedFlow {
  const reading = readYaml(file, text);
  if (reading.result === 'broken')
    return { file, flow: null, source: null, findings: asErrors(reading.findings) };
  const { source } = reading;
  const checked = checkYaml(source, flowSchema, 'flow');
  const findings: FlowFinding[] = checked.result === 'valid' ? [] : asErrors(checked.findings);

  const steps = new Map<string, Step>();
  for (const [name, value] of Object.entries(stepsIn(source.value))) {
    const step = readStep(source, name, value, findings);
    if (step !== null) steps.set(name, step);
  }
  findings.sort(byPlace);
  const flow = checked.result === 'valid' && findings.length === 0 ? { ...checked.value, steps } : null;
  return { file, flow, source, findings };
}

function stepsIn(value: unknown): object {
  const steps = typeof value === 'object' && value !== null && 'steps' in value ? value.steps : null;
  return typeof steps === 'object' && steps !== null && !Array.isArray(steps) ? steps : {};
}

function readStep(source: YamlSource, name: string, value: unknown, findings: FlowFinding[]): Step | null {
  const path = ['steps', name];
  if ((fixedWays as readonly string[]).includes(name)) {
    findings.push(found(source.file, 'flow/reserved-name', source.keyAt(path), { name }));
    return null;
  }
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const named = kinds.filter((kind) => keys.includes(kind));
  const [kind] = named;
  if (kind === undefined) {
    const place = keys[0] === undefined ? path : [...path, keys[0]];
    findings.push(found(source.file, 'flow/no-kind', source.keyAt(place), { name, kinds: kinds.join(', ') }));
    return null;
  }
  const second = named[1];
  if (second !== undefined) {
    findings.push(
      found(source.file, 'flow/two-kinds', source.keyAt([...path, second]), { name, kind, second }),
    );
    return null;
  }
  const checked = checkYaml(within(source, path, value), stepSchemas[kind], 'flow');
  if (checked.result === 'invalid') {
    findings.push(...asErrors(checked.findings));
    return null;
  }
  return { ...checked.value, kind, name } as Step;
}

/** The part of a file at a path, as a file of its own with the same places. */
function within(source: YamlSource, path: YamlPath, value: unknown): YamlSource {
  return {
    file: source.file,
    value,
    at: (inner) => source.at([...path, ...inner]),
    keyAt: (inner) => source.keyAt([...path, ...inner]),
    typed: (inner) => source.typed([...path, ...inner]),
  };
}

function asErrors(findings: readonly Finding[]): FlowFinding[] {
  return findings.map((finding) => ({ ...finding, severity: 'error' as const }));
}
