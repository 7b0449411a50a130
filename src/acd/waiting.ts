/** Pure. How a ticket waits: the relax step in force, the preferred agent, and when nobody is left who could serve it. */
import type { UtcMs } from '../base/index.js';
import { createBits, setBit } from './bits.js';
import { changedTicket } from './changed-row.js';
import { agentIn, type Draft, dropTicket, matchIn, putTicket, queueIn, ticketIn } from './draft.js';
import { byStanding, isOpen, standingOf } from './line.js';
import type { TicketCause } from './moves.js';
import type { Match } from './matching.js';
import { inOrder } from './ordered.js';
import type { RoutingQueue } from './routing.js';
import type { Ticket, TicketRefusal } from './ticket.js';

/**
 * A ticket that waits, at the step that is in force: the one that its time says, or the first later one at which
 * somebody is signed in who could serve it. Steps only widen who may answer, so that none is ever taken back. Where no
 * step is left, the ticket ends at once as `nobody`. The steps of a callback go by time alone, and it does not end: its
 * caller is owed a call, and meanwhile waits nowhere; nor does one that is held, since it may become one.
 *
 * @param from the least step: what is in force already; 0 where the routing is another.
 */
export function wait(draft: Draft, ticket: Ticket, from = ticket.step): void {
  const queue = queueIn(draft, ticket.queue);
  if (queue === null) return end(draft, ticket, 'nobody', 'nobody');
  // Whoever was rung or given meanwhile may come back from a definition that had more steps.
  const least = Math.min(from, queue.relax.length);
  const timely = Math.max(least, stepsAt(queue, ticket.joined, draft.at));
  const inForce =
    ticket.kind === 'callback' || ticket.held ? timely : servedStep(draft, ticket, queue, timely);
  if (inForce === null) return end(draft, ticket, 'nobody', 'nobody');
  for (let passed = ticket.step + 1; passed <= inForce; passed++)
    draft.facts.push({
      type: 'ticket.relaxed',
      subject: ticket.contact,
      body: { ticket: ticket.id, step: passed },
    });
  const next = inForce === ticket.step ? ticket : changedTicket(ticket, { step: inForce });
  putTicket(draft, isPreferenceOver(draft, next) ? changedTicket(next, { preferredUntil: null }) : next);
}

/** Relax steps whose time has come. */
function stepsAt({ relax }: RoutingQueue, joined: UtcMs, at: UtcMs): number {
  return relax.filter(({ afterMs }) => joined + afterMs <= at).length;
}

/** The first step from there at which somebody who is signed in fits; null: none. */
function servedStep(draft: Draft, ticket: Ticket, { relax }: RoutingQueue, from: number): number | null {
  for (let step = from; step <= relax.length; step++) if (isStaffed(draft, ticket, step)) return step;
  return null;
}

function isStaffed(draft: Draft, ticket: Ticket, step: number): boolean {
  const match = matchIn(draft, ticket, step);
  return match !== null && isAnyIn(draft, match);
}

/** Whether somebody who fits is signed in. Asked of sets: it is asked for each of thousands when many go at once. */
function isAnyIn({ router, agents }: Draft, { fits, bits }: Match): boolean {
  const { numbers } = router.matches;
  const away = Uint32Array.from(router.index.hindered.get('offline') ?? createBits(numbers.size));
  for (const [name, agent] of agents) {
    if (agent !== null && agent.state !== 'offline' && fits.has(name)) return true;
    const number = numbers.get(name);
    if (number !== undefined) setBit(away, number);
  }
  return bits.some((word, i) => (word & ~(away[i] ?? 0)) !== 0);
}

function isSignedIn(draft: Draft, name: string): boolean {
  const agent = agentIn(draft, name);
  return agent !== null && agent.state !== 'offline';
}

/** Nobody waits for an agent who is not there, does not fit, or has missed the offer. */
function isPreferenceOver(draft: Draft, ticket: Ticket): boolean {
  const { preferred, preferredUntil } = ticket;
  if (preferredUntil === null) return false;
  if (preferred === null || preferredUntil <= draft.at) return true;
  // While it is offered to nobody it waits for nobody either: what the agent does meanwhile does not matter.
  if (!isOpen(ticket)) return false;
  if (!isSignedIn(draft, preferred)) return true;
  if (ticket.missed.some(({ agent }) => agent === preferred)) return true;
  return matchIn(draft, ticket)?.fits.has(preferred) !== true;
}

/** Agents signed out: tickets that waited for them alone need less from now on, or end. */
export function settleLeft(draft: Draft): void {
  const { index, routing } = draft.router;
  const concerned = new Set<Ticket>();
  for (const name of draft.left) {
    for (const group of index.byAgent.get(name) ?? []) {
      const { waiting, only, match } = group;
      if (waiting.size === 0 || (only === null ? isAnyIn(draft, match) : isSignedIn(draft, only))) continue;
      for (const { id } of inOrder(waiting)) {
        const ticket = ticketIn(draft, id);
        if (ticket?.state === 'waiting') concerned.add(ticket);
      }
    }
  }
  if (draft.left.size > 0)
    for (const ticket of draft.tickets.values()) if (ticket?.state === 'waiting') concerned.add(ticket);
  const line = [...concerned].map((ticket) => ({ ticket, standing: standingOf(routing, ticket) }));
  line.sort((a, b) => byStanding(a.standing, b.standing));
  for (const { ticket } of line) wait(draft, ticket);
}

/** The ticket is over, and its call hears of it. */
export function end(draft: Draft, ticket: Ticket, by: TicketCause, result: TicketRefusal): void {
  dropTicket(draft, ticket, by);
  draft.messages.push({ type: 'ticket.ended', contact: ticket.contact, ticket: ticket.id, result });
}
