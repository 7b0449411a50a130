/** Pure. Queues and agents at a glance, for those who watch them. */
import type { UtcMs } from '../base/index.js';
import type { Agent, AgentState } from './agent.js';
import { text } from './line.js';
import { matchOf } from './matching.js';
import type { RouterView } from './router.js';

export interface QueueOverview {
  readonly queue: string;
  /** Callers on the line whom nobody has answered yet; an agent may be ringing. */
  readonly waiting: number;
  /** Callers who are owed a call. */
  readonly callbacks: number;
  /** How long the first of those on the line has waited, ms; 0: nobody. */
  readonly longestMs: number;
  /** Of both, how many need a skill: as their needs stand now. */
  readonly bySkill: Readonly<Record<string, number>>;
}

export type AgentOverview = Pick<
  Agent,
  'name' | 'state' | 'since' | 'reason' | 'phone' | 'reachable' | 'queue' | 'ticket' | 'wish'
>;

export interface Overview {
  readonly queues: readonly QueueOverview[];
  readonly agents: readonly AgentOverview[];
  readonly states: Readonly<Record<AgentState, number>>;
}

/** Pure. Costs a look at every row: for people and their screens, not for each event. */
export function overview({ routing, tickets, agents, matches }: RouterView, at: UtcMs): Overview {
  const queues = new Map([...routing.queues.keys()].map((name) => [name, emptyQueue()]));
  for (const ticket of tickets.values()) {
    const queue = queues.get(ticket.queue);
    if (queue === undefined || ticket.state === 'connected' || ticket.channel === 'message') continue;
    if (ticket.kind === 'direct') continue;
    if (ticket.kind === 'callback') queue.callbacks += 1;
    else {
      queue.waiting += 1;
      queue.longestMs = Math.max(queue.longestMs, at - ticket.joined);
    }
    const needs = matchOf(matches, ticket, ticket.step)?.needs ?? [];
    for (const skill of new Set(needs.flatMap((need) => Object.keys(need))))
      queue.bySkill.set(skill, (queue.bySkill.get(skill) ?? 0) + 1);
  }
  const states = { ...noStates };
  for (const { state } of agents.values()) states[state] += 1;
  return {
    queues: [...queues].map(([queue, { bySkill, ...counts }]) => ({
      queue,
      ...counts,
      bySkill: Object.fromEntries([...bySkill].sort(([a], [b]) => text(a, b))),
    })),
    agents: [...agents.values()].map(agentOverview).sort((a, b) => text(a.name, b.name)),
    states,
  };
}

const emptyQueue = () => ({ waiting: 0, callbacks: 0, longestMs: 0, bySkill: new Map<string, number>() });

const noStates: Record<AgentState, number> = {
  offline: 0,
  ready: 0,
  offered: 0,
  ringing: 0,
  talking: 0,
  hold: 0,
  'wrap-up': 0,
  paused: 0,
};

function agentOverview(agent: Agent): AgentOverview {
  const { name, state, since, reason, phone, reachable, queue, ticket, wish } = agent;
  return { name, state, since, reason, phone, reachable, queue, ticket, wish };
}
