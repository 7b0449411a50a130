/** Pure. Who talked with a caller last: remembered for a while, for flows that prefer that agent when the caller is back. */
import { agentIn, type Draft, lastAgentIn, putLastAgent } from './draft.js';
import type { Preference } from './preference.js';
import type { RoutingQueue } from './routing.js';
import type { Ticket } from './ticket.js';

export function preferredOf(
  draft: Draft,
  preferred: Preference | null,
  caller: string | null,
  { preferredMs }: RoutingQueue,
): Pick<Ticket, 'preferred' | 'preferredUntil'> {
  const agent = preferred === null ? null : nameOf(draft, preferred, caller);
  // What is not the name of an agent may be anything, and is kept nowhere.
  if (preferred === null || agent === null || agentIn(draft, agent) === null)
    return { preferred: null, preferredUntil: null };
  const forMs = preferred.forMs ?? preferredMs;
  return { preferred: agent, preferredUntil: forMs > 0 ? draft.at + forMs : null };
}

function nameOf(draft: Draft, preferred: Preference, caller: string | null): string | null {
  if (preferred.whom === 'agent') return preferred.agent;
  const last = caller === null ? null : lastAgentIn(draft, caller);
  return last === null || last.until <= draft.at ? null : last.agent;
}

/** An agent has talked with a caller whose number is known. */
export function rememberAgent(draft: Draft, { caller, contact, agent }: Ticket): void {
  const { lastAgentMs } = draft.router.routing;
  if (lastAgentMs === 0 || caller === null || agent === null) return;
  putLastAgent(draft, caller, { caller, agent, contact, until: draft.at + lastAgentMs });
}

/** The personal data of a contact was deleted by request. */
export function forgetContact(draft: Draft, contact: string): void {
  for (const last of draft.router.lastAgents.values())
    if (last.contact === contact) putLastAgent(draft, last.caller, null);
}
