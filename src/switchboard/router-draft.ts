/**
 * The router within one turn: what calls say to it is decided and applied at once, so that the next question finds it
 * as it is; the rows that changed go with the turn. A turn that fails as a whole takes it all back.
 */
import {
  type AcdChange,
  type AcdEvent,
  type AcdRefusal,
  type AcdRow,
  announce,
  apply,
  decide,
  type Router,
  type Routing,
} from '../acd/index.js';
import { asJson, type UtcMs } from '../base/index.js';
import type { CallSite, TicketMessage } from '../calls/index.js';
import type { EntityWrite, Recovered } from '../journal/port.js';
import type { QueueAnswer } from './turn.js';
import { isOpen } from './unattended.js';

export interface RouterAnswer extends QueueAnswer {
  /** Why what a person asked for was not done; null: it was. */
  readonly refusal: AcdRefusal | null;
}

export class RouterDraft {
  readonly #router: Router;
  readonly #at: UtcMs;
  /** A keyed hash of a caller's number: whoever reads the journal cannot find the number by trying all. */
  readonly #hash: (text: string) => string;
  /** By kind and id; the last of each is what the turn leaves. */
  readonly #changes = new Map<string, AcdChange>();
  /** What stood there before, the last one first. */
  readonly #before: AcdChange[] = [];
  #due: UtcMs | null | undefined;

  constructor(router: Router, at: UtcMs, hash: (text: string) => string) {
    this.#router = router;
    this.#at = at;
    this.#hash = hash;
  }

  decide(event: AcdEvent): RouterAnswer {
    const { changes, routing, messages, facts, refusal, due } = decide(this.#router, event, this.#at);
    this.#apply(changes, routing);
    this.#due = due;
    return {
      told: messages.map((message) => ({ contact: message.contact, event: message })),
      facts,
      refusal,
    };
  }

  /** What a call says to the queues. */
  tell(message: TicketMessage, site: CallSite): QueueAnswer {
    if (message.type === 'request-ticket' && !isOpen(message.queue, site, this.#at)) {
      const { contact, ticket } = message;
      return { told: [{ contact, event: { type: 'ticket.ended', ticket, result: 'closed' } }], facts: [] };
    }
    if (message.type === 'ask-place') return this.#tellPlace(message);
    if (message.type === 'reach-ticket' && !this.#router.tickets.has(message.ticket)) {
      const { contact, ticket } = message;
      return { told: [{ contact, event: { type: 'ticket.ended', ticket, result: 'failed' } }], facts: [] };
    }
    return this.decide(eventOf(message, this.#hash));
  }

  #tellPlace({ contact, ticket }: Extract<TicketMessage, { type: 'ask-place' }>): QueueAnswer {
    const announced = announce(this.#router, ticket, this.#at);
    if (announced?.change != null) this.#apply([announced.change], null);
    const { position, waitMs } = announced ?? { position: 1, waitMs: null };
    return { told: [{ contact, event: { type: 'place.told', ticket, position, waitMs } }], facts: [] };
  }

  #apply(changes: readonly AcdChange[], routing: Routing | null): void {
    for (const change of changes) {
      this.#before.unshift(rowAt(this.#router, change));
      this.#changes.set(`${change.kind}/${change.id}`, change);
    }
    apply(this.#router, { changes, routing });
  }

  get moved(): boolean {
    return this.#changes.size > 0;
  }

  /** When the router has something to do next; null: never. Not there: nothing was decided that could change it. */
  get due(): UtcMs | null | undefined {
    return this.#due;
  }

  /** Tickets that are over. */
  endedTickets(): readonly string[] {
    return [...this.#changes.values()].flatMap(({ kind, id, row }) =>
      kind === 'ticket' && row === null ? [id] : [],
    );
  }

  entities(): readonly EntityWrite[] {
    return [...this.#changes.values()].map(({ kind, id, row }) => ({
      kind,
      id,
      body: row === null ? null : asJson({ form, ...row }),
    }));
  }

  /** The router as it was before the turn. */
  takeBack(): void {
    apply(this.#router, { changes: this.#before, routing: null });
  }
}

function rowAt(router: Router, { kind, id }: AcdChange): AcdChange {
  switch (kind) {
    case 'ticket':
      return { kind, id, row: router.tickets.get(id) ?? null };
    case 'agent':
      return { kind, id, row: router.agents.get(id) ?? null };
    case 'phone':
      return { kind, id, row: router.phones.get(id) ?? null };
    case 'place':
      return { kind, id, row: router.places.get(id) ?? null };
    case 'queue':
      return { kind, id, row: router.histories.get(id) ?? null };
    case 'last-agent':
      return { kind, id, row: router.lastAgents.get(id) ?? null };
    default:
      return kind satisfies never;
  }
}

/** Version of the stored form of rows; one of another form is passed over. */
const form = 1;
const kinds: ReadonlySet<string> = new Set([
  'ticket',
  'agent',
  'phone',
  'place',
  'queue',
  'last-agent',
] satisfies AcdRow['kind'][]);

/** What rows of older engines do not say. */
const absent: Readonly<Record<string, object>> = {
  agent: { messages: [], spoke: null },
  ticket: { channel: 'voice', held: false },
};

/** Rows of the router that a journal gives back. */
export function recoveredRows(entities: Recovered['entities']): readonly AcdRow[] {
  return entities.flatMap(({ kind, id, body }): AcdRow[] => {
    if (!kinds.has(kind) || body['form'] !== form) return [];
    const { form: _, ...row } = body;
    return [{ kind, id, row: { ...absent[kind], ...row } } as unknown as AcdRow];
  });
}

/** What a call says, as the router hears it. */
function eventOf(
  message: Exclude<TicketMessage, { type: 'ask-place' }>,
  hash: (text: string) => string,
): AcdEvent {
  switch (message.type) {
    case 'request-ticket': {
      const { type: _, number, ...request } = message;
      const caller = number === null ? null : callerOf(number, hash);
      return { type: 'ticket.requested', ...request, caller };
    }
    case 'direct-ticket':
      return { ...message, type: 'ticket.directed' };
    case 'hold-ticket':
      return { type: 'ticket.held', ticket: message.ticket };
    case 'park-ticket': {
      const { ticket, number } = message.place;
      return { type: 'ticket.parked', ticket, caller: callerOf(number, hash) };
    }
    case 'reach-ticket':
      return { type: 'ticket.reached', ticket: message.ticket };
    case 'dial-callback':
      return { ...message, type: 'ticket.dialled' };
    case 'miss-callback':
      return { ...message, type: 'ticket.unreached' };
    case 'cancel-callback':
      return { ...message, type: 'ticket.cancelled' };
    case 'withdraw-ticket':
      return { type: 'ticket.withdrawn', ticket: message.ticket, why: message.why };
    case 'offer-rang':
      return { ...message, type: 'offer.rang' };
    case 'offer-answered':
      return { ...message, type: 'offer.answered' };
    case 'offer-ended': {
      const { ticket, agent, result } = message;
      if (result === 'talked') return { type: 'talk.ended', ticket, agent };
      return { type: 'offer.ended', ticket, agent, result };
    }
    case 'talk-held':
      return { type: 'talk.held', agent: message.agent, held: message.held };
    default:
      return message satisfies never;
  }
}

function callerOf(number: string, hash: (text: string) => string): string {
  return hash(JSON.stringify(['caller in a queue', number]));
}
