/** TypeScript files below a folder, and what a check finds in their syntax. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * @param {string} folder
 * @returns {readonly string[]} their paths; none where the folder is not there.
 */
export function sourceFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Asks of each node what is wrong with it.
 *
 * @param {string} file
 * @param {(node: ts.Node) => string | undefined} wrong undefined: nothing
 * @returns {readonly string[]} file:line:col, and what is wrong.
 */
export function wrongNodes(file, wrong) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    const what = wrong(node);
    if (what !== undefined) {
      const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1}:${character + 1} ${what}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
