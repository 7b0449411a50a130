/** Pure. Another routing comes into force: agents come and go, and whoever waits is judged by the new definition. */
import { changedAgent } from './changed-row.js';
import { agentIn, type Draft, dropAgent, putAgent, ticketIn } from './draft.js';
import { byStanding, isIdle, standingOf, text } from './line.js';
import { cancelOffers, reachOf, signOut } from './offers.js';
import { newAgent, type RouterView } from './router.js';
import { end, wait } from './waiting.js';

/** The draft lies over a router of the new routing. `stored`: the router as it was. */
export function reroute(draft: Draft, stored: RouterView): void {
  const { routing, agents, tickets } = draft.router;
  for (const name of [...new Set([...agents.keys(), ...routing.agents.keys()])].sort(text)) {
    const agent = agentIn(draft, name);
    const own = routing.agents.get(name);
    if (own === undefined) {
      // Who talks is let talk, and goes after that.
      if (agent !== null && isIdle(agent)) signOut(draft, agent, 'removed');
      else if (agent?.state === 'offline') dropAgent(draft, agent);
    } else if (!stored.agents.has(name)) putAgent(draft, newAgent(own, draft.router.phones));
    else if (agent?.state === 'offline' && agent.phone !== own.phone)
      putAgent(draft, Object.assign(changedAgent(agent, { phone: own.phone }), reachOf(draft, own.phone)));
  }
  const line = [...tickets.values()].map((ticket) => standingOf(routing, ticket)).sort(byStanding);
  // First who is rung for a queue that is gone: an agent who goes with it leaves messages to be judged below.
  for (const { id } of line) {
    const ticket = ticketIn(draft, id);
    if (ticket?.state !== 'offered' || routing.queues.has(ticket.queue)) continue;
    cancelOffers(draft, ticket);
    end(draft, ticket, 'nobody', 'nobody');
  }
  for (const { id } of line) {
    const ticket = ticketIn(draft, id);
    // Steps are counted anew: the new definition may have more or fewer.
    if (ticket?.state === 'waiting') wait(draft, ticket, 0);
  }
}
