/** The tables that the router goes by, and the pictures of them. */
import { readFile } from 'node:fs/promises';
import t from 'tap';
import { agentMoves, ticketMoves } from '../../src/acd/index.js';
import { createDraft, moveAgent } from '../../src/acd/draft.js';
import { load } from '../scripts/kit.js';
import { agent, Desk, queue, routing } from './kit.js';

const { withMachines } = await load<{
  withMachines: (page: string, tables: object) => string;
}>('machines.mjs');

t.test('ARCHITECTURE.md shows the machines as they are', async (t) => {
  const page = await readFile(new URL('../../../ARCHITECTURE.md', import.meta.url), 'utf8');
  t.equal(page, withMachines(page, { agentMoves, ticketMoves }), 'write it anew with npm run docs:machines');
  t.match(page, /talking --> wrap_up: talk-ended/);
});

t.test('a move that is not in the table is a bug, and says which', async (t) => {
  const d = new Desk(routing([queue('general')], [agent('amal', ['general'])]));
  const draft = createDraft(d.router, d.at);
  t.throws(() => moveAgent(draft, d.agent('amal'), 'answered', 'talking'), {
    code: 'ONEDOOR_BASE_BUG',
    message: /agent offline answered talking/,
  });
});

t.test('every state that a move leads to has a row of its own', async (t) => {
  const tables: readonly Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>[] = [
    agentMoves,
    ticketMoves,
  ];
  for (const table of tables)
    for (const state of Object.values(table).flatMap((causes) => Object.values(causes).flat()))
      t.ok(state in table, state);
});
