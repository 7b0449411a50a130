/** Pure. Who could serve whom: skills and levels, groups of tickets that need the same, steps that need less. */
import { type Bits, createBits, setBit } from './bits.js';
import type { Channel, Levels, RelaxStep, Routing, RoutingAgent, RoutingQueue } from './routing.js';
import type { Ticket } from './ticket.js';

/** How well an agent fits. */
export interface Fit {
  /** Sum of the agent's levels in the skills that are needed. */
  readonly level: number;
  /** Place of the queue in the agent's own list, 0 the first. */
  readonly rank: number;
}

/** What tickets of one queue with the same needs in force have in common. */
export interface Match {
  readonly key: string;
  readonly queue: string;
  readonly channel: Channel;
  readonly needs: readonly Levels[];
  /** Agents who could serve them, by name, whatever they do now. */
  readonly fits: ReadonlyMap<string, Fit>;
  /** The same agents by their numbers. */
  readonly bits: Bits;
  /** What the other agents of the queues lack: `lacks:en>=3`, or the channel, to how many. */
  readonly lacks: Readonly<Record<string, number>>;
}

/** Remembers matches: there are few, and each costs a look at every agent. A cache, no state: it may be dropped. */
export interface Matches {
  readonly routing: Routing;
  readonly byKey: Map<string, Match>;
  /** A number for each agent of the routing, from 0. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** More than any site has; against needs that callers' answers make up without end. */
const mostMatches = 5_000;

export function createMatches(routing: Routing): Matches {
  const numbers = new Map([...routing.agents.keys()].map((name, number) => [name, number]));
  return { routing, byKey: new Map(), numbers };
}

/** Pure but for the cache. What the ticket has in common with others at that step; null: there is no such queue. */
export function matchOf(
  matches: Matches,
  ticket: Pick<Ticket, 'queue' | 'needs' | 'channel'>,
  step: number,
): Match | null {
  const queue = matches.routing.queues.get(ticket.queue);
  if (queue === undefined) return null;
  const key = `${ticket.queue} ${Math.min(step, queue.relax.length)} ${ticket.channel} ${textOf(ticket.needs)}`;
  const known = matches.byKey.get(key);
  if (known !== undefined) return known;
  if (matches.byKey.size >= mostMatches) matches.byKey.clear();
  const match = makeMatch(matches, queue, ticket, step, key);
  matches.byKey.set(key, match);
  return match;
}

function textOf(needs: Levels): string {
  return Object.entries(needs)
    .map(([skill, level]) => `${skill}=${level}`)
    .sort()
    .join(' ');
}

function makeMatch(
  { routing, numbers }: Matches,
  queue: RoutingQueue,
  { needs: own, channel }: Pick<Ticket, 'needs' | 'channel'>,
  step: number,
  key: string,
): Match {
  const needs = needsAt(queue, own, step);
  const queues = queuesAt(queue, step);
  const fits = new Map<string, Fit>();
  const bits = createBits(numbers.size);
  const lacks: Record<string, number> = {};
  for (const agent of routing.agents.values()) {
    const rank = agent.queues.findIndex((name) => queues.includes(name));
    if (rank < 0) continue;
    if (capacityOf(agent, channel) === 0) {
      lacks[`lacks:${channel}`] = (lacks[`lacks:${channel}`] ?? 0) + 1;
      continue;
    }
    const levels = needs.flatMap((need) => (lackOf(agent, need) === null ? [levelOf(agent, need)] : []));
    if (levels.length > 0) {
      fits.set(agent.name, { level: Math.max(...levels), rank });
      setBit(bits, numbers.get(agent.name) ?? 0);
      continue;
    }
    const lack = `lacks:${lackOf(agent, needs[0] ?? {}) ?? 'nothing'}`;
    lacks[lack] = (lacks[lack] ?? 0) + 1;
  }
  return { key, queue: queue.name, channel, needs, fits, bits, lacks };
}

const oneCall: Readonly<Record<Channel, number>> = { voice: 1, message: 0 };

/** How many tickets of the channel the agent has at most. */
export function capacityOf({ capacity = oneCall }: RoutingAgent, channel: Channel): number {
  return capacity[channel];
}

/** The alternatives in force: the queue's, each with the caller's own needs, after so many relax steps. */
function needsAt({ needs, relax }: RoutingQueue, own: Levels, step: number): readonly Levels[] {
  return needs.map((need) => relax.slice(0, step).reduce(relaxed, both(need, own)));
}

function both(one: Levels, other: Levels): Levels {
  const levels: Record<string, number> = { ...one };
  for (const [skill, level] of Object.entries(other)) levels[skill] = Math.max(level, levels[skill] ?? 0);
  return levels;
}

function relaxed(needs: Levels, { lower, drop }: RelaxStep): Levels {
  return Object.fromEntries(
    Object.entries(needs)
      .filter(([skill]) => !drop.includes(skill))
      .map(([skill, level]) => [skill, Math.min(level, lower[skill] ?? level)]),
  );
}

/** Queues whose agents may answer after so many relax steps. */
function queuesAt({ name, relax }: RoutingQueue, step: number): readonly string[] {
  return [name, ...relax.slice(0, step).flatMap(({ add }) => add)];
}

/** The first need that the agent does not meet, as `en>=3`; a skill that is not there is not zero. null: meets all. */
function lackOf({ skills }: RoutingAgent, needs: Levels): string | null {
  for (const [skill, level] of Object.entries(needs)) {
    const had = Object.hasOwn(skills, skill) ? skills[skill] : undefined;
    if (had === undefined || had < level) return `${skill}>=${level}`;
  }
  return null;
}

function levelOf({ skills }: RoutingAgent, needs: Levels): number {
  return Object.keys(needs).reduce((sum, skill) => sum + (skills[skill] ?? 0), 0);
}
