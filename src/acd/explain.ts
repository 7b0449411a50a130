/** Pure. Why a caller has this agent, or waits: who could serve the ticket, and who not and why. */
import { extended, type UtcMs } from '../base/index.js';
import { countCommon } from './bits.js';
import { type Able, candidates, hasRoom } from './candidates.js';
import { agentIn, createDraft, type Draft, matchIn, queueIn } from './draft.js';
import { hindranceOf, isFree } from './line.js';
import type { Match } from './matching.js';
import type { RouterView } from './router.js';
import type { Explanation, Ticket, WaitExplanation } from './ticket.js';

/** Names told of those who could serve it too. */
const mostOthers = 20;

/** Pure. Why the ticket waits, as of `at`; null: there is no such ticket. */
export function explain(router: RouterView, id: string, at: UtcMs): WaitExplanation | null {
  const ticket = router.tickets.get(id);
  if (ticket === undefined) return null;
  const draft = createDraft(router, at);
  return explanation(draft, ticket, null, candidates(draft, ticket));
}

/** Why the agent has it: to be asked before the offer. `able`: all who could have it, as they were compared. */
export function explainOffer(draft: Draft, ticket: Ticket, agent: string, able: Able): Explanation {
  return extended(explanation(draft, ticket, agent, able), { agent });
}

function explanation(draft: Draft, ticket: Ticket, chosen: string | null, able: Able): WaitExplanation {
  const match = matchIn(draft, ticket);
  const others = able.first.flatMap(({ name }) => (name === chosen ? [] : [name]));
  return {
    at: draft.at,
    waitedMs: Math.max(0, draft.at - ticket.joined),
    step: ticket.step,
    needs: match?.needs ?? [],
    strategy: queueIn(draft, ticket.queue)?.strategy ?? 'none',
    preferred: ticket.preferred !== null && (ticket.preferredUntil !== null || ticket.preferred === chosen),
    others: others.slice(0, mostOthers),
    otherCount: able.count - (chosen === null ? 0 : 1),
    against: match === null ? {} : { ...match.lacks, ...hindrancesOf(draft, match, able.count) },
  };
}

/** Why those who have the skills cannot serve it now: how many for each reason. */
function hindrancesOf(draft: Draft, match: Match, able: number): Record<string, number> {
  const { router, agents } = draft;
  const counts: Record<string, number> = {};
  for (const [why, bits] of router.index.hindered) counts[why] = countCommon(match.bits, bits);
  for (const [name, now] of agents) {
    const before = match.fits.has(name) ? router.agents.get(name) : undefined;
    if (before !== undefined) counts[hindranceOf(before)] = (counts[hindranceOf(before)] ?? 0) - 1;
    if (now !== null && match.fits.has(name)) counts[hindranceOf(now)] = (counts[hindranceOf(now)] ?? 0) + 1;
  }
  const { free = 0, ...against } = counts;
  // Whoever is free and fits could have it, unless it is one message too many, or waits for one agent alone.
  const full =
    match.channel === 'voice' ? 0 : [...match.fits.keys()].filter((name) => isFull(draft, name)).length;
  against['messages'] = full;
  against['not-preferred'] = free - able - full;
  return Object.fromEntries(Object.entries(against).filter(([, count]) => count > 0));
}

function isFull(draft: Draft, name: string): boolean {
  const agent = agentIn(draft, name);
  return agent !== null && isFree(agent) && !hasRoom(draft, agent, 'message');
}
