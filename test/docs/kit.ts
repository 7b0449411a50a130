/** The documentation as the tests read it: pages, their links, their words in code, their examples. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone. Built, this file lies in dist/test/docs. */
export const project = fileURLToPath(new URL('../../../', import.meta.url));

export interface Example {
  /** What stands behind the fence's marks, e.g. `yaml flows/library.yaml`. */
  readonly kind: string;
  readonly line: number;
  readonly text: string;
}

export interface Page {
  /** Relative to the clone. */
  readonly path: string;
  readonly headings: ReadonlySet<string>;
  readonly links: readonly { readonly line: number; readonly target: string }[];
  readonly examples: readonly Example[];
  /** Words in code: inline, and the lines of examples in a shell. */
  readonly code: readonly { readonly line: number; readonly text: string }[];
  readonly text: string;
}

/** Every page of the clone: beside the README, and below docs/. */
export function pages(): readonly Page[] {
  const names = [
    ...readdirSync(project),
    ...readdirSync(join(project, 'docs'), { recursive: true }).map((name) => `docs/${String(name)}`),
  ];
  return names.filter((name) => name.endsWith('.md')).map(readPage);
}

export function page(path: string): Page {
  return readPage(path);
}

function readPage(path: string): Page {
  const text = readFileSync(join(project, path), 'utf8');
  const headings = new Set<string>();
  const links: { line: number; target: string }[] = [];
  const code: { line: number; text: string }[] = [];
  const examples: Example[] = [];
  let open: { kind: string; line: number; lines: string[] } | null = null;
  text.split('\n').forEach((content, index) => {
    const line = index + 1;
    const fence = /^\s*```(.*)$/.exec(content);
    if (open !== null) {
      if (fence === null) open.lines.push(content);
      else {
        examples.push({ kind: open.kind, line: open.line, text: `${open.lines.join('\n')}\n` });
        if (/^(sh|bash|ini|dockerfile)\b/.test(open.kind))
          for (const [at, shell] of open.lines.entries())
            code.push({ line: open.line + 1 + at, text: shell });
        open = null;
      }
      return;
    }
    if (fence !== null) {
      open = { kind: (fence[1] ?? '').trim(), line, lines: [] };
      return;
    }
    const heading = /^#+ (.*)$/.exec(content)?.[1];
    if (heading !== undefined) headings.add(slug(heading));
    for (const inline of content.matchAll(/`([^`]+)`/g)) code.push({ line, text: inline[1] ?? '' });
    for (const link of content.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g))
      links.push({ line, target: link[1] ?? '' });
  });
  return { path, headings, links, examples, code, text };
}

/** The anchor that a heading gets. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

/** The rows of every table of a page, cells without their marks. */
export function rowsOf({ text }: Page): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => /^\|.*\|$/.test(line) && !/^\|[-| ]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}
