/** Pure. What a row means for the indexes: where a ticket stands, and when a row has something to do by itself. */
import type { UtcMs } from '../base/index.js';
import type { Agent } from './agent.js';
import type { LastAgent } from './preference.js';
import type { Routing, RoutingQueue } from './routing.js';
import type { Place, Ticket } from './ticket.js';

/** A ticket's place in line. Ageing is in `order`: nothing has to be sorted anew while time goes by. */
export interface Standing {
  readonly order: number;
  readonly seq: number;
  readonly id: string;
}

function priorityOf(ticket: Pick<Ticket, 'priority'>, queue: RoutingQueue | undefined): number {
  return ticket.priority ?? queue?.priority ?? 0;
}

export function standingOf(routing: Routing, ticket: Ticket): Standing {
  const priority = priorityOf(ticket, routing.queues.get(ticket.queue));
  return { order: ticket.joined - priority * routing.priorityMs, seq: ticket.seq, id: ticket.id };
}

/** Highest priority first, by age adjusted for it, then by sequence number. */
export function byStanding(a: Standing, b: Standing): number {
  return a.order - b.order || a.seq - b.seq;
}

/** Somebody may be offered it now, as far as the ticket itself tells. */
export function isOpen(ticket: Ticket): boolean {
  return ticket.state === 'waiting' && ticket.notBefore === null && !ticket.held;
}

/** The agent may be offered a ticket now. */
export function isFree(agent: Agent): boolean {
  return hindranceOf(agent) === 'free';
}

/** Why an agent is offered nothing now: a state, or what else stands in the way; `free`: nothing does. */
export const hindrances = [
  'offline',
  'offered',
  'ringing',
  'talking',
  'hold',
  'wrap-up',
  'paused',
  'unreachable',
  'missed',
  'free',
] as const satisfies readonly (Agent['state'] | 'unreachable' | 'missed' | 'free')[];
export type Hindrance = (typeof hindrances)[number];

export function hindranceOf(agent: Agent): Hindrance {
  if (agent.state !== 'ready') return agent.state;
  if (!agent.reachable) return 'unreachable';
  return agent.notBefore === null ? 'free' : 'missed';
}

/** States in which an agent whose phone stays away is signed out; in others once the call is over. */
const idle: ReadonlySet<Agent['state']> = new Set<Agent['state']>(['ready', 'paused', 'wrap-up']);

export function isIdle({ state }: Agent): boolean {
  return idle.has(state);
}

/** When an agent whose phone is away is signed out; null: the phone is there, or the agent is not. */
export function graceEnd(routing: Routing, agent: Agent): UtcMs | null {
  if (agent.reachable || agent.signedInAt === null) return null;
  return Math.max(agent.reachableSince, agent.signedInAt) + routing.graceMs;
}

/** When a waiting ticket needs less by itself; null: no step is left. */
function nextStepAt(routing: Routing, ticket: Ticket): UtcMs | null {
  const step = routing.queues.get(ticket.queue)?.relax[ticket.step];
  return step === undefined ? null : ticket.joined + step.afterMs;
}

/** When a callback is given up; null: it is none. */
export function callbackEnd(routing: Routing, { kind, queue, joined }: Ticket): UtcMs | null {
  const withinMs = routing.queues.get(queue)?.callback.withinMs;
  return kind !== 'callback' || withinMs === undefined ? null : joined + withinMs;
}

/** When a row has something to do by itself. */
export interface Deadline {
  readonly at: UtcMs;
  readonly kind: 'ticket' | 'agent' | 'place' | 'last-agent';
  readonly id: string;
}

export function byTime(a: Deadline, b: Deadline): number {
  return a.at - b.at || text(a.kind, b.kind) || text(a.id, b.id);
}

/** Texts by their code units: the same order on every machine. */
export function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function ticketDue(routing: Routing, ticket: Ticket): Deadline | null {
  const { id, state, offers, preferredUntil, notBefore } = ticket;
  switch (state) {
    case 'waiting':
      return deadline('ticket', id, [
        nextStepAt(routing, ticket),
        preferredUntil,
        notBefore,
        callbackEnd(routing, ticket),
      ]);
    case 'offered':
      return deadline(
        'ticket',
        id,
        offers.map(({ until }) => until),
      );
    case 'connected':
      return null;
  }
}

export function agentDue(routing: Routing, agent: Agent): Deadline | null {
  const { name, state, until, notBefore } = agent;
  return deadline('agent', name, [
    until,
    state === 'ready' ? notBefore : null,
    isIdle(agent) ? graceEnd(routing, agent) : null,
  ]);
}

export function placeDue(place: Place): Deadline {
  return { kind: 'place', id: placeId(place.queue, place.caller), at: place.until };
}

export function lastAgentDue({ caller, until }: LastAgent): Deadline {
  return { kind: 'last-agent', id: caller, at: until };
}

export function placeId(queue: string, caller: string): string {
  return `${queue} ${caller}`;
}

function deadline(kind: Deadline['kind'], id: string, times: readonly (UtcMs | null)[]): Deadline | null {
  let at: UtcMs | null = null;
  for (const time of times) if (time !== null && (at === null || time < at)) at = time;
  return at === null ? null : { at, kind, id };
}
