/** What is measured: the facts of the event log that figures are made of, as far as figures need them. */
import type { AcdFact } from '../acd/index.js';
import type { CallFact } from '../calls/index.js';
import type { ContactFact } from '../cases/index.js';

type Call<Type extends CallFact['type']> = Extract<CallFact, { type: Type }>['body'];
type Acd<Type extends AcdFact['type']> = Extract<AcdFact, { type: Type }>['body'];

/** What is told of a contact. `subject`: the contact. */
export type ContactMeasured = { readonly subject: string } & (
  | { readonly type: 'call.arrived'; readonly body: Pick<Call<'call.arrived'>, 'flow' | 'at'> }
  | { readonly type: 'call.placed'; readonly body: Pick<Call<'call.placed'>, 'follows'> }
  | { readonly type: 'outcome.reached'; readonly body: Pick<Call<'outcome.reached'>, 'contained'> }
  | { readonly type: 'call.ended' }
  | { readonly type: 'subject.noted'; readonly body: Extract<ContactFact, { type: 'subject.noted' }>['body'] }
  | { readonly type: 'survey.offered'; readonly body: Pick<Call<'survey.offered'>, 'survey' | 'scale'> }
  | { readonly type: 'survey.answered'; readonly body: Pick<Call<'survey.answered'>, 'survey' | 'answer'> }
);

/** Facts of other types are none of measures' business, and are left out before. */
export type MeasuredFact =
  | ContactMeasured
  | {
      readonly type: 'ticket.requested';
      /** The contact. */
      readonly subject: string;
      readonly body: Pick<Call<'ticket.requested'>, 'ticket' | 'queue'>;
    }
  /** What the caller was told of the wait still to come; null: that nobody knows. */
  | {
      readonly type: 'place.told';
      readonly body: { readonly ticket: string; readonly waitMs: number | null };
    }
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

const types: Readonly<Record<MeasuredFact['type'], true>> = {
  'ticket.requested': true,
  'place.told': true,
  'ticket.parked': true,
  'ticket.connected': true,
  'ticket.ended': true,
  'ticket.assigned': true,
  'offer.missed': true,
  'agent.changed': true,
  'call.arrived': true,
  'call.placed': true,
  'outcome.reached': true,
  'call.ended': true,
  'subject.noted': true,
  'survey.offered': true,
  'survey.answered': true,
};

/** An event of the log as a fact that is measured; null: it is none. */
export function asMeasured(event: {
  readonly type: string;
  readonly subject: string;
  readonly body: object;
}): MeasuredFact | null {
  return Object.hasOwn(types, event.type) ? (event as MeasuredFact) : null;
}

/** How a ticket ended without an agent, or that one talked. */
export type TicketEnd = Call<'ticket.ended'>['result'];

export type AgentState = Acd<'agent.changed'>['state'];
