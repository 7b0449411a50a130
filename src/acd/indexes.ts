/** What follows from the rows, kept beside them so that a decision looks at few of them. */
import type { Agent } from './agent.js';
import { type Bits, clearBit, createBits, setBit } from './bits.js';
import {
  agentDue,
  byStanding,
  byTime,
  type Deadline,
  type Hindrance,
  hindranceOf,
  hindrances,
  isFree,
  isOpen,
  lastAgentDue,
  placeDue,
  type Standing,
  standingOf,
  ticketDue,
} from './line.js';
import type { LastAgent } from './preference.js';
import { type Match, type Matches, matchOf } from './matching.js';
import { addTo, createOrdered, type Ordered, removeFrom } from './ordered.js';
import type { Place, Ticket } from './ticket.js';

/** Tickets that the same agents could serve: whoever of them is free takes the first. */
export interface Group {
  readonly key: string;
  readonly match: Match;
  /** The preferred agent for whom these wait alone; null: anybody who fits. */
  readonly only: string | null;
  /** Who may take them, by number. */
  readonly bits: Bits;
  readonly waiting: Ordered<Standing>;
}

export interface IndexView {
  readonly groups: ReadonlyMap<string, Group>;
  /** Groups that an agent could serve. */
  readonly byAgent: ReadonlyMap<string, ReadonlySet<Group>>;
  /** Agents who may be offered a ticket. */
  readonly free: ReadonlySet<string>;
  /** Agents by what keeps them from being offered one, as numbers. */
  readonly hindered: ReadonlyMap<Hindrance, Bits>;
  readonly due: Ordered<Deadline>;
  /** Tickets by the hash of their caller. */
  readonly byCaller: ReadonlyMap<string, ReadonlySet<string>>;
  /** Tickets of a queue that are waiting or offered. */
  readonly queued: ReadonlyMap<string, number>;
  /** More than any ticket and place has had. */
  readonly nextSeq: number;
}

export interface Index extends IndexView {
  readonly matches: Matches;
  readonly groups: Map<string, Group>;
  readonly byAgent: Map<string, Set<Group>>;
  readonly free: Set<string>;
  readonly hindered: Map<Hindrance, Bits>;
  readonly byCaller: Map<string, Set<string>>;
  readonly queued: Map<string, number>;
  nextSeq: number;
}

/** Groups that are empty are kept, since they fill again; beyond that many they go. */
const mostGroups = 10_000;

export function createIndex(matches: Matches): Index {
  return {
    matches,
    groups: new Map(),
    byAgent: new Map(),
    free: new Set(),
    hindered: new Map(hindrances.map((why) => [why, createBits(matches.numbers.size)])),
    due: createOrdered(byTime),
    byCaller: new Map(),
    queued: new Map(),
    nextSeq: 1,
  };
}

/** A ticket's row was `before` and is `after`. */
export function noteTicket(index: Index, before: Ticket | null, after: Ticket | null): void {
  const { routing } = index.matches;
  noteDue(index, before && ticketDue(routing, before), after && ticketDue(routing, after));
  if (before !== null) {
    if (isOpen(before)) {
      const group = groupOf(index, before);
      if (group !== null) removeFrom(group.waiting, standingOf(routing, before));
    }
    if (isQueued(before)) count(index.queued, before.queue, -1);
    if (before.caller !== null && before.caller !== after?.caller) {
      const others = index.byCaller.get(before.caller);
      others?.delete(before.id);
      if (others?.size === 0) index.byCaller.delete(before.caller);
    }
  }
  if (after === null) return;
  if (isOpen(after)) {
    const group = groupOf(index, after);
    if (group !== null) addTo(group.waiting, standingOf(routing, after));
  }
  if (isQueued(after)) count(index.queued, after.queue, 1);
  if (after.caller !== null) {
    const others = index.byCaller.get(after.caller);
    if (others === undefined) index.byCaller.set(after.caller, new Set([after.id]));
    else others.add(after.id);
  }
  index.nextSeq = Math.max(index.nextSeq, after.seq + 1);
}

export function noteAgent(index: Index, before: Agent | null, after: Agent | null): void {
  const { routing, numbers } = index.matches;
  noteDue(index, before && agentDue(routing, before), after && agentDue(routing, after));
  // An agent whom the site has no more is let talk to the end, and counts nowhere.
  const number = numbers.get(before?.name ?? after?.name ?? '');
  if (before !== null) {
    const bits = index.hindered.get(hindranceOf(before));
    if (number !== undefined && bits !== undefined) clearBit(bits, number);
    index.free.delete(before.name);
  }
  if (after === null) return;
  const bits = index.hindered.get(hindranceOf(after));
  if (number !== undefined && bits !== undefined) setBit(bits, number);
  if (isFree(after)) index.free.add(after.name);
}

export function notePlace(index: Index, before: Place | null, after: Place | null): void {
  noteDue(index, before && placeDue(before), after && placeDue(after));
  if (after !== null) index.nextSeq = Math.max(index.nextSeq, after.seq + 1);
}

export function noteLastAgent(index: Index, before: LastAgent | null, after: LastAgent | null): void {
  noteDue(index, before && lastAgentDue(before), after && lastAgentDue(after));
}

function isQueued({ kind, state }: Ticket): boolean {
  return kind !== 'direct' && state !== 'connected';
}

/** Key of the group in which the ticket waits; null: its queue is gone. */
function groupKey(match: Match, ticket: Ticket): string {
  return ticket.preferredUntil === null ? match.key : `${match.key} only:${ticket.preferred}`;
}

function groupOf(index: Index, ticket: Ticket): Group | null {
  const match = matchOf(index.matches, ticket, ticket.step);
  if (match === null) return null;
  const key = groupKey(match, ticket);
  const known = index.groups.get(key);
  if (known !== undefined) return known;
  if (index.groups.size >= mostGroups) sweep(index);
  const only = ticket.preferredUntil === null ? null : ticket.preferred;
  const bits = only === null ? match.bits : bitOf(index, only);
  const group: Group = { key, match, only, bits, waiting: createOrdered(byStanding) };
  index.groups.set(key, group);
  for (const agent of only === null ? match.fits.keys() : [only]) {
    const groups = index.byAgent.get(agent);
    if (groups === undefined) index.byAgent.set(agent, new Set([group]));
    else groups.add(group);
  }
  return group;
}

function bitOf({ matches: { numbers } }: Index, agent: string): Bits {
  const bits = createBits(numbers.size);
  const number = numbers.get(agent);
  if (number !== undefined) setBit(bits, number);
  return bits;
}

function sweep(index: Index): void {
  for (const group of index.groups.values()) {
    if (group.waiting.size > 0) continue;
    index.groups.delete(group.key);
    for (const groups of index.byAgent.values()) groups.delete(group);
  }
}

function noteDue({ due }: Index, before: Deadline | null, after: Deadline | null): void {
  if (before !== null && after !== null && byTime(before, after) === 0) return;
  if (before !== null) removeFrom(due, before);
  if (after !== null) addTo(due, after);
}

function count(counts: Map<string, number>, key: string, by: number): void {
  const now = (counts.get(key) ?? 0) + by;
  if (now === 0) counts.delete(key);
  else counts.set(key, now);
}
