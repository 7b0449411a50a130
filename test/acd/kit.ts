/** A router in tests: routing by few words, and a hand that applies what is decided and keeps what was said. */
import { asCallId, type UtcMs } from '../../src/base/index.js';
import {
  type AcdDecision,
  type AcdEvent,
  type AcdFact,
  type AcdMessage,
  type Agent,
  apply,
  createRouter,
  decide,
  type Levels,
  type Router,
  type Routing,
  type RoutingAgent,
  type RoutingQueue,
  type Ticket,
} from '../../src/acd/index.js';
import { testQueue } from '../kit/test-routing.js';

const noDelay = { 'no-answer': 0, rejected: 0, busy: 0, unreachable: 0, failed: 0 };

export function queue(name: string, fields: Partial<RoutingQueue> = {}): RoutingQueue {
  return testQueue(name, {
    priority: 0,
    maxWaitMs: 600_000,
    missDelayMs: noDelay,
    dispositions: {},
    ...fields,
  });
}

export function agent(name: string, queues: readonly string[], skills: Levels = {}): RoutingAgent {
  return { name, phone: `phone-${name}`, skills, queues };
}

export function routing(
  queues: readonly RoutingQueue[],
  agents: readonly RoutingAgent[],
  fields: Partial<Pick<Routing, 'priorityMs' | 'graceMs' | 'lastAgentMs'>> = {},
): Routing {
  return {
    queues: new Map(queues.map((one) => [one.name, one])),
    agents: new Map(agents.map((one) => [one.name, one])),
    priorityMs: 60_000,
    graceMs: 30_000,
    lastAgentMs: 0,
    ...fields,
  };
}

/** Decides and applies, one event after another. `at` stays where it was put. */
export class Desk {
  at: UtcMs = 1_000_000;
  router: Router;
  last: AcdDecision | null = null;
  readonly messages: AcdMessage[] = [];
  readonly facts: AcdFact[] = [];

  constructor(routing: Routing) {
    this.router = createRouter(routing);
  }

  happens(event: AcdEvent): AcdDecision {
    const decision = decide(this.router, event, this.at);
    apply(this.router, decision);
    this.last = decision;
    this.messages.push(...decision.messages);
    this.facts.push(...decision.facts);
    return decision;
  }

  /** Every phone is registered and every agent of these signed in, one ms after another. */
  begins(...names: readonly string[]): this {
    for (const name of names) {
      const phone = this.router.routing.agents.get(name)?.phone ?? '';
      this.happens({ type: 'phone.registered', phone, registered: true });
      this.happens({ type: 'agent.signed-in', agent: name, phone: null });
      this.at += 1;
    }
    return this;
  }

  asks(ticket: string, queue: string, fields: Partial<Extract<AcdEvent, { type: 'ticket.requested' }>> = {}) {
    return this.happens({
      type: 'ticket.requested',
      ticket,
      contact: asCallId(`contact-${ticket}`),
      queue,
      needs: {},
      priority: null,
      preferred: null,
      caller: null,
      ...fields,
    });
  }

  rings(ticket: string, agent: string): AcdDecision {
    return this.happens({ type: 'offer.rang', ticket, agent });
  }

  answers(ticket: string, agent: string): AcdDecision {
    return this.happens({ type: 'offer.answered', ticket, agent });
  }

  ends(ticket: string, agent: string): AcdDecision {
    return this.happens({ type: 'talk.ended', ticket, agent });
  }

  /** Time goes by; the deadlines that come are done, each at its time. */
  passes(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const due = this.last?.due ?? null;
      if (due === null || due > end) break;
      this.at = Math.max(this.at, due);
      this.happens({ type: 'deadline.due' });
    }
    this.at = end;
  }

  ticket(id: string): Ticket | undefined {
    return this.router.tickets.get(id);
  }

  agent(name: string): Agent {
    const row = this.router.agents.get(name);
    if (row === undefined) throw new Error(`no agent ${name}`);
    return row;
  }

  /** Who is offered, or talks with, the ticket. */
  with(id: string): readonly string[] {
    const row = this.ticket(id);
    if (row === undefined) return [];
    return row.agent === null ? row.offers.map((offer) => offer.agent) : [row.agent];
  }
}

/** Two agents of one queue. */
export const two = (fields: Parameters<typeof queue>[1] = {}) =>
  new Desk(routing([queue('general', fields)], [agent('amal', ['general']), agent('bilal', ['general'])]));

/** Who is rung for whom, of what was said. */
export const offersOf = (messages: readonly AcdMessage[]): string[] =>
  messages.flatMap((one) =>
    one.type === 'ticket.offered' ? [`${one.ticket} to ${one.agent} as ${one.kind}`] : [],
  );
