/**
 * Pure. Brings tickets and agents together: whoever waits and can be served now is served now, the first in line first,
 * each by the agent whom the queue's strategy names.
 */
import { extended } from '../base/index.js';
import { type Able, candidates, hasRoom, mayBeOffered } from './candidates.js';
import { changedAgent } from './changed-row.js';
import { agentIn, type Draft, moveAgent, moveTicket, putAgent, queueIn, ticketIn } from './draft.js';
import { explainOffer } from './explain.js';
import { byStanding, type Standing, standingOf } from './line.js';
import { offerEnd } from './offers.js';
import { firstOf } from './ordered.js';
import type { Channel, RoutingQueue } from './routing.js';
import type { Explanation, Ticket } from './ticket.js';

/** Offers what can be offered. Nothing that happens here makes another ticket or agent free. */
export function assign(draft: Draft): void {
  const open = [...draft.open].flatMap((id) => ticketIn(draft, id) ?? []);
  const line = open.map((ticket) => standingOf(draft.router.routing, ticket)).sort(byStanding);
  const offered: string[] = [];
  let next = 0;
  while (hasFree(draft)) {
    let able = ableTo(draft, line[next]);
    // Whom nobody can serve now, nobody can later in this decision.
    while (able.count === 0 && next < line.length) {
      next += 1;
      able = ableTo(draft, line[next]);
    }
    const first = firstInLine([line[next] ?? null, ...headsOf(draft)]);
    if (first === null) break;
    if (first !== line[next]) able = ableTo(draft, first);
    const ticket = ticketIn(draft, first.id);
    if (ticket === null || !offer(draft, ticket, able)) break;
    offered.push(ticket.id);
  }
  ringMore(draft, offered);
}

/** Where a queue rings several at once: who is left over once everybody in line has an agent. */
function ringMore(draft: Draft, offered: readonly string[]): void {
  for (const id of offered) {
    for (;;) {
      const ticket = ticketIn(draft, id);
      const most = ticket === null ? 0 : (queueIn(draft, ticket.queue)?.ringAtOnce ?? 0);
      if (ticket?.state !== 'offered' || ticket.kind === 'callback' || ticket.offers.length >= most) break;
      if (!offer(draft, ticket, candidates(draft, ticket))) break;
    }
  }
}

function hasFree(draft: Draft): boolean {
  if (draft.freed.size > 0) return true;
  for (const name of draft.router.index.free) if (!draft.agents.has(name)) return true;
  return false;
}

/** The first ticket in line for each agent who became free; those that changed stand in `draft.open`. */
function* headsOf(draft: Draft): Generator<Standing | null> {
  const { byAgent } = draft.router.index;
  for (const name of draft.freed)
    for (const { waiting, match } of byAgent.get(name) ?? [])
      if (waiting.size > 0 && hasRoomNamed(draft, name, match.channel))
        yield firstOf(
          waiting,
          ({ id }) => !draft.tickets.has(id) && mayBeOffered(draft, ticketIn(draft, id)),
        );
}

function hasRoomNamed(draft: Draft, name: string, channel: Channel): boolean {
  const agent = agentIn(draft, name);
  return agent !== null && hasRoom(draft, agent, channel);
}

function firstInLine(standings: Iterable<Standing | null>): Standing | null {
  let first: Standing | null = null;
  for (const standing of standings)
    if (standing !== null && (first === null || byStanding(standing, first) < 0)) first = standing;
  return first;
}

const nobody: Able = { first: [], count: 0 };

function ableTo(draft: Draft, standing: Standing | undefined): Able {
  const ticket = standing === undefined ? null : ticketIn(draft, standing.id);
  return ticket !== null && mayBeOffered(draft, ticket) ? candidates(draft, ticket) : nobody;
}

/** Offers it to the first of those who are able, or gives it, where it is a message; false: there is none. */
function offer(draft: Draft, ticket: Ticket, able: Able): boolean {
  const { at } = draft;
  const [agent] = able.first;
  if (agent === undefined) return false;
  const { contact, kind, id } = ticket;
  const queue = queueIn(draft, ticket.queue) as RoutingQueue;
  const explanation = explainOffer(draft, ticket, agent.name, able);
  if (ticket.channel === 'message') {
    // Nothing rings: it is the agent's at once.
    putAgent(draft, changedAgent(agent, { messages: [...agent.messages, id] }));
    moveTicket(draft, ticket, 'assigned', 'connected', { agent: agent.name, preferredUntil: null });
    tellAssigned(draft, ticket, explanation);
    return true;
  }
  moveAgent(draft, agent, 'assigned', 'offered', { ticket: id, queue: queue.name, offeredAt: at });
  const until = offerEnd(at, queue.ringMs, kind);
  moveTicket(draft, ticket, 'assigned', 'offered', {
    offers: [...ticket.offers, { agent: agent.name, at, until }],
  });
  draft.messages.push({
    type: 'ticket.offered',
    contact,
    ticket: id,
    agent: agent.name,
    phone: agent.phone,
    ringMs: queue.ringMs,
    kind,
  });
  tellAssigned(draft, ticket, explanation);
  return true;
}

function tellAssigned(draft: Draft, { contact, id, queue }: Ticket, explanation: Explanation): void {
  draft.facts.push({
    type: 'ticket.assigned',
    subject: contact,
    body: extended(explanation, { ticket: id, queue }),
  });
}
