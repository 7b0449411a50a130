/** Pure. What the router makes of an event. */
import type { UtcMs } from '../base/index.js';
import * as agents from './agent-events.js';
import { assign } from './assign.js';
import { deadlineDue } from './deadlines.js';
import { changesOf, createDraft, type Draft, dueIn } from './draft.js';
import type { AcdDecision, AcdEvent, AcdRefusal } from './event.js';
import { forgetContact } from './last-agent.js';
import { reroute } from './rerouting.js';
import { restoreRouter, type RouterView, rowsOf } from './router.js';
import type { Routing } from './routing.js';
import * as tickets from './ticket-events.js';
import { settleLeft } from './waiting.js';

/**
 * Pure: reads the router, changes nothing. Decides everything that an event leads to within the router: an agent who
 * becomes free has the next ticket in the same decision. Events that make no sense (any more) change nothing; where a
 * person asked for something, `refusal` says why not.
 *
 * @param at UTC ms, not before that of any earlier event.
 */
export function decide(router: RouterView, event: AcdEvent, at: UtcMs): AcdDecision {
  if (event.type === 'routing.changed') return decideRouting(router, event.routing, at);
  const draft = createDraft(router, at);
  if (isRequest(event)) return settle(draft, router, null, grant(draft, event));
  happen(draft, event);
  return settle(draft, router, null, null);
}

function decideRouting(router: RouterView, routing: Routing, at: UtcMs): AcdDecision {
  const draft = createDraft(restoreRouter(routing, rowsOf(router)), at);
  reroute(draft, router);
  for (const name of draft.router.index.free) draft.freed.add(name);
  return settle(draft, router, routing, null);
}

function settle(
  draft: Draft,
  router: RouterView,
  routing: Routing | null,
  refusal: AcdRefusal | null,
): AcdDecision {
  settleLeft(draft);
  assign(draft);
  const { messages, facts } = draft;
  return { changes: changesOf(draft, router), routing, messages, facts, due: dueIn(draft), refusal };
}

type Request = Extract<AcdEvent, { readonly type: `agent.${string}` }>;
type Happening = Exclude<AcdEvent, Request | { readonly type: 'routing.changed' }>;

function isRequest(event: Request | Happening): event is Request {
  return event.type.startsWith('agent.');
}

/** A person asks for something. Why not, where it is not granted. */
function grant(draft: Draft, event: Request): AcdRefusal | null {
  switch (event.type) {
    case 'agent.signed-in':
      return agents.signedIn(draft, event);
    case 'agent.signed-out':
      return agents.signedOut(draft, event);
    case 'agent.readied':
      return agents.readied(draft, event);
    case 'agent.paused':
      return agents.paused(draft, event);
    case 'agent.wrap-up-ended':
      return agents.wrapUpEnded(draft, event);
    case 'agent.wrap-up-extended':
      return agents.wrapUpExtended(draft, event);
    case 'agent.disposed':
      return agents.disposed(draft, event);
  }
}

function happen(draft: Draft, event: Happening): void {
  switch (event.type) {
    case 'ticket.requested':
      return tickets.requested(draft, event);
    case 'ticket.directed':
      return tickets.directed(draft, event);
    case 'ticket.withdrawn':
      return tickets.withdrawn(draft, event);
    case 'ticket.held':
      return tickets.heldBack(draft, event);
    case 'ticket.parked':
      return tickets.parked(draft, event);
    case 'ticket.dialled':
      return tickets.dialled(draft, event);
    case 'ticket.unreached':
      return tickets.unreached(draft, event);
    case 'ticket.cancelled':
      return tickets.cancelled(draft, event);
    case 'ticket.reached':
      return tickets.reached(draft, event);
    case 'offer.rang':
      return tickets.rang(draft, event);
    case 'offer.answered':
      return tickets.answered(draft, event);
    case 'offer.ended':
      return tickets.offerEnded(draft, event);
    case 'talk.ended':
      return tickets.talkEnded(draft, event);
    case 'talk.held':
      return tickets.held(draft, event);
    case 'phone.registered':
      return agents.phoneRegistered(draft, event);
    case 'contact.erased':
      return forgetContact(draft, event.contact);
    case 'deadline.due':
      return deadlineDue(draft);
  }
}
