/**
 * The router once more, slow and plain: no index, no overlay; after each event everything that waits is sorted and
 * everybody is looked at. It shares nothing with the router but the types of what goes in.
 */
import type { AcdEvent, AcdRefusal } from '../../../src/acd/index.js';
import { becomes } from './agents.js';
import { agentEvent } from './agent-events.js';
import { assignAll, judgeWaits } from './assign.js';
import { deadlinesDue, reroute } from './deadlines.js';
import { endTalk } from './endings.js';
import { offerAnswered, offerEnded, offerRang } from './offers.js';
import { agentOf, type Reference, ticketOf } from './rows.js';
import {
  cancelTicket,
  dialTicket,
  directTicket,
  holdTicket,
  notReachCaller,
  parkTicket,
  reachCaller,
  requestTicket,
  withdrawTicket,
} from './ticket-events.js';

export function happens(ref: Reference, event: AcdEvent, at: number): AcdRefusal | null {
  ref.at = at;
  ref.said = [];
  const refusal = take(ref, event);
  judgeWaits(ref);
  assignAll(ref);
  return refusal;
}

function take(ref: Reference, event: AcdEvent): AcdRefusal | null {
  switch (event.type) {
    case 'ticket.requested':
      requestTicket(ref, event);
      return null;
    case 'ticket.directed':
      directTicket(ref, event);
      return null;
    case 'ticket.withdrawn':
      withdrawTicket(ref, event);
      return null;
    case 'ticket.parked':
      parkTicket(ref, event);
      return null;
    case 'ticket.held':
      holdTicket(ref, event);
      return null;
    case 'ticket.dialled':
      dialTicket(ref, event);
      return null;
    case 'ticket.reached':
      reachCaller(ref, event);
      return null;
    case 'ticket.unreached':
      notReachCaller(ref, event);
      return null;
    case 'ticket.cancelled':
      cancelTicket(ref, event);
      return null;
    case 'offer.rang':
      offerRang(ref, event);
      return null;
    case 'offer.answered':
      offerAnswered(ref, event);
      return null;
    case 'offer.ended':
      offerEnded(ref, event);
      return null;
    case 'talk.ended': {
      const ticket = ticketOf(ref, event.ticket);
      if (ticket?.state === 'connected' && ticket.agent === event.agent) endTalk(ref, ticket);
      return null;
    }
    case 'talk.held': {
      const agent = agentOf(ref, event.agent);
      if (agent?.state === (event.held ? 'talking' : 'hold'))
        becomes(ref, agent, event.held ? 'hold' : 'talking');
      return null;
    }
    case 'phone.registered':
      if ((ref.phones.get(event.phone)?.registered ?? false) !== event.registered)
        ref.phones.set(event.phone, { registered: event.registered, since: ref.at });
      return null;
    case 'contact.erased':
      ref.lastAgents = ref.lastAgents.filter(({ contact }) => contact !== event.contact);
      return null;
    case 'deadline.due':
      deadlinesDue(ref);
      return null;
    case 'routing.changed':
      reroute(ref, event.routing);
      return null;
    default:
      return agentEvent(ref, event);
  }
}
