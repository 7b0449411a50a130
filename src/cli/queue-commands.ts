/** `onedoor queue list|talks|why`: who waits, who talks, and why somebody waited. */
import type { Command } from 'commander';
import type { z } from 'zod';
import { callbackList, figureSpan, queueList, talkList, waitStatus } from '../web/schemas.js';
import { engineClient } from './engine-client.js';
import { textTable } from './table.js';
import { printJson, settingsOf, type World } from './world.js';

type Waited = z.output<typeof waitStatus>['tickets'][number];
type Talk = z.output<typeof talkList>['talks'][number];
type Explained = NonNullable<Waited['waiting']>;

const columns = [
  'queue',
  'name',
  'waiting',
  'longest',
  'callbacks',
  'needed',
  'agents',
  'offered',
  'answered',
  'in 20 s',
  'ASA',
];

const talkColumns = ['contact', 'queue', 'since', 'with', 'transfer', 'recording'];
const callbackColumns = ['contact', 'queue', 'since', 'state', 'tries', 'not before'];

export function addQueueCommands(program: Command, world: World): void {
  const queue = program.command('queue').description('who waits for an agent, and why');
  queue
    .command('list')
    .description(
      'every queue: who waits, for how long, what they need, what its agents do; and the figures of today',
    )
    .option('--json', 'print a JSON array, with every figure and its formula')
    .action(async ({ json }: { readonly json?: true }) => {
      const engine = engineClient(settingsOf(world).stateFolder);
      const { queues: known } = await engine.get('/queues', {}, queueList);
      const queues = await Promise.all(
        known.map(async (queue) => {
          const { figures } = await engine.get('/figures', { queue: queue.name }, figureSpan);
          return { ...queue, today: figures };
        }),
      );
      if (json) return printJson(world, queues);
      const rows = queues.map(({ name, label, waiting, longestMs, callbacks, bySkill, agents, today }) => [
        name,
        label,
        String(waiting),
        waiting === 0 ? '' : seconds(longestMs),
        String(callbacks),
        counted(bySkill),
        counted(agents),
        String(today['offered']?.value ?? ''),
        String(today['answered']?.value ?? ''),
        percent(today['service-level-early-abandons-left-out']?.value),
        today['speed-of-answer']?.value == null ? '' : seconds(today['speed-of-answer'].value),
      ]);
      for (const line of textTable(columns, rows)) world.out(line);
    });
  queue
    .command('talks')
    .description(
      'who talks with which contact, since when, and how a transfer stands; the longest talk first',
    )
    .option('--json', 'print a JSON array')
    .action(async ({ json }: { readonly json?: true }) => {
      const { talks } = await engineClient(settingsOf(world).stateFolder).get('/talks', {}, talkList);
      if (json) return printJson(world, talks);
      const rows = talks.map(({ contact, queue: name, since, talkers, transfer, recording }) => [
        contact,
        name ?? '',
        since === null ? '' : new Date(since).toISOString(),
        talkers.map(({ who, state }) => (state === 'talking' ? who : `${who} (${state})`)).join(', '),
        transfer === null ? '' : moved(transfer),
        recording ?? '',
      ]);
      for (const line of textTable(talkColumns, rows)) world.out(line);
    });
  queue
    .command('callbacks')
    .description('callers who hung up and keep their place, the oldest first')
    .option('--json', 'print a JSON array')
    .action(async ({ json }: { readonly json?: true }) => {
      const { callbacks } = await engineClient(settingsOf(world).stateFolder).get(
        '/callbacks',
        {},
        callbackList,
      );
      if (json) return printJson(world, callbacks);
      const rows = callbacks.map(({ contact, queue: name, since, state, tries, notBefore }) => [
        contact,
        name,
        new Date(since).toISOString(),
        state,
        String(tries),
        notBefore === null ? '' : new Date(notBefore).toISOString(),
      ]);
      for (const line of textTable(callbackColumns, rows)) world.out(line);
    });
  queue
    .command('cancel-callback <contact>')
    .description('call the caller of a contact back no more; the case stays open')
    .action(async (contact: string) => {
      const path = `/callbacks/${encodeURIComponent(contact)}`;
      await engineClient(settingsOf(world).stateFolder).post(path, { do: 'cancel' }, callbackList);
      world.out(`The caller of ${contact} is not called back any more.`);
    });
  queue
    .command('why <contact>')
    .description('why a caller has, or had, this agent, or waits')
    .option('--json', 'print JSON')
    .action(async (contact: string, { json }: { readonly json?: true }) => {
      const path = `/contacts/${encodeURIComponent(contact)}/wait`;
      const told = await engineClient(settingsOf(world).stateFolder).get(path, {}, waitStatus);
      if (json) return printJson(world, told);
      if (told.tickets.length === 0) world.out('This caller waited for nobody.');
      for (const line of told.tickets.flatMap(lines)) world.out(line);
    });
}

function moved({ by, how, to, name, state }: NonNullable<Talk['transfer']>): string {
  return `${how} by ${by} to ${to}${name === null ? '' : ` ${name}`}: ${state}`;
}

function lines({ queue, assigned, waiting, position, estimateMs, missed, result }: Waited): string[] {
  const told = [`Queue ${queue}${result === null ? '' : `: ${result}`}`];
  const misses = missed.map(({ at, agent, cause }) => ({
    at,
    line: `  ${time(at)}  ${agent} was rung: ${cause}`,
  }));
  const choices = assigned.map((one) => ({
    at: one.at,
    line: `  ${time(one.at)}  ${one.agent} after ${seconds(one.waitedMs)}${one.preferred ? ', by preference' : ''}\n${reasons(one)}`,
  }));
  told.push(...[...misses, ...choices].sort((a, b) => a.at - b.at).map(({ line }) => line));
  if (waiting !== null) {
    const wait = estimateMs === null ? '' : `, about ${seconds(estimateMs)} more`;
    told.push(
      `  waits since ${seconds(waiting.waitedMs)}, number ${position ?? '?'}${wait}`,
      reasons(waiting),
    );
  }
  return told;
}

function reasons({ step, needs, strategy, others, otherCount, against }: Explained): string {
  const needed = needs.map((need) => counted(need, '>=')).filter((text) => text !== '');
  const more = otherCount > others.length ? ` and ${otherCount - others.length} more` : '';
  return [
    `            needs ${needed.length === 0 ? 'nothing' : needed.join(' or ')} (relaxed by ${step} steps; ${strategy})`,
    `            could have it too: ${others.length === 0 ? 'nobody' : others.join(', ')}${more}`,
    `            could not: ${counted(against) || 'nobody'}`,
  ].join('\n');
}

function counted(counts: Readonly<Record<string, number>>, between = ' '): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}${between}${count}`)
    .join(', ');
}

const percent = (share: number | null | undefined): string =>
  share == null ? '' : `${Math.round(share * 100)} %`;
const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
const time = (at: number): string => new Date(at).toISOString().slice(11, 19);
