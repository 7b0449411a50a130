/** Pure. The text of a flow file becomes a flow that is right in form, or findings with their places. */
import { byPlace, checkYaml, type Finding, readYaml, type YamlPath, type YamlSource } from '../base/index.js';
import type { Flow, Step } from './ast.js';
import { type FindingTable, type FlowFinding, telling } from './finding.js';
import type { StepKind } from './flow.js';
import { fixedWays, flowSchema } from './schema.js';
import { stepSchemas } from './step-schemas.js';

/** Findings about the form of a step; the schema's own come from base. */
export const formFindings = {
  'flow/file-too-long': {
    severity: 'error',
    what: 'The file is longer than 200,000 characters.',
    why: 'Reading it would hold up calls; it is refused unread.',
    mend: 'Make sub-flows of its parts.',
  },
  'flow/hostile-key': {
    severity: 'error',
    what: '"__proto__" cannot be a name.',
    why: 'In the machine it would be no name but a way to the inside of things.',
    mend: 'Give it another name.',
  },
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
} as const satisfies FindingTable;

/** A flow file as far as it could be read. `flow` is null where its form has an error. */
export interface ParsedFlow {
  readonly file: string;
  readonly flow: Flow | null;
  readonly source: YamlSource | null;
  readonly findings: readonly FlowFinding[];
}

/** Characters of a flow file: some 2,000 steps, read within a tenth of a second. */
const longestFile = 200_000;

const kinds = Object.keys(stepSchemas) as readonly StepKind[];

/** Never throws. All findings of the file, in its order. */
export function parseFlow(text: string, file: string): ParsedFlow {
  if (text.length > longestFile) {
    const { severity, ...row } = formFindings['flow/file-too-long'];
    const finding = { file, line: 1, col: 1, code: 'flow/file-too-long', severity, ...row };
    return { file, flow: null, source: null, findings: [finding] };
  }
  const reading = readYaml(file, text);
  if (reading.result === 'broken')
    return { file, flow: null, source: null, findings: asErrors(reading.findings) };
  const { source } = reading;
  const checked = checkYaml(source, flowSchema, 'flow');
  const findings: FlowFinding[] = checked.result === 'valid' ? [] : asErrors(checked.findings);

  for (const path of hostileKeys(source.value, [])) {
    telling(source, formFindings, findings).key(path, 'flow/hostile-key', {});
  }
  const steps = new Map<string, Step>();
  for (const [name, value] of Object.entries(stepsIn(source.value))) {
    const step = readStep(source, name, value, findings);
    if (step !== null) steps.set(name, step);
  }
  findings.sort(byPlace);
  const flow = checked.result === 'valid' && findings.length === 0 ? { ...checked.value, steps } : null;
  return { file, flow, source, findings };
}

/** The schema passes over such keys in silence. */
function hostileKeys(value: unknown, path: YamlPath): YamlPath[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '__proto__' ? [[...path, key]] : hostileKeys(inner, [...path, key]),
  );
}

function stepsIn(value: unknown): object {
  const steps = typeof value === 'object' && value !== null && 'steps' in value ? value.steps : null;
  return typeof steps === 'object' && steps !== null && !Array.isArray(steps) ? steps : {};
}

function readStep(source: YamlSource, name: string, value: unknown, findings: FlowFinding[]): Step | null {
  const path = ['steps', name];
  const tell = telling(source, formFindings, findings);
  if ((fixedWays as readonly string[]).includes(name)) {
    tell.key(path, 'flow/reserved-name', { name });
    return null;
  }
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const named = kinds.filter((kind) => keys.includes(kind));
  const [kind] = named;
  if (kind === undefined) {
    const place = keys[0] === undefined ? path : [...path, keys[0]];
    tell.key(place, 'flow/no-kind', { name, kinds: kinds.join(', ') });
    return null;
  }
  const second = named[1];
  if (second !== undefined) {
    tell.key([...path, second], 'flow/two-kinds', { name, kind, second });
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
