/** `onedoor agent list|set`: who answers, what they do now, and changing it for them. */
import type { Command } from 'commander';
import type { z } from 'zod';
import { agentList, agentStatus } from '../web/schemas.js';
import { engineClient } from './engine-client.js';
import { stateFolderAt } from './state-folder.js';
import { textTable } from './table.js';
import { CliFailure, exitCodes, printJson, settingsOf, type World } from './world.js';

type Agent = z.output<typeof agentStatus>;

const columns = [
  'agent',
  'name',
  'state',
  'since',
  'reason',
  'phone',
  'registered',
  'queues',
  'contact',
  'recording',
];
const actions = [
  'sign-in',
  'sign-out',
  'ready',
  'pause',
  'end-wrap-up',
  'extend-wrap-up',
  'dispose',
  'record-off',
  'record-on',
];

interface SetAsked {
  readonly phone?: string;
  readonly reason?: string;
  readonly seconds?: string;
  readonly code?: string;
  readonly json?: true;
}

export function addAgentCommands(program: Command, world: World): void {
  const agent = program.command('agent').description('who answers callers, and what they do now');
  agent
    .command('list')
    .description('every agent: state, since when, phone and its registration')
    .option('--json', 'print a JSON array')
    .action(async ({ json }: { readonly json?: true }) => {
      const { stateFolder } = settingsOf(world);
      const { agents } = await engineClient(stateFolder).get('/agents', {}, agentList);
      if (json) return printJson(world, agents);
      for (const line of textTable(columns, agents.map(row))) world.out(line);
      world.err(
        `Passwords of the phones, for whoever sets them up: ${stateFolderAt(stateFolder).secrets}/exchange.json`,
      );
    });
  agent
    .command('set <name> <action>')
    .description(`change what an agent does: ${actions.join(', ')}`)
    .option('--phone <name>', "for sign-in: the phone; by default the agent's own")
    .option('--reason <word>', 'for pause')
    .option('--seconds <n>', 'for extend-wrap-up')
    .option('--code <digits>', 'for dispose: what the talk turned out to be')
    .option('--json', 'print JSON')
    .action(async (name: string, action: string, asked: SetAsked) => {
      const engine = engineClient(settingsOf(world).stateFolder);
      const status = await engine.post(
        `/agents/${encodeURIComponent(name)}`,
        bodyOf(action, asked),
        agentStatus,
      );
      if (asked.json) return printJson(world, status);
      for (const line of textTable(columns, [row(status)])) world.out(line);
    });
}

function bodyOf(action: string, { phone, reason, seconds, code }: SetAsked): unknown {
  if (!actions.includes(action))
    throw new CliFailure(
      exitCodes.usage,
      `"${action}" is nothing that an agent does. There are: ${actions.join(', ')}.`,
    );
  if (action === 'pause' && reason === undefined)
    throw new CliFailure(exitCodes.usage, 'A pause needs its reason: --reason meal.');
  if (action === 'extend-wrap-up' && !(Number(seconds) > 0))
    throw new CliFailure(exitCodes.usage, 'Say by how long: --seconds 60.');
  if (action === 'dispose' && code === undefined)
    throw new CliFailure(
      exitCodes.usage,
      'Say what it was: --code 12, one of `dispositions` in onedoor.yaml.',
    );
  return {
    do: action,
    ...(action === 'sign-in' && phone !== undefined ? { phone } : {}),
    ...(action === 'pause' ? { reason } : {}),
    ...(action === 'dispose' ? { code } : {}),
    ...(action === 'extend-wrap-up' ? { seconds: Number(seconds) } : {}),
  };
}

const timeOf = (at: number): string => new Date(at).toISOString();

function row({
  name,
  label,
  state,
  since,
  reason,
  wish,
  phone,
  registered,
  unregisteredSince,
  queues,
  contact,
  recording,
}: Agent): string[] {
  const why = reason ?? (wish === null ? '' : `then ${wish}`);
  return [
    name,
    label,
    state,
    since === 0 ? '' : timeOf(since),
    why,
    phone,
    registered ? 'yes' : unregisteredSince === null ? 'no' : `no, since ${timeOf(unregisteredSince)}`,
    queues.join(' '),
    contact ?? '',
    recording ?? '',
  ];
}
