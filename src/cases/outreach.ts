/** What a contact's record tells of those outside the call: agents waited for, messages sent, answers given. Pure. */
import { extended, type UtcMs } from '../base/index.js';
import type { Disposition, Explanation, MissCause, RouterFact } from '../acd/index.js';
import type { CallFact, TicketEnd } from '../calls/index.js';

/** One wait for an agent. Times are null until they happen. */
export interface TicketRecord {
  readonly ticket: string;
  readonly queue: string;
  /** Skill to level, beside what the queue needs. */
  readonly needs: Readonly<Record<string, number>>;
  readonly requestedAt: UtcMs;
  /** Steps by which the queue had relaxed what is needed; 0: none. */
  readonly step: number;
  /** Each time an agent was chosen: who else could have been, who not, and why. */
  readonly assigned: readonly Explanation[];
  /** Agents who were rung and did not answer. */
  readonly missed: readonly { readonly agent: string; readonly at: UtcMs; readonly cause: MissCause }[];
  /** The agent who was rung last. */
  readonly agent: string | null;
  readonly connectedAt: UtcMs | null;
  readonly endedAt: UtcMs | null;
  /** `kept`: the caller hung up and keeps the place; `not-reached`: was called back in vain. */
  readonly result: TicketEnd | 'kept' | 'not-reached' | null;
}

/** One message to somebody. `to` and `text` name personal values; null where nothing could be written. */
export interface MessageRecord {
  readonly message: string;
  readonly texts: readonly string[];
  readonly to: string | null;
  readonly text: string | null;
  readonly at: UtcMs;
  readonly result: 'sent' | 'failed' | 'unknown' | 'no-number' | null;
  /** The channel that took it. */
  readonly by: string | null;
}

/** One answer of a survey. Not personal: a mark on a scale. */
export interface SurveyAnswer {
  readonly survey: string;
  readonly question: string;
  readonly section: string;
  readonly answer: number;
  readonly at: UtcMs;
}

/** What the contact turned out to be, as an agent says who talked with the caller. */
export interface DispositionRecord extends Disposition {
  readonly at: UtcMs;
}

type TicketFact =
  | Exclude<RouterFact, { type: 'contact.disposed' }>
  | Extract<CallFact, { type: `ticket.${string}` }>;
type MessageFact = Extract<CallFact, { type: 'message.requested' | 'message.ended' }>;

export function foldTickets(
  tickets: readonly TicketRecord[],
  fact: TicketFact,
  at: UtcMs,
): readonly TicketRecord[] {
  switch (fact.type) {
    case 'ticket.requested': {
      const { ticket, queue, needs } = fact.body;
      return [...tickets, newTicket(ticket, queue, needs, at)];
    }
    case 'ticket.dialled': {
      const { ticket, queue, since } = fact.body;
      // Once more, after a try that reached nobody.
      if (tickets.some((known) => known.ticket === ticket))
        return changed(tickets, ticket, () => ({ endedAt: null, result: null }));
      return [...tickets, newTicket(ticket, queue, {}, since)];
    }
    case 'ticket.parked':
      return changed(tickets, fact.body.ticket, () => ({ endedAt: at, result: 'kept' }));
    case 'ticket.unreached':
      return changed(tickets, fact.body.ticket, () => ({ endedAt: at, result: 'not-reached' }));
    case 'ticket.reached':
      return tickets;
    case 'ticket.relaxed':
      return changed(tickets, fact.body.ticket, () => ({ step: fact.body.step }));
    case 'ticket.assigned': {
      const { ticket, queue: _, ...explanation } = fact.body;
      return changed(tickets, ticket, ({ assigned }) => ({ assigned: [...assigned, explanation] }));
    }
    case 'offer.missed': {
      const { ticket, ...miss } = fact.body;
      return changed(tickets, ticket, ({ missed }) => ({ missed: [...missed, { ...miss, at }] }));
    }
    case 'ticket.offered':
      return changed(tickets, fact.body.ticket, () => ({ agent: fact.body.agent }));
    case 'ticket.connected':
      return changed(tickets, fact.body.ticket, () => ({ agent: fact.body.agent, connectedAt: at }));
    case 'ticket.ended':
      return changed(tickets, fact.body.ticket, () => ({ endedAt: at, result: fact.body.result }));
    default:
      return fact satisfies never;
  }
}

function newTicket(
  ticket: string,
  queue: string,
  needs: TicketRecord['needs'],
  requestedAt: UtcMs,
): TicketRecord {
  return {
    step: 0,
    assigned: [],
    missed: [],
    agent: null,
    connectedAt: null,
    endedAt: null,
    result: null,
    ticket,
    queue,
    needs,
    requestedAt,
  };
}

/** Who talked with the caller last; null: no agent did. */
export function lastTalker(tickets: readonly TicketRecord[]): string | null {
  return tickets.findLast(({ connectedAt }) => connectedAt !== null)?.agent ?? null;
}

/** What an agent says of a talk counts in place of what the same agent said of it before. */
export function foldDispositions(
  dispositions: readonly DispositionRecord[],
  body: Disposition,
  at: UtcMs,
): readonly DispositionRecord[] {
  const others = dispositions.filter(({ ticket, agent }) => ticket !== body.ticket || agent !== body.agent);
  return [...others, { ...body, at }];
}

function changed(
  tickets: readonly TicketRecord[],
  id: string,
  change: (record: TicketRecord) => Partial<TicketRecord>,
): readonly TicketRecord[] {
  return tickets.map((record) => (record.ticket === id ? extended(record, change(record)) : record));
}

export function foldMessages(
  messages: readonly MessageRecord[],
  fact: MessageFact,
  at: UtcMs,
): readonly MessageRecord[] {
  const { message } = fact.body;
  if (fact.type === 'message.requested') {
    const { texts, to, text } = fact.body;
    return [...messages, { message, texts, to, text, at, result: null, by: null }];
  }
  const { texts, result, by } = fact.body;
  if (!messages.some((other) => other.message === message))
    return [...messages, { message, texts, to: null, text: null, at, result, by }];
  return messages.map((other) => (other.message === message ? { ...other, result, by } : other));
}
