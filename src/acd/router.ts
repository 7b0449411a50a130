/** The state that the router owns: rows, and indexes that follow from them. Here alone anything is changed in place. */
import type { Agent, Phone } from './agent.js';
import type { AcdChange, AcdDecision, AcdRow, QueueHistory } from './event.js';
import {
  createIndex,
  type Index,
  type IndexView,
  noteAgent,
  noteLastAgent,
  notePlace,
  noteTicket,
} from './indexes.js';
import { createMatches, type Matches } from './matching.js';
import type { LastAgent } from './preference.js';
import type { Routing, RoutingAgent } from './routing.js';
import type { Place, Ticket } from './ticket.js';

/** What {@link decide} reads. */
export interface RouterView {
  readonly routing: Routing;
  readonly tickets: ReadonlyMap<string, Ticket>;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly phones: ReadonlyMap<string, Phone>;
  readonly places: ReadonlyMap<string, Place>;
  readonly histories: ReadonlyMap<string, QueueHistory>;
  /** By the hash of the caller's number. */
  readonly lastAgents: ReadonlyMap<string, LastAgent>;
  readonly index: IndexView;
  readonly matches: Matches;
}

/** What {@link apply} changes. */
export interface Router extends RouterView {
  routing: Routing;
  readonly tickets: Map<string, Ticket>;
  readonly agents: Map<string, Agent>;
  readonly phones: Map<string, Phone>;
  readonly places: Map<string, Place>;
  readonly histories: Map<string, QueueHistory>;
  readonly lastAgents: Map<string, LastAgent>;
  index: Index;
  matches: Matches;
}

/** A router of which nobody has asked anything yet: every agent is offline, no phone is registered. */
export function createRouter(routing: Routing): Router {
  return restoreRouter(routing, []);
}

/**
 * The router of the rows that were stored; their order does not matter. Where the routing is another than the one that
 * they were written under, let the router decide on `routing.changed` next: it settles what no longer fits.
 */
export function restoreRouter(routing: Routing, rows: readonly AcdRow[]): Router {
  const router: Router = {
    routing,
    tickets: new Map(),
    agents: new Map(),
    phones: new Map(),
    places: new Map(),
    histories: new Map(),
    lastAgents: new Map(),
    matches: createMatches(routing),
    index: createIndex(createMatches(routing)),
  };
  for (const row of rows) write(router, row);
  for (const agent of routing.agents.values())
    if (!router.agents.has(agent.name)) router.agents.set(agent.name, newAgent(agent, router.phones));
  reindex(router);
  return router;
}

/** Puts a decision into force. Rows and indexes are changed in place. */
export function apply(router: Router, { changes, routing }: Pick<AcdDecision, 'changes' | 'routing'>): void {
  if (routing !== null) {
    for (const change of changes) write(router, change);
    router.routing = routing;
    reindex(router);
    return;
  }
  for (const change of changes) {
    const { index } = router;
    switch (change.kind) {
      case 'ticket':
        noteTicket(index, router.tickets.get(change.id) ?? null, change.row);
        break;
      case 'agent':
        noteAgent(index, router.agents.get(change.id) ?? null, change.row);
        break;
      case 'place':
        notePlace(index, router.places.get(change.id) ?? null, change.row);
        break;
      case 'last-agent':
        noteLastAgent(index, router.lastAgents.get(change.id) ?? null, change.row);
        break;
      case 'phone':
      case 'queue':
        break;
    }
    write(router, change);
  }
}

function write(router: Router, change: AcdChange): void {
  switch (change.kind) {
    case 'ticket':
      return put(router.tickets, change);
    case 'agent':
      return put(router.agents, change);
    case 'phone':
      return put(router.phones, change);
    case 'place':
      return put(router.places, change);
    case 'queue':
      return put(router.histories, change);
    case 'last-agent':
      return put(router.lastAgents, change);
  }
}

function put<Row>(
  rows: Map<string, Row>,
  { id, row }: { readonly id: string; readonly row: Row | null },
): void {
  if (row === null) rows.delete(id);
  else rows.set(id, row);
}

/** Makes the indexes anew from the rows. */
function reindex(router: Router): void {
  router.matches = createMatches(router.routing);
  router.index = indexOf(router);
}

/** The indexes that the rows say: what those that are kept up must be equal to. */
export function indexOf({ matches, tickets, agents, places, lastAgents }: RouterView): Index {
  const index = createIndex(matches);
  for (const ticket of tickets.values()) noteTicket(index, null, ticket);
  for (const agent of agents.values()) noteAgent(index, null, agent);
  for (const place of places.values()) notePlace(index, null, place);
  for (const last of lastAgents.values()) noteLastAgent(index, null, last);
  return index;
}

/** All rows, as they are stored. */
export function rowsOf({ tickets, agents, phones, places, histories, lastAgents }: RouterView): AcdRow[] {
  const rows: AcdRow[] = [];
  for (const [id, row] of tickets) rows.push({ kind: 'ticket', id, row });
  for (const [id, row] of agents) rows.push({ kind: 'agent', id, row });
  for (const [id, row] of phones) rows.push({ kind: 'phone', id, row });
  for (const [id, row] of places) rows.push({ kind: 'place', id, row });
  for (const [id, row] of histories) rows.push({ kind: 'queue', id, row });
  for (const [id, row] of lastAgents) rows.push({ kind: 'last-agent', id, row });
  return rows;
}

/** An agent of whom nothing is known yet. */
export function newAgent({ name, phone }: RoutingAgent, phones: ReadonlyMap<string, Phone>): Agent {
  const { registered, since } = phones.get(phone) ?? { registered: false, since: 0 };
  return {
    name,
    state: 'offline',
    since: 0,
    reason: null,
    phone,
    reachable: registered,
    reachableSince: since,
    wish: null,
    ticket: null,
    queue: null,
    misses: 0,
    notBefore: null,
    idleSince: 0,
    offeredAt: 0,
    occupiedMs: 0,
    signedInAt: null,
    busySince: null,
    until: null,
    messages: [],
    spoke: null,
  };
}
