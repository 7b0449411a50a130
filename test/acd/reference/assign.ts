/** Who waits is judged, and whoever can be served is offered to the best who is free. */
import { isHere, isThere } from './agents.js';
import { endTicket } from './endings.js';
import { fits, levelOf, queuesOf, roomOf } from './matching.js';
import { offerTo } from './offers.js';
import { queueOf, type RefAgent, type Reference, type RefTicket } from './rows.js';

/** Every ticket that waits: the step in force, the preference, and whether anybody is left. */
export function judgeWaits(ref: Reference): void {
  for (const ticket of ref.tickets.filter(({ state }) => state === 'waiting')) {
    const queue = queueOf(ref, ticket.queue);
    const step = stepOf(ref, ticket);
    if (queue === undefined || step === null) {
      endTicket(ref, ticket, 'nobody');
      continue;
    }
    ticket.step = step;
    const { preferred, preferredUntil } = ticket;
    const isNamed = preferredUntil !== null && preferredUntil > ref.at && preferred !== null;
    const isForNobody = ticket.held || ticket.notBefore !== null;
    const isWaitedFor =
      isNamed &&
      (isForNobody ||
        (isThere(ref, preferred) &&
          !ticket.missed.includes(preferred) &&
          fits(ref.routing, preferred, ticket, ticket.step)));
    if (!isWaitedFor) ticket.preferredUntil = null;
  }
}

function timelyStep(ref: Reference, ticket: RefTicket): number {
  return queueOf(ref, ticket.queue)?.relax.filter((one) => ticket.joined + one.afterMs <= ref.at).length ?? 0;
}

export function stepOf(ref: Reference, ticket: RefTicket): number | null {
  const last = queueOf(ref, ticket.queue)?.relax.length ?? -1;
  const least = Math.max(Math.min(ticket.step, last), timelyStep(ref, ticket));
  if (ticket.kind === 'callback' || ticket.held) return least;
  for (let step = least; step <= last; step++)
    if (ref.agents.some(({ name }) => isThere(ref, name) && fits(ref.routing, name, ticket, step)))
      return step;
  return null;
}

export function assignAll(ref: Reference): void {
  const offered: RefTicket[] = [];
  for (;;) {
    const line = ref.tickets.filter((one) => one.state === 'waiting' && one.notBefore === null && !one.held);
    line.sort((a, b) => turnOf(ref, a) - turnOf(ref, b) || a.seq - b.seq);
    const first = line.find((one) => !isElsewhere(ref, one) && able(ref, one).length > 0);
    const agent = first === undefined ? undefined : able(ref, first)[0];
    if (first === undefined || agent === undefined) break;
    if (first.channel === 'message') {
      ref.said.push(`given ${first.id} ${agent.name}`);
      Object.assign(first, { state: 'connected', agent: agent.name, preferredUntil: null });
      continue;
    }
    offerTo(ref, first, agent);
    offered.push(first);
  }
  for (const ticket of offered) {
    const most = ticket.kind === 'callback' ? 1 : (queueOf(ref, ticket.queue)?.ringAtOnce ?? 1);
    while (ticket.offers.length < most) {
      const agent = able(ref, ticket)[0];
      if (agent === undefined) break;
      offerTo(ref, ticket, agent);
    }
  }
}

/** Free agents who fit, the best first. */
function able(ref: Reference, ticket: RefTicket): RefAgent[] {
  const strategy = queueOf(ref, ticket.queue)?.strategy;
  const weight = (agent: RefAgent): number => {
    if (strategy === 'longest-idle') return agent.idleSince;
    if (strategy === 'round-robin') return agent.offeredAt;
    if (strategy === 'most-skilled') return -levelOf(ref.routing, agent.name, ticket, ticket.step);
    return agent.occupied / Math.max(1, ref.at - (agent.signedIn ?? ref.at));
  };
  // A message goes to whoever has the fewest.
  const load = ({ name }: RefAgent): number => (ticket.channel === 'message' ? loadOf(ref, name) : 0);
  const rank = (agent: RefAgent): number => {
    const queues = queuesOf(ref.routing, ticket, ticket.step);
    return ref.routing.agents.get(agent.name)?.queues.findIndex((name) => queues.includes(name)) ?? 0;
  };
  return ref.agents
    .filter((agent) => agent.state === 'ready' && agent.notBefore === null && isHere(ref, agent))
    .filter(({ name }) => fits(ref.routing, name, ticket, ticket.step))
    .filter(
      ({ name }) => ticket.channel === 'voice' || loadOf(ref, name) < roomOf(ref.routing, name, 'message'),
    )
    .filter(({ name }) => ticket.preferredUntil === null || name === ticket.preferred)
    .sort(
      (a, b) => load(a) - load(b) || weight(a) - weight(b) || rank(a) - rank(b) || (a.name < b.name ? -1 : 1),
    );
}

function loadOf(ref: Reference, name: string): number {
  return ref.tickets.filter((one) => one.channel === 'message' && one.agent === name).length;
}

/** One dial at a time for a caller, and none while the caller is on the line. */
function isElsewhere(ref: Reference, ticket: RefTicket): boolean {
  return (
    ticket.kind === 'callback' &&
    ticket.caller !== null &&
    ref.tickets.some(
      (one) =>
        one !== ticket && one.caller === ticket.caller && (one.kind === 'call' || one.state !== 'waiting'),
    )
  );
}

function turnOf(ref: Reference, ticket: RefTicket): number {
  const priority = ticket.priority ?? queueOf(ref, ticket.queue)?.priority ?? 0;
  return ticket.joined - priority * ref.routing.priorityMs;
}
