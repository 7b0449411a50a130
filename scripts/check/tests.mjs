/**
 * What a test must not do: be skipped, be pending, run alone, or sleep. A test waits for an event or a bounded
 * condition; the bounded waits themselves live in test/kit.
 */
import { join } from 'node:path';
import ts from 'typescript';
import { sourceFiles, wrongNodes } from './source-files.mjs';

const folder = 'test';
const files = sourceFiles(folder);

const findings = files.flatMap(breaches);
for (const finding of findings) console.error(finding);
console.log(`${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

function breaches(file) {
  const inKit = file.startsWith(join(folder, 'kit'));
  return wrongNodes(file, (node) => notRun(node) ?? (inKit ? undefined : sleep(node)));
}

/** `t.skip(...)`, `t.todo(...)`, `t.only(...)`, and the same as an option of a test. */
function notRun(node) {
  const names = ['skip', 'todo', 'only'];
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const method = node.expression.name.text;
  if (/^t+$/.test(node.expression.expression.getText()) && names.includes(method))
    return `${method}: every test runs, always.`;
  if (method !== 'test') return undefined;
  const options = node.arguments.filter(ts.isObjectLiteralExpression).flatMap(({ properties }) => properties);
  const option = options.find((property) => names.includes(property.name?.getText() ?? ''));
  return option === undefined ? undefined : `${option.name.getText()}: every test runs, always.`;
}

/** node:timers/promises, or a promise that nothing but a timer settles. */
function sleep(node) {
  const why = 'a test waits for an event or a bounded condition (test/kit), never for time.';
  if (ts.isImportDeclaration(node) && /^(node:)?timers\/promises$/.test(node.moduleSpecifier.text))
    return why;
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'Promise') return undefined;
  const executor = node.arguments?.[0];
  if (executor === undefined || !ts.isArrowFunction(executor)) return undefined;
  const { body } = executor;
  const only = ts.isBlock(body) && body.statements.length === 1 ? body.statements[0] : body;
  const call = ts.isExpressionStatement(only) ? only.expression : only;
  return ts.isCallExpression(call) && call.expression.getText() === 'setTimeout' ? why : undefined;
}
