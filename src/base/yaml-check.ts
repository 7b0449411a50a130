/** Pure. A YAML file against a schema: each issue is told in the words of the file, at its place. */
import type { z } from 'zod';
import { byPlace, type Finding } from './errors.js';
import { type Position, sentence, type YamlPath, type YamlSource, yamlLimits } from './yaml-source.js';

export type YamlCheck<Value> =
  | { readonly result: 'valid'; readonly value: Value }
  | { readonly result: 'invalid'; readonly findings: readonly Finding[] };

/**
 * Checks a file's data against a schema and turns each issue into a finding at its place. Pure.
 *
 * @param room first part of the findings' code, e.g. `flow` gives `flow/unrecognized-keys`.
 */
export function checkYaml<Schema extends z.ZodType>(
  source: YamlSource,
  schema: Schema,
  room: string,
): YamlCheck<z.output<Schema>> {
  const parsed = schema.safeParse(source.value);
  if (parsed.success) return { result: 'valid', value: parsed.data };
  const findings: Finding[] = [];
  for (const issue of parsed.error.issues) {
    if (findings.length >= yamlLimits.findings) break;
    findings.push(...issueFindings(source, issue, room, []));
  }
  return { result: 'invalid', findings: findings.sort(byPlace) };
}

function issueFindings(
  source: YamlSource,
  issue: z.core.$ZodIssue,
  room: string,
  above: YamlPath,
): Finding[] {
  const path = [...above, ...issue.path];
  const name = path.length === 0 ? 'the file' : `"${path.map(String).join('.')}"`;
  const finding = (position: Position, what: string, why: string, mend: string): Finding => ({
    file: source.file,
    ...position,
    code: `${room}/${issue.code.replaceAll('_', '-')}`,
    what,
    why,
    mend,
  });

  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, yamlLimits.findings)
        .map((key) =>
          finding(
            source.keyAt([...path, key]),
            `"${key}" is not known ${path.length === 0 ? 'here' : `in ${name}`}.`,
            'A mistyped word would be ignored in silence.',
            'Correct or delete it.',
          ),
        );
    case 'invalid_type': {
      const value = valueAt(source.value, path);
      if (value === undefined) {
        return [
          finding(
            source.at(path),
            `${name} is missing.`,
            `${article(issue.expected)} is needed there.`,
            'Add it.',
          ),
        ];
      }
      const mend =
        issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')
          ? `Put it in quotes: "${source.typed(path) ?? String(value)}".`
          : `Write ${article(issue.expected).toLowerCase()}.`;
      return [
        finding(
          source.at(path),
          `${name} is ${kindOf(value, source.typed(path))}.`,
          `${article(issue.expected)} is needed there.`,
          mend,
        ),
      ];
    }
    case 'invalid_union': {
      const best = bestBranch(issue.errors, valueAt(source.value, path));
      if (best !== undefined) return best.flatMap((inner) => issueFindings(source, inner, room, path));
      break;
    }
    case 'invalid_key':
      return [
        finding(
          source.keyAt(path),
          `The key ${name} cannot stand here.`,
          issue.issues.map((inner) => sentence(inner.message)).join(' '),
          'Rename it.',
        ),
      ];
    default:
  }
  return [finding(source.at(path), `${name} cannot be used.`, sentence(issue.message), 'Correct it.')];
}

/** The branch that understood most of the value tells best what is wrong with it; undefined where none stands out. */
function bestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
  value: unknown,
): readonly z.core.$ZodIssue[] | undefined {
  const deepest = [...branches].sort((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)[0];
  if (deepest !== undefined && depthOf(deepest) > 0) return deepest;
  const expects = (branch: readonly z.core.$ZodIssue[]): string | undefined =>
    branch.flatMap((issue) => (issue.code === 'invalid_type' ? [String(issue.expected)] : []))[0];
  const ofItsKind = branches.filter((branch) => expects(branch) === undefined);
  if (ofItsKind.length === 1) return ofItsKind[0];
  const unquoted = typeof value === 'number' || typeof value === 'boolean';
  return unquoted ? branches.find((branch) => expects(branch) === 'string') : undefined;
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(
    0,
    ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)),
  );
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let here = value;
  for (const segment of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<PropertyKey, unknown>)[segment];
  }
  return here;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'A text',
  number: 'A number',
  int: 'A whole number',
  boolean: 'true or false',
  object: 'A map (`key: value` lines)',
  record: 'A map (`key: value` lines)',
  array: 'A list',
};

function article(expected: string): string {
  return kinds[expected] ?? expected;
}

function kindOf(value: unknown, typed: string | null): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string'
    ? 'a text'
    : `the ${typeof value === 'number' ? 'number' : 'word'} ${typed ?? JSON.stringify(value)}`;
}
