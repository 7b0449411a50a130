/** Writes docs/findings.md: every fault that a site can have, read out of the sources that tell it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { PROJECT } from './folders.mjs';

/**
 * @typedef {{ code: string, severity: string, what: string, why: string, mend: string }} Row
 */

/** Rooms that tell findings, in the order of the page, and the codes of those that name only the fault's last part. */
const SOURCES = [
  { folder: 'src/flows', prefix: 'flow' },
  { folder: 'src/site', prefix: 'site' },
  { folder: 'src/speech', prefix: 'prompt' },
  { folder: 'src/base', prefix: 'yaml' },
  { folder: 'src/rehearsal', prefix: 'script' },
];

const HEADINGS = new Map([
  ['flow', 'Flows (`flows/*.yaml`)'],
  ['site', 'The site (`onedoor.yaml`, `calendars/*.yaml`, and how its files fit together)'],
  ['prompt', 'Texts (`prompts/<language>.yaml`)'],
  ['say', 'Grammars (`prompts/say/<language>.yaml`)'],
  ['recording', 'Recordings (`prompts/<language>/*.wav`)'],
  ['csv', 'Tables (CSV)'],
  ['yaml', 'Every YAML file'],
  ['script', 'Scripted callers (`flows/*.test.yaml`)'],
  ['scenario', 'Scenarios (`scenarios/*.yaml`)'],
]);

/**
 * The whole page, from the sources of a clone.
 * @param {string} project
 */
export function findingsPage(project) {
  const rows = new Map();
  for (const { folder, prefix } of SOURCES)
    for (const name of readdirSync(join(project, folder)).sort())
      if (name.endsWith('.ts'))
        for (const row of rowsOf(readFileSync(join(project, folder, name), 'utf8'), prefix))
          rows.set(`${row.code} ${row.what}`, row);
  const sections = [...HEADINGS].map(([room, heading]) => {
    const own = [...rows.values()].filter(({ code }) => code.startsWith(`${room}/`));
    const lines = own.map(
      ({ code, severity, what, why, mend }) =>
        `| \`${code}\`${severity === 'warning' ? ' (warning)' : ''} | ${cell(what)} | ${cell(why)} | ${cell(mend)} |`,
    );
    return [
      `## ${heading}`,
      '',
      '| code | what | why | how to mend it |',
      '|---|---|---|---|',
      ...lines,
    ].join('\n');
  });
  return [
    '# Findings',
    '',
    'What `onedoor flow check` tells of a site, each with `file:line:col`. `{words}` in braces are filled in. All but those',
    'marked as warnings keep the folder from coming into force.',
    '',
    'A file that has the wrong form (a word that is not known, a number where a text belongs) is told under `flow/`, `site/`,',
    '`prompt/`, `say/` or `scenario/` and the fault: `unrecognized-keys`, `invalid-type`, `invalid-value`, `invalid-format`,',
    '`invalid-key`, `invalid-union`, `too-big`, `too-small` or `custom`. What is no YAML at all is told under `yaml/` with the',
    "parser's own word, such as `yaml/bad-indent`.",
    '',
    'This page is written by `npm run docs:findings` from the sources.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

/** @param {string} text */
const cell = (text) => text.replaceAll('{meant}', '').replaceAll('|', '\\|').replaceAll('\n', ' ');

/**
 * Findings are told in three ways: a table (`'flow/x': { what, why, mend }`), an object (`{ code, what, why, mend }`),
 * or a call of a function whose parameters are code, what, why and mend.
 * @param {string} source
 * @param {string} prefix
 * @returns {Row[]}
 */
function rowsOf(source, prefix) {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2023, true);
  /** @type {Row[]} */
  const rows = [];
  /** @type {Map<string, { code: number, what: number, why: number, mend: number, prefix: string }>} */
  const tellers = new Map();
  /** @param {ts.Node} node */
  const findTellers = (node) => {
    const made = ts.isVariableDeclaration(node) ? node.initializer : node;
    if (made && (ts.isArrowFunction(made) || ts.isFunctionDeclaration(made))) {
      const name = ts.isVariableDeclaration(node) ? node.name.getText() : (made.name?.getText() ?? '');
      const at = (/** @type {string} */ word) =>
        made.parameters.findIndex((one) => one.name.getText() === word);
      const own = { code: at('code'), what: at('what'), why: at('why'), mend: at('mend') };
      const room = /code: `(\w+)\/\$\{code\}`/.exec(made.getText())?.[1] ?? prefix;
      if (name !== '' && Object.values(own).every((index) => index >= 0))
        tellers.set(name, { ...own, prefix: room });
    }
    ts.forEachChild(node, findTellers);
  };
  findTellers(file);

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isObjectLiteralExpression(node)) {
      const fields = fieldsOf(node);
      const { what, why, mend } = fields;
      const key = ts.isPropertyAssignment(node.parent) ? node.parent.name : undefined;
      const code = fields.code ?? (key && ts.isStringLiteral(key) ? key.text : undefined);
      if (code !== undefined && what !== undefined && why !== undefined && mend !== undefined)
        rows.push({ code: full(code, prefix), severity: fields.severity ?? 'error', what, why, mend });
    } else if (ts.isCallExpression(node)) {
      const teller = tellers.get(node.expression.getText());
      const argument = (/** @type {number} */ index) => wordsOf(node.arguments[index]);
      const code = teller && argument(teller.code);
      if (teller && code !== undefined && code !== '{code}')
        rows.push({
          code: full(code, teller.prefix),
          severity: 'error',
          what: argument(teller.what) ?? '',
          why: argument(teller.why) ?? '',
          mend: argument(teller.mend) ?? '',
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return rows.filter(({ code }) => !code.includes('{'));
}

/**
 * @param {string} code
 * @param {string} prefix
 */
const full = (code, prefix) => (code.includes('/') ? code : `${prefix}/${code}`);

/**
 * @param {ts.ObjectLiteralExpression} object
 * @returns {Record<string, string | undefined>}
 */
function fieldsOf(object) {
  return Object.fromEntries(
    object.properties.flatMap((one) => {
      if (ts.isPropertyAssignment(one)) return [[one.name.getText(), wordsOf(one.initializer)]];
      return ts.isShorthandPropertyAssignment(one) && one.name.text !== 'code'
        ? [[one.name.text, `{${one.name.text}}`]]
        : [];
    }),
  );
}

/**
 * The words of a text as far as they stand in the source; what is filled in as `{name}`.
 * @param {ts.Expression | undefined} node
 * @returns {string | undefined}
 */
function wordsOf(node) {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) return wordsOf(node.expression);
  if (ts.isConditionalExpression(node)) {
    const [one, other] = [wordsOf(node.whenTrue), wordsOf(node.whenFalse)];
    return one === undefined || other === undefined ? '{...}' : `${one} / ${other}`;
  }
  if (ts.isTemplateExpression(node))
    return (
      node.head.text +
      node.templateSpans.map((span) => `{${nameOf(span.expression)}}${span.literal.text}`).join('')
    );
  return `{${nameOf(node)}}`;
}

/**
 * The last name of an expression: of `flow.file` it is `file`, of a longer one only dots are left.
 * @param {ts.Expression} node
 */
function nameOf(node) {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return '...';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(join(PROJECT, 'docs/findings.md'), findingsPage(PROJECT));
