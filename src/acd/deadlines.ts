/** Pure. What is due by time alone. */
import type { UtcMs } from '../base/index.js';
import { changedAgent, changedTicket } from './changed-row.js';
import { agentIn, type Draft, putAgent, putLastAgent, putPlace, ticketIn } from './draft.js';
import { callbackEnd, type Deadline, graceEnd, isIdle } from './line.js';
import { letGo, missCaller, missOffer, signOut } from './offers.js';
import { inOrder } from './ordered.js';
import { end, wait } from './waiting.js';

/** Everything that is due, in the order of its times. */
export function deadlineDue(draft: Draft): void {
  const due: Deadline[] = [];
  for (const deadline of inOrder(draft.router.index.due)) {
    if (deadline.at > draft.at) break;
    due.push(deadline);
  }
  for (const { kind, id } of due) dueNow(draft, kind, id);
}

function dueNow(draft: Draft, kind: Deadline['kind'], id: string): void {
  switch (kind) {
    case 'ticket':
      return ticketDueNow(draft, id);
    case 'agent':
      return agentDueNow(draft, id);
    case 'place':
      return placeDueNow(draft, id);
    case 'last-agent':
      return putLastAgent(draft, id, null);
  }
}

function ticketDueNow(draft: Draft, id: string): void {
  const ticket = ticketIn(draft, id);
  if (ticket?.state === 'waiting') {
    if (isOver(callbackEnd(draft.router.routing, ticket), draft.at))
      return end(draft, ticket, 'expired', 'expired');
    const isTried = isOver(ticket.notBefore, draft.at);
    wait(draft, isTried ? changedTicket(ticket, { notBefore: null }) : ticket);
    return;
  }
  for (const { agent, until } of ticket?.offers ?? []) if (until <= draft.at) giveUp(draft, id, agent);
}

/** Neither call nor exchange has said what came of the offer. */
function giveUp(draft: Draft, id: string, name: string): void {
  const ticket = ticketIn(draft, id);
  const agent = agentIn(draft, name);
  if (ticket === null || agent === null) return;
  draft.messages.push({ type: 'offer.cancelled', contact: ticket.contact, ticket: id, agent: name });
  if (ticket.kind === 'callback') missCaller(draft, ticket, true, null);
  // A phone that never rang is no fault of the agent's.
  else missOffer(draft, ticket, agent, agent.state === 'ringing' ? 'no-answer' : 'failed');
}

function agentDueNow(draft: Draft, name: string): void {
  const agent = agentIn(draft, name);
  if (agent === null) return;
  if (isIdle(agent) && isOver(graceEnd(draft.router.routing, agent), draft.at))
    return signOut(draft, agent, 'phone-lost');
  if (isOver(agent.until, draft.at)) return letGo(draft, agent, 'wrap-up-ended');
  if (agent.state === 'ready' && isOver(agent.notBefore, draft.at))
    putAgent(draft, changedAgent(agent, { notBefore: null }));
}

function placeDueNow(draft: Draft, id: string): void {
  const place = draft.router.places.get(id);
  if (place !== undefined) putPlace(draft, place.queue, place.caller, null);
}

function isOver(deadline: UtcMs | null, at: UtcMs): boolean {
  return deadline !== null && deadline <= at;
}
