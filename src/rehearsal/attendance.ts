/** Who plays the part of queues and agents in a rehearsal. */
import type { UtcMs } from '../base/index.js';
import type { Call, CallEvent, CallQueue, CallSite, TicketEvent, TicketMessage } from '../calls/index.js';
import { answerUnattended, type Kept } from '../switchboard/index.js';
import type { PhoneBehaviour, RehearsalSettings } from './rehearsed.js';

const defaultRingMs = 15_000;

interface Attended {
  readonly settings: Pick<RehearsalSettings, 'queue'>;
  readonly site: CallSite;
  /** Places of callers who hung up, by ticket. */
  readonly kept: Map<string, Kept>;
  /** How the phone of an agent behaves, by its name. */
  readonly agents: Map<string, PhoneBehaviour>;
  readonly call: () => Call | null;
  readonly later: (key: string, ms: number, run: () => void) => void;
  readonly never: (key: string) => void;
  readonly happen: (event: CallEvent) => void;
  readonly now: () => UtcMs;
}

/** Answers what a call says to the queues. */
export function attendance(world: Attended): (message: TicketMessage) => readonly TicketEvent[] {
  const { settings, site, kept, agents, call, later, never, happen, now } = world;
  return (message) => {
    if (message.type === 'park-ticket') return [];
    const { ticket } = message;
    if (message.type === 'withdraw-ticket' || message.type === 'hold-ticket') never(ticket);
    if (message.type === 'withdraw-ticket') kept.delete(ticket);
    if (message.type === 'ask-place') return [{ type: 'place.told', ticket, position: 1, waitMs: null }];
    if (message.type !== 'request-ticket' && message.type !== 'reach-ticket') return [];
    const place = kept.get(ticket)?.place;
    // From now on it is a caller's who waits on the line.
    kept.delete(ticket);
    const queue =
      message.type === 'request-ticket' ? message.queue : (place?.queue ?? call()?.ticket?.queue ?? '');
    const behaviour = settings.queue?.(queue) ?? null;
    if (behaviour === null && message.type === 'request-ticket')
      return answerUnattended(message, site, now());
    if (behaviour === null) return [{ type: 'ticket.ended', ticket, result: 'nobody' }];
    if (behaviour.type === 'refuses') return [{ type: 'ticket.ended', ticket, result: behaviour.result }];
    if (behaviour.type === 'offers') {
      const { agent, ringMs } = agentOf(site.queues.get(queue));
      agents.set(agent.phone, behaviour.phone);
      later(ticket, behaviour.afterMs, () =>
        happen({
          type: 'ticket.offered',
          ticket,
          agent: agent.name,
          phone: agent.phone,
          ringMs,
          kind: 'call',
        }),
      );
    }
    return [{ type: 'ticket.queued', ticket }];
  };
}

/** The agent whom a queue would ring first, and for how long. */
export function agentOf(queue: CallQueue | undefined) {
  const agent = queue?.agents[0] ?? { name: 'agent', phone: 'agent' };
  return { agent, ringMs: queue?.ringMs ?? defaultRingMs };
}
