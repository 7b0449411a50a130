/** One decision in the making: what it changes lies over the router, which stays as it is. */
import { OnedoorError, type UtcMs } from '../base/index.js';
import type { Agent, AgentState, Phone } from './agent.js';
import { changedAgent, changedTicket } from './changed-row.js';
import type { AcdChange, AcdFact, AcdMessage, QueueHistory } from './event.js';
import { withHandled } from './history.js';
import type { LastAgent } from './preference.js';
import { agentDue, isFree, isOpen, lastAgentDue, placeDue, placeId, ticketDue } from './line.js';
import { type Match, matchOf } from './matching.js';
import { type AgentCause, agentMoves, moves, type TicketCause, ticketMoves } from './moves.js';
import type { RouterView } from './router.js';
import type { RoutingQueue } from './routing.js';
import type { Place, Ticket } from './ticket.js';

export interface Draft {
  readonly router: RouterView;
  readonly at: UtcMs;
  readonly tickets: Map<string, Ticket | null>;
  readonly agents: Map<string, Agent | null>;
  readonly phones: Map<string, Phone>;
  readonly places: Map<string, Place | null>;
  readonly histories: Map<string, QueueHistory>;
  readonly lastAgents: Map<string, LastAgent | null>;
  readonly messages: AcdMessage[];
  readonly facts: AcdFact[];
  /** Tickets to look at once more: they, or what kept them, changed. */
  readonly open: Set<string>;
  /** Agents who became free. */
  readonly freed: Set<string>;
  /** Agents who signed out. */
  readonly left: Set<string>;
}

export function createDraft(router: RouterView, at: UtcMs): Draft {
  return {
    router,
    at,
    tickets: new Map(),
    agents: new Map(),
    phones: new Map(),
    places: new Map(),
    histories: new Map(),
    lastAgents: new Map(),
    messages: [],
    facts: [],
    open: new Set(),
    freed: new Set(),
    left: new Set(),
  };
}

function read<Row>(
  over: ReadonlyMap<string, Row | null>,
  under: ReadonlyMap<string, Row>,
  id: string,
): Row | null {
  const row = over.get(id);
  return row === undefined ? (under.get(id) ?? null) : row;
}

export const ticketIn = (draft: Draft, id: string): Ticket | null =>
  read(draft.tickets, draft.router.tickets, id);
export const agentIn = (draft: Draft, name: string): Agent | null =>
  read(draft.agents, draft.router.agents, name);
export const phoneIn = (draft: Draft, name: string): Phone | null =>
  read(draft.phones, draft.router.phones, name);
export const placeIn = (draft: Draft, queue: string, caller: string): Place | null =>
  read(draft.places, draft.router.places, placeId(queue, caller));
export const historyIn = (draft: Draft, queue: string): QueueHistory | null =>
  read(draft.histories, draft.router.histories, queue);
export const lastAgentIn = (draft: Draft, caller: string): LastAgent | null =>
  read(draft.lastAgents, draft.router.lastAgents, caller);

export function queueIn({ router }: Draft, name: string): RoutingQueue | null {
  return router.routing.queues.get(name) ?? null;
}

export function matchIn({ router }: Draft, ticket: Ticket, step = ticket.step): Match | null {
  return matchOf(router.matches, ticket, step);
}

/** All agents as they are now, in the order of the rows. */
export function* agentsIn(draft: Draft): Generator<Agent> {
  for (const name of draft.router.agents.keys()) {
    const agent = agentIn(draft, name);
    if (agent !== null) yield agent;
  }
  for (const [name, agent] of draft.agents) if (agent !== null && !draft.router.agents.has(name)) yield agent;
}

/** Writes the ticket's row; who else may be served by that is looked at when the decision is settled. */
export function putTicket(draft: Draft, ticket: Ticket): Ticket {
  const before = ticketIn(draft, ticket.id);
  draft.tickets.set(ticket.id, ticket);
  if (isOpen(ticket)) draft.open.add(ticket.id);
  else draft.open.delete(ticket.id);
  reconsider(draft, ticket);
  if (before !== null && before.caller !== ticket.caller) reconsider(draft, before);
  return ticket;
}

/** The ticket makes a move; a move outside the table is a bug. */
export function moveTicket(
  draft: Draft,
  ticket: Ticket,
  by: TicketCause,
  to: Ticket['state'],
  fields: Partial<Ticket> = {},
): Ticket {
  checkMove(moves(ticketMoves, ticket.state, by, to), `ticket ${ticket.state} ${by} ${to}`);
  return putTicket(draft, Object.assign(changedTicket(ticket, fields), { state: to }));
}

/** The ticket is over. Its row goes. */
export function dropTicket(draft: Draft, ticket: Ticket, by: TicketCause): void {
  checkMove(moves(ticketMoves, ticket.state, by, 'ended'), `ticket ${ticket.state} ${by} ended`);
  draft.tickets.set(ticket.id, null);
  draft.open.delete(ticket.id);
  reconsider(draft, ticket);
}

/** A callback waits while its caller is on the line, or is dialled, elsewhere: what changes there may end that. */
function reconsider(draft: Draft, { id, caller }: Ticket): void {
  if (caller === null) return;
  for (const other of draft.router.index.byCaller.get(caller) ?? []) {
    if (other === id) continue;
    const ticket = ticketIn(draft, other);
    if (ticket?.kind === 'callback' && isOpen(ticket)) draft.open.add(other);
  }
}

/** What the rest of the row is in a state, unless the move says otherwise. */
const still = {
  reason: null,
  ticket: null,
  queue: null,
  notBefore: null,
  busySince: null,
  until: null,
} as const satisfies Partial<Agent>;

