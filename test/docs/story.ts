/** The administrator's story of docs/administrators.md: its edits, its commands, what they print, the calls in it. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyPatch } from 'diff';
import { page, project } from './kit.js';

/** A block of the page, or a remark of it on calls. */
type Scene =
  | { readonly type: 'edit'; readonly path: string; readonly patch: string }
  /** Without `npx onedoor`. */
  | { readonly type: 'command'; readonly words: readonly string[] }
  | { readonly type: 'printed'; readonly lines: readonly string[] }
  | { readonly type: 'call'; readonly who: string };

/** In the order of the page. */
export function scenes(): readonly Scene[] {
  const { text } = page('docs/administrators.md');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$|<!-- call: ([a-z ]+) -->/gms)].map(
    ([, kind, body = '', who = '']) => sceneOf(kind, body, who),
  );
}

function sceneOf(kind: string | undefined, body: string, who: string): Scene {
  if (kind === undefined) return { type: 'call', who };
  if (kind === 'diff') return { type: 'edit', path: /^--- (.*)$/m.exec(body)?.[1] ?? '', patch: body };
  if (kind === 'text') return { type: 'printed', lines: body.trim().split('\n') };
  const [npx, onedoor, ...words] = [...body.trim().matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  if (kind !== 'sh' || npx !== 'npx' || onedoor !== 'onedoor')
    throw new Error(`nobody knows how to carry out ${kind}: ${body}`);
  return { type: 'command', words };
}

/** A folder with the library, the first hotline of docs/flows.md. */
export function libraryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'library-'));
  for (const { kind, text } of page('docs/flows.md').examples) {
    const [language, path] = kind.split(' ');
    if (language !== 'yaml' || path === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  cpSync(join(project, 'prompts/say/en.yaml'), join(folder, 'prompts/say/en.yaml'));
  return folder;
}

/** Makes an edit of the page; false: it does not fit what stands in the file. */
export function edited(folder: string, { path, patch }: Extract<Scene, { type: 'edit' }>): boolean {
  const file = join(folder, path);
  const text = applyPatch(readFileSync(file, 'utf8'), patch, { fuzzFactor: 0 });
  if (text !== false) writeFileSync(file, text);
  return text !== false;
}

/** Whether a line of the page, in which "…" stands for anything, is a line of the output. */
export function isPrinted(wanted: string, output: string): boolean {
  const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const escaped = squeezed(wanted)
    .split('…')
    .map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const form = new RegExp(`^${escaped.join('.*')}$`);
  return output.split('\n').some((line) => form.test(squeezed(line)));
}
