/** What the plain router knows: tickets, agents, places kept and last agents, in lists that are searched. */
import type { AcdEvent, Levels, Routing, RoutingAgent, RoutingQueue } from '../../../src/acd/index.js';

export type Event<Type extends AcdEvent['type']> = Extract<AcdEvent, { type: Type }>;

export interface RefTicket {
  id: string;
  channel: 'voice' | 'message';
  contact: string;
  kind: 'call' | 'callback' | 'direct';
  held: boolean;
  queue: string;
  needs: Levels;
  priority: number | null;
  joined: number;
  seq: number;
  state: 'waiting' | 'offered' | 'connected';
  step: number;
  offers: { agent: string; until: number }[];
  agent: string | null;
  preferred: string | null;
  preferredUntil: number | null;
  caller: string | null;
  notBefore: number | null;
  tries: number;
  missed: string[];
}

export interface RefAgent {
  name: string;
  state: string;
  reason: string | null;
  phone: string;
  wish: { type: 'pause'; reason: string } | { type: 'sign-out' } | null;
  ticket: string | null;
  misses: number;
  notBefore: number | null;
  idleSince: number;
  offeredAt: number;
  occupied: number;
  since: number;
  signedIn: number | null;
  until: number | null;
  spoke: { ticket: string; queue: string; code: string | null } | null;
}

export interface RefLastAgent {
  caller: string;
  agent: string;
  contact: string;
  until: number;
}

export interface RefPlace {
  queue: string;
  caller: string;
  joined: number;
  seq: number;
  until: number;
}

export interface Reference {
  routing: Routing;
  at: number;
  tickets: RefTicket[];
  agents: RefAgent[];
  places: RefPlace[];
  lastAgents: RefLastAgent[];
  readonly phones: Map<string, { registered: boolean; since: number }>;
  /** What the last event led to, a line each. */
  said: string[];
  seq: number;
}

export function createReference(routing: Routing): Reference {
  return {
    routing,
    at: 0,
    tickets: [],
    agents: [...routing.agents.values()].map(newAgent),
    places: [],
    lastAgents: [],
    phones: new Map(),
    said: [],
    seq: 0,
  };
}

export function queueOf(ref: Reference, name: string): RoutingQueue | undefined {
  return ref.routing.queues.get(name);
}

export function ticketOf(ref: Reference, id: string): RefTicket | undefined {
  return ref.tickets.find((one) => one.id === id);
}

export function agentOf(ref: Reference, name: string): RefAgent | undefined {
  return ref.agents.find((one) => one.name === name);
}

/** A ticket that begins to wait. */
export function newTicket(
  own: Pick<RefTicket, 'id' | 'contact' | 'kind' | 'queue' | 'joined' | 'seq'> & Partial<RefTicket>,
): RefTicket {
  return {
    channel: 'voice',
    held: false,
    needs: {},
    priority: null,
    state: 'waiting',
    step: 0,
    offers: [],
    agent: null,
    preferred: null,
    preferredUntil: null,
    caller: null,
    notBefore: null,
    tries: 0,
    missed: [],
    ...own,
  };
}

export function newAgent({ name, phone }: RoutingAgent): RefAgent {
  return {
    name,
    state: 'offline',
    reason: null,
    phone,
    wish: null,
    ticket: null,
    misses: 0,
    notBefore: null,
    idleSince: 0,
    offeredAt: 0,
    occupied: 0,
    since: 0,
    signedIn: null,
    until: null,
    spoke: null,
  };
}
