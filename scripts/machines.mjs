/** Draws the machines of agents and tickets in ARCHITECTURE.md from their tables: `npm run docs:machines`, after a build. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT } from './folders.mjs';

/** @typedef {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>} Table from state and cause to states */

/** States that are only where a machine begins or ends. */
const outside = new Set(['new', 'ended']);

/**
 * A table as a Mermaid state diagram: one arrow from state to state, with its causes. Pure.
 * @param {Table} table
 * @param {string} [start] where a machine that has no state `new` begins
 */
export function mermaid(table, start) {
  const name = (/** @type {string} */ state) => (outside.has(state) ? '[*]' : state.replaceAll('-', '_'));
  const titles = Object.keys(table)
    .filter((state) => !outside.has(state))
    .map((state) => `  state "${state}" as ${name(state)}`);
  /** @type {Map<string, string[]>} */
  const arrows = new Map();
  for (const [from, causes] of Object.entries(table))
    for (const [cause, states] of Object.entries(causes))
      for (const to of states) {
        const arrow = `${name(from)} --> ${name(to)}`;
        arrows.set(arrow, [...(arrows.get(arrow) ?? []), cause]);
      }
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...titles,
    ...(start === undefined ? [] : [`  [*] --> ${name(start)}`]),
    ...[...arrows].map(([arrow, causes]) => `  ${arrow}: ${causes.join(', ')}`),
    '```',
  ].join('\n');
}

/**
 * The page with its pictures anew. Pure.
 * @param {string} page
 * @param {{ readonly agentMoves: Table, readonly ticketMoves: Table }} tables
 */
export function withMachines(page, { agentMoves, ticketMoves }) {
  return between(between(page, 'agents', mermaid(agentMoves, 'offline')), 'tickets', mermaid(ticketMoves));
}

/**
 * @param {string} page
 * @param {string} what
 * @param {string} picture
 */
function between(page, what, picture) {
  const [start, end] = [`<!-- ${what}: written by npm run docs:machines -->`, `<!-- end of ${what} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`ARCHITECTURE.md has no place for the picture of ${what}.`);
  return `${page.slice(0, from + start.length)}\n${picture}\n${page.slice(to)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tables = await import(pathToFileURL(join(PROJECT, 'dist/src/acd/index.js')).href);
  const path = join(PROJECT, 'ARCHITECTURE.md');
  writeFileSync(path, withMachines(readFileSync(path, 'utf8'), tables));
}
