/** Pure. Why a caller has this agent, or waits: who could serve the ticket, and who not and why. */
import type { UtcMs } from '../base/index.js';
import type { Agent } from './agent.js';
import { candidates } from './candidates.js';
import { agentIn, createDraft, type Draft, matchIn, queueIn } from './draft.js';
import { isFree } from './line.js';
import type { RouterView } from './router.js';
import type { Explanation, Ticket, WaitExplanation } from './ticket.js';

/** Names told of those who could serve it too. */
const mostOthers = 20;

/** Pure. Why the ticket waits, as of `at`; null: there is no such ticket. */
export function explain(router: RouterView, id: string, at: UtcMs): WaitExplanation | null {
  const ticket = router.tickets.get(id);
  return ticket === undefined ? null : explanation(createDraft(router, at), ticket, null);
}

/** Why the agent has it: to be asked before the offer. */
export function explainOffer(draft: Draft, ticket: Ticket, agent: string): Explanation {
  return { ...explanation(draft, ticket, agent), agent };
}

function explanation(draft: Draft, ticket: Ticket, chosen: string | null): WaitExplanation {
  const match = matchIn(draft, ticket);
  const others = candidates(draft, ticket)
    .map(({ name }) => name)
    .filter((name) => name !== chosen);
  const able = new Set(others);
  const against: Record<string, number> = { ...match?.lacks };
  for (const name of match?.fits.keys() ?? []) {
    if (name === chosen || able.has(name)) continue;
    const why = hindrance(agentIn(draft, name));
    against[why] = (against[why] ?? 0) + 1;
  }
  return {
    at: draft.at,
    waitedMs: Math.max(0, draft.at - ticket.joined),
    step: ticket.step,
    needs: match?.needs ?? [],
    strategy: queueIn(draft, ticket.queue)?.strategy ?? 'none',
    preferred: ticket.preferred !== null && (ticket.preferredUntil !== null || ticket.preferred === chosen),
    others: others.slice(0, mostOthers),
    otherCount: others.length,
    against,
  };
}

/** Why somebody who has the skills cannot serve it now. */
function hindrance(agent: Agent | null): string {
  if (agent === null) return 'offline';
  if (agent.state !== 'ready') return agent.state;
  if (!agent.reachable) return 'unreachable';
  return isFree(agent) ? 'not-preferred' : 'missed';
}
