import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Finding } from './errors.js';

/** Where something stands in a file. Both count from 1. */
export interface Position {
  readonly line: number;
  readonly col: number;
}

/** Way from the document's root to a value: keys of maps and indexes of lists. */
export type YamlPath = readonly PropertyKey[];

/** A YAML file as plain data that still knows where everything stands. */
export interface YamlSource {
  /** As the person knows it, relative to the site's folder. */
  readonly file: string;
  /** Maps are objects with string keys (`1:` becomes `"1"`), an empty file is null. */
  readonly value: unknown;
  /** The value at a path; where there is none, the nearest thing that contains it. */
  at(path: YamlPath): Position;
  /** The key that names the value at a path; for an item of a list, the item. */
  keyAt(path: YamlPath): Position;
  /** A plain value as it was typed (`0380`, where the data says 380); null where there is none. */
  typed(path: YamlPath): string | null;
}

export type YamlReading =
  | { readonly result: 'read'; readonly source: YamlSource }
  | { readonly result: 'broken'; readonly findings: readonly Finding[] };

/** A file beyond these is refused: a hostile or broken file must not eat the engine. */
export const yamlLimits = {
  /** Characters of the file. */
  size: 400_000,
  /** Lines, and signs that begin or part something: what the parser takes its time for. */
  marks: 15_000,
  /** Maps and lists within one another. */
  depth: 32,
  /** Aliases (`*name`) of the file. */
  aliases: 100,
  /** Errors told of one file; those after the first are mostly its echo. */
  errors: 10,
  /** Faults of form told of one file. */
  findings: 100,
} as const;

