/**
 * The pure rooms have no clock, no chance, no I/O, no machine's time zone, and wait for nothing: the same
 * input gives the same decision, today and in a replay.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { rooms } from '../../.dependency-cruiser.mjs';
import { sourceFiles, wrongNodes } from './source-files.mjs';

/** Globals that a pure room has no use for. */
const globals = new Set([
  'process',
  'performance',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'Promise',
]);

/** Parts of base that keep time or write. */
const shell = new Set(['startClock', 'createLog']);

/** Date's members that look at the machine's time zone or locale. */
const localTime =
  /^((get|set)(Date|Day|FullYear|Hours|Milliseconds|Minutes|Month|Seconds|TimezoneOffset)|toLocale(Date|Time)String)$/;

const folders = Object.keys(rooms)
  .filter((name) => rooms[name].pure)
  .map((name) => join('src', name))
  .filter((folder) => existsSync(folder));
const files = folders.flatMap(sourceFiles);

const findings = files.flatMap((file) => wrongNodes(file, impurity));
for (const finding of findings) console.error(finding);
console.log(`${files.length} files in ${folders.length} pure rooms, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

/** What is impure about this node itself, if anything. */
function impurity(node) {
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AwaitKeyword)
    return 'await: a decision waits for nothing.';
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async: a decision waits for nothing.';
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return 'import(): a decision loads nothing.';
  if (ts.isStringLiteral(node) && isModuleName(node) && node.text.startsWith('node:'))
    return `${node.text}: a decision touches no machine.`;
  if (!ts.isIdentifier(node) || ts.isTypeNode(node.parent) || ts.isTypeQueryNode(node.parent))
    return undefined;
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
    ? impureMember(node)
    : impureName(node);
}

function impureMember(node) {
  if (localTime.test(node.text))
    return `${node.text}: the machine's time zone and locale are no input of a decision.`;
  if (node.text === 'Now' && node.parent.expression.getText() === 'Temporal')
    return 'Temporal.Now: time is an argument.';
  return undefined;
}

function impureName(node) {
  const { parent, text } = node;
  if (!isReference(node)) return undefined;
  if (globals.has(text)) return `${text}: a decision has no clock and does nothing by itself.`;
  if (shell.has(text)) return `${text}: it belongs to the shell.`;
  if (text === 'Date') {
    const named = ts.isPropertyAccessExpression(parent) && ['UTC', 'parse'].includes(parent.name.text);
    const dated = ts.isNewExpression(parent) && (parent.arguments?.length ?? 0) > 0;
    return named || dated
      ? undefined
      : 'Date: time is an argument; only Date.UTC, Date.parse and new Date(value).';
  }
  if (text === 'Math' && !(ts.isPropertyAccessExpression(parent) && parent.name.text !== 'random'))
    return 'Math.random: chance is an argument.';
  return undefined;
}

/** Whether the identifier stands for a value from outside, not for a key or a name that the file itself gives. */
function isReference(node) {
  const { parent } = node;
  if (ts.isImportSpecifier(parent)) return !parent.isTypeOnly && !parent.parent.parent.isTypeOnly;
  const named = parent.name === node || parent.propertyName === node || parent.label === node;
  return !named || ts.isShorthandPropertyAssignment(parent);
}

function isModuleName(node) {
  return ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent);
}
