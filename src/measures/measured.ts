/** What is measured: the facts of the event log that figures are made of, as far as figures need them. Types only. */
import type { AcdFact } from '../acd/index.js';
import type { CallFact } from '../calls/index.js';

type Call<Type extends CallFact['type']> = Extract<CallFact, { type: Type }>['body'];
type Acd<Type extends AcdFact['type']> = Extract<AcdFact, { type: Type }>['body'];

/** Facts of other types are none of measures' business, and are left out before. */
export type MeasuredFact =
  | { readonly type: 'ticket.requested'; readonly body: Pick<Call<'ticket.requested'>, 'ticket' | 'queue'> }
  /** The caller hung up and keeps the place: whoever answers now answers a callback. */
  | { readonly type: 'ticket.parked'; readonly body: { readonly ticket: string } }
  | { readonly type: 'ticket.connected'; readonly body: Pick<Call<'ticket.connected'>, 'ticket'> }
  | { readonly type: 'ticket.ended'; readonly body: Call<'ticket.ended'> }
  | { readonly type: 'ticket.assigned'; readonly body: Pick<Acd<'ticket.assigned'>, 'ticket' | 'agent'> }
  | { readonly type: 'offer.missed'; readonly body: Pick<Acd<'offer.missed'>, 'ticket' | 'agent'> }
  | {
      readonly type: 'agent.changed';
      /** `agent:<name>`. */
      readonly subject: string;
      readonly body: Pick<Acd<'agent.changed'>, 'state' | 'ticket'>;
    };

/** How a ticket ended without an agent, or that one talked. */
export type TicketEnd = Call<'ticket.ended'>['result'];

export type AgentState = Acd<'agent.changed'>['state'];
