/** Who fits a ticket at a step: by room, queue and skills. */
import type { Levels, Routing, RoutingQueue } from '../../../src/acd/index.js';
import type { RefTicket } from './rows.js';

type Wish = Pick<RefTicket, 'channel' | 'queue' | 'needs'>;

export function fits(routing: Routing, name: string, ticket: Wish, step: number): boolean {
  if (roomOf(routing, name, ticket.channel) === 0) return false;
  const queues = routing.agents.get(name)?.queues ?? [];
  const isIn = queuesOf(routing, ticket, step).some((queue) => queues.includes(queue));
  return isIn && levels(routing, name, ticket, step).length > 0;
}

function alternatives(routing: Routing, ticket: Wish, step: number): Levels[] {
  const queue = routing.queues.get(ticket.queue);
  return (queue?.needs ?? []).map((alternative) => {
    const needs: Record<string, number> = { ...alternative };
    for (const [skill, level] of Object.entries(ticket.needs))
      needs[skill] = Math.max(needs[skill] ?? 0, level);
    for (const relax of (queue as RoutingQueue).relax.slice(0, step)) {
      for (const skill of relax.drop) delete needs[skill];
      for (const [skill, level] of Object.entries(relax.lower)) {
        const now = needs[skill];
        if (now !== undefined && now > level) needs[skill] = level;
      }
    }
    return needs;
  });
}

export function queuesOf(routing: Routing, ticket: Wish, step: number): string[] {
  const relax = routing.queues.get(ticket.queue)?.relax.slice(0, step) ?? [];
  return [ticket.queue, ...relax.flatMap(({ add }) => add)];
}

function levels(routing: Routing, name: string, ticket: Wish, step: number): number[] {
  const skills = routing.agents.get(name)?.skills ?? {};
  return alternatives(routing, ticket, step).flatMap((needs) => {
    const all = Object.entries(needs);
    const meets = all.every(([skill, level]) => skill in skills && (skills[skill] as number) >= level);
    return meets ? [all.reduce((sum, [skill]) => sum + (skills[skill] as number), 0)] : [];
  });
}

export function levelOf(routing: Routing, name: string, ticket: Wish, step: number): number {
  return Math.max(...levels(routing, name, ticket, step));
}

export function roomOf(routing: Routing, name: string, channel: RefTicket['channel']): number {
  const capacity = routing.agents.get(name)?.capacity;
  return capacity === undefined ? (channel === 'voice' ? 1 : 0) : capacity[channel];
}
