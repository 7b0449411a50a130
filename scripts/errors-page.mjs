/** Writes docs/errors.md from the table of errors: `npm run docs:errors`, after a build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT } from './folders.mjs';

/**
 * @typedef {object} Row
 * @property {string} message
 * @property {number} status
 * @property {boolean} retryable
 */

/**
 * The page, one section a room. Pure.
 * @param {Readonly<Record<string, Row>>} table
 */
export function errorsPage(table) {
  /** @type {Map<string, string[]>} */
  const rooms = new Map();
  for (const code of Object.keys(table)) rooms.set(roomOf(code), [...(rooms.get(roomOf(code)) ?? []), code]);
  const sections = [...rooms].map(([room, codes]) => {
    const rows = codes.map((code) => {
      const { message, status, retryable } = /** @type {Row} */ (table[code]);
      return `| \`${code}\` | ${message.replaceAll('|', '\\|')} | ${status} | ${retryable ? 'yes' : 'no'} |`;
    });
    return [
      `## ${room}`,
      '',
      '| code | what it says | HTTP | try again |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  return [
    '# Errors',
    '',
    'Every error has a code, `ONEDOOR_<ROOM>_<WHAT>`. `{words}` in braces are filled in when it is told. The HTTP API',
    'answers with `{"code", "message", "details"}` and the status given here; "try again" says whether the same request',
    'may succeed later, unchanged.',
    '',
    'This page is written by `npm run docs:errors` from `src/base/errors.ts`.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

/** @param {string} code */
function roomOf(code) {
  return (code.split('_')[1] ?? '').toLowerCase();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { errorTable } = await import(pathToFileURL(join(PROJECT, 'dist/src/base/index.js')).href);
  writeFileSync(join(PROJECT, 'docs/errors.md'), errorsPage(errorTable));
}