/** States that count as occupied, and keep what the agent is busy with. */
const occupied: ReadonlySet<AgentState> = new Set<AgentState>(['talking', 'hold', 'wrap-up']);

/** The agent makes a move, and the event log hears of it; a move outside the table is a bug. */
export function moveAgent(
  draft: Draft,
  agent: Agent,
  by: AgentCause,
  to: AgentState,
  fields: Partial<Agent> = {},
): Agent {
  checkMove(moves(agentMoves, agent.state, by, to), `agent ${agent.state} ${by} ${to}`);
  const { at } = draft;
  const spent = occupied.has(agent.state) ? Math.max(0, at - agent.since) : 0;
  const occupiedMs = agent.occupiedMs + spent;
  const next: Agent = Object.assign(changedAgent(agent, still), { occupiedMs }, fields, {
    state: to,
    since: at,
  });
  // Who hung up before the caller was there has handled nothing.
  const isHandled = by !== 'missed' && by !== 'let-go';
  if (agent.busySince !== null && agent.queue !== null && next.busySince === null && isHandled)
    putHistory(draft, agent.queue, withHandled(historyIn(draft, agent.queue), at - agent.busySince));
  draft.facts.push({
    type: 'agent.changed',
    subject: `agent:${agent.name}`,
    body: {
      state: to,
      reason: next.reason,
      ticket: next.ticket,
      from: agent.state,
      by,
      // What the new state is about, or the old one was: an end of wrap-up is booked on its queue.
      queue: next.queue ?? agent.queue,
    },
  });
  return putAgent(draft, next);
}

/** Writes the agent's row, whose state is the same as before or was moved. */
export function putAgent(draft: Draft, agent: Agent): Agent {
  draft.agents.set(agent.name, agent);
  if (isFree(agent)) draft.freed.add(agent.name);
  else draft.freed.delete(agent.name);
  if (agent.state === 'offline') draft.left.add(agent.name);
  else draft.left.delete(agent.name);
  return agent;
}

/** The agent is of this site no longer. */
export function dropAgent(draft: Draft, agent: Agent): void {
  draft.agents.set(agent.name, null);
  draft.freed.delete(agent.name);
  draft.left.add(agent.name);
}

export function putPhone(draft: Draft, phone: Phone): void {
  draft.phones.set(phone.name, phone);
}

export function putPlace(draft: Draft, queue: string, caller: string, place: Place | null): void {
  draft.places.set(placeId(queue, caller), place);
}

export function putHistory(draft: Draft, queue: string, history: QueueHistory): void {
  draft.histories.set(queue, history);
}

export function putLastAgent(draft: Draft, caller: string, last: LastAgent | null): void {
  draft.lastAgents.set(caller, last);
}

/** The next sequence number: higher than any that is stored, and than any of this decision. */
export function nextSeq(draft: Draft): number {
  let next = draft.router.index.nextSeq;
  for (const ticket of draft.tickets.values()) if (ticket !== null) next = Math.max(next, ticket.seq + 1);
  return next;
}

function checkMove(isMove: boolean, what: string): void {
  if (!isMove) throw new OnedoorError('ONEDOOR_BASE_BUG', { what: `no such move: ${what}` });
}

/** The rows that changed, each once. Rows that were changed and changed back are none. */
export function changesOf(draft: Draft, stored: RouterView): AcdChange[] {
  const changes: AcdChange[] = [];
  for (const [id, row] of draft.tickets)
    if (differs(stored.tickets, id, row)) changes.push({ kind: 'ticket', id, row });
  for (const [id, row] of draft.agents)
    if (differs(stored.agents, id, row)) changes.push({ kind: 'agent', id, row });
  for (const [id, row] of draft.phones) changes.push({ kind: 'phone', id, row });
  for (const [id, row] of draft.places)
    if (differs(stored.places, id, row)) changes.push({ kind: 'place', id, row });
  for (const [id, row] of draft.histories) changes.push({ kind: 'queue', id, row });
  for (const [id, row] of draft.lastAgents)
    if (differs(stored.lastAgents, id, row)) changes.push({ kind: 'last-agent', id, row });
  return changes;
}

function differs<Row>(rows: ReadonlyMap<string, Row>, id: string, row: Row | null): boolean {
  return row === null ? rows.has(id) : rows.get(id) !== row;
}

/** When the router has something to do by itself, after this decision; null: never. */
export function dueIn(draft: Draft): UtcMs | null {
  const { router } = draft;
  let due: UtcMs | null = null;
  const consider = (at: UtcMs | undefined): void => {
    if (at !== undefined && (due === null || at < due)) due = at;
  };
  for (const ticket of draft.tickets.values())
    if (ticket !== null) consider(ticketDue(router.routing, ticket)?.at);
  for (const agent of draft.agents.values())
    if (agent !== null) consider(agentDue(router.routing, agent)?.at);
  for (const place of draft.places.values()) if (place !== null) consider(placeDue(place).at);
  for (const last of draft.lastAgents.values()) if (last !== null) consider(lastAgentDue(last).at);
  consider(firstUnchanged(draft));
  return due;
}

function firstUnchanged({ router, tickets, agents, places, lastAgents }: Draft): UtcMs | undefined {
  const changed = { ticket: tickets, agent: agents, place: places, 'last-agent': lastAgents };
  for (const chunk of router.index.due.chunks)
    for (const { kind, id, at } of chunk) if (!changed[kind].has(id)) return at;
  return undefined;
}