/** Ends of lines, and what parts or begins keys, items, texts, tags, anchors, aliases and directives. */
const markPattern = /[\r\n,:[\]{}\-!&*%?"'|>#]/g;

/**
 * Reads one YAML 1.2 document. Pure.
 *
 * @returns every finding of the parser at once, or the data with its positions.
 */
export function readYaml(file: string, text: string): YamlReading {
  const start = { line: 1, col: 1 };
  const finding = (position: Position, code: string, what: string, why: string, mend: string): Finding => ({
    file,
    ...position,
    code: `yaml/${code}`,
    what,
    why,
    mend,
  });
  const broken = (...findings: Finding[]): YamlReading => ({ result: 'broken', findings });

  if (text.length > yamlLimits.size) {
    const most = yamlLimits.size.toLocaleString('en');
    return broken(
      finding(
        start,
        'too-big',
        `The file is longer than ${most} characters.`,
        'It is refused unread.',
        'Split it.',
      ),
    );
  }
  if (countUpTo(text, markPattern, yamlLimits.marks) > yamlLimits.marks) {
    const most = yamlLimits.marks.toLocaleString('en');
    return broken(
      finding(
        start,
        'too-much',
        `The file has more than ${most} lines, keys and items.`,
        'To read it would hold up every call.',
        'Split it; what is data belongs into a table or a database.',
      ),
    );
  }
  const tooDeep = (position: Position): Finding =>
    finding(
      position,
      'too-deep',
      `Maps and lists are nested more than ${yamlLimits.depth} deep here.`,
      'No file of a site needs that; it is refused for safety.',
      'Flatten it.',
    );

  // The parser takes seconds for what is nested thousands deep, before anybody sees how deep it is.
  if (isAbsurd(text)) return broken(tooDeep(start));

  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? start : { line, col };
  };
  let doc: ReturnType<typeof parseDocument>;
  try {
    doc = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      schema: 'core',
      version: '1.2',
      // The parser compares every key with every other; duplicates are found below, in one pass.
      uniqueKeys: false,
    });
  } catch (error) {
    // The parser recurses: only nesting beyond all reason exhausts its stack.
    if (error instanceof RangeError) return broken(tooDeep(start));
    throw error;
  }
  const exhausted = doc.errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) return broken(tooDeep(positionOf(exhausted.pos[0])));
  if (doc.errors.length > 0) {
    return broken(
      ...doc.errors
        .slice(0, yamlLimits.errors)
        .map((error) =>
          finding(
            positionOf(error.pos[0]),
            error.code.toLowerCase().replaceAll('_', '-'),
            `This is not valid YAML: ${sentence(error.message)}`,
            'Nothing of the file can be used.',
            'Mend it at this place; indentation and quotes are the usual causes.',
          ),
        ),
    );
  }

  const findings: Finding[] = [];
  const positionOfNode = (node: unknown): Position => {
    const range = (node as Node | null)?.range;
    return range ? positionOf(range[0]) : start;
  };
  const checkDepth = (node: unknown, path: readonly unknown[]): symbol | undefined => {
    if (path.filter((parent) => isMap(parent) || isSeq(parent)).length < yamlLimits.depth) return undefined;
    findings.push(tooDeep(positionOfNode(node)));
    return visit.BREAK;
  };
  let aliases = 0;
  visit(doc, {
    Alias(_key, node) {
      aliases++;
      if (aliases !== yamlLimits.aliases + 1) return;
      findings.push(
        finding(
          positionOfNode(node),
          'too-many-aliases',
          `The file has more than ${yamlLimits.aliases} aliases.`,
          'Aliases of aliases can blow a small file up without limit.',
          'Write the values out.',
        ),
      );
    },
    Seq: (_key, node, path) => checkDepth(node, path),
    Map(_key, node, path) {
      const seen = new Set<string>();
      for (const { key } of node.items) {
        if (!isScalar(key) || !isPlain(key.value)) {
          findings.push(
            finding(
              positionOfNode(key),
              'key',
              'A key here is not a text.',
              'Keys name things.',
              'Write a plain word or a quoted text before the colon.',
            ),
          );
          continue;
        }
        // The parser sees that `1` and `1` are equal; that `1` and `"1"` name the same thing is ours to see.
        const name = String(key.value);
        if (name === '__proto__') {
          findings.push(
            finding(
              positionOfNode(key),
              'key',
              'A key here is "__proto__".',
              'Programs take it for something else than a name.',
              'Rename it.',
            ),
          );
        }
        if (seen.has(name)) {
          findings.push(
            finding(
              positionOfNode(key),
              'duplicate-key',
              `"${name}" stands here a second time.`,
              'Only one of them could count.',
              'Delete or rename one.',
            ),
          );
        }
        seen.add(name);
      }
      return checkDepth(node, path);
    },
  });
  if (findings.length > 0) return { result: 'broken', findings };

  let value: unknown;
  try {
    value = doc.toJS({ maxAliasCount: yamlLimits.aliases });
  } catch (error) {
    // Aliases that multiply each other, or that contain themselves.
    const why = error instanceof Error ? error.message : String(error);
    return broken(
      finding(
        start,
        'alias',
        `An alias cannot be followed: ${sentence(why)}`,
        'Nothing of the file can be used.',
        'Write the values out.',
      ),
    );
  }

  const walk = (path: YamlPath): { readonly value: unknown; readonly key: unknown } => {
    let node: unknown = doc.contents;
    let key: unknown = node;
    for (const segment of path) {
      const here: unknown = isAlias(node) ? node.resolve(doc) : node;
      if (isMap(here)) {
        const pair = here.items.find(
          (item) => isScalar(item.key) && String(item.key.value) === String(segment),
        );
        if (pair === undefined) break;
        key = pair.key;
        // `key:` without a value has no node with a place of its own.
        node = pair.value ?? pair.key;
      } else if (isSeq(here)) {
        const item = here.items[Number(segment)];
        if (item === undefined) break;
        key = item;
        node = item;
      } else break;
    }
    return { value: node, key };
  };
  return {
    result: 'read',
    source: {
      file,
      value,
      at: (path) => positionOfNode(walk(path).value),
      keyAt: (path) => positionOfNode(walk(path).key),
      typed: (path) => {
        const node = walk(path).value;
        return isScalar(node) && typeof node.source === 'string' ? node.source : null;
      },
    },
  };
}

function countUpTo(text: string, pattern: RegExp, most: number): number {
  let count = 0;
  for (const _ of text.matchAll(pattern)) {
    count += 1;
    if (count > most) break;
  }
  return count;
}

/** Brackets beyond all depth, or lists and keys within one another on one line. */
function isAbsurd(text: string): boolean {
  let open = 0;
  for (const bracket of text.matchAll(/[[\]{}]/g)) {
    open = bracket[0] === '[' || bracket[0] === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > yamlLimits.depth * 8) return true;
  }
  return new RegExp(`(?:[-?][ \\t]+){${yamlLimits.depth + 1}}`).test(text);
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
