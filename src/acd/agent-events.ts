/** Pure. What agents ask for, and what becomes of their phones. An expected refusal is what comes back. */
import type { UtcMs } from '../base/index.js';
import type { Agent, AgentWish } from './agent.js';
import { changedAgent } from './changed-row.js';
import {
  agentIn,
  agentsIn,
  type Draft,
  moveAgent,
  phoneIn,
  putAgent,
  putPhone,
  queueIn,
  ticketIn,
} from './draft.js';
import type { AcdEvent, AcdRefusal } from './event.js';
import { text } from './line.js';
import { agentMoves, moves } from './moves.js';
import { spokeOf } from './ticket-events.js';
import { cancelOffer, dropOffer, letGo, reachOf, signOut, tellMiss, withMiss } from './offers.js';

type Of<Type extends AcdEvent['type']> = Extract<AcdEvent, { readonly type: Type }>;
type Answer = AcdRefusal | null;

/** Most that wrap-up is extended by at once. */
const longestExtension = 3_600_000;

/** Signing in at another phone moves the agent there. */
export function signedIn(draft: Draft, { agent: name, phone: at }: Of<'agent.signed-in'>): Answer {
  const agent = agentIn(draft, name);
  const own = draft.router.routing.agents.get(name);
  if (agent === null || own === undefined) return 'unknown-agent';
  const phone = at ?? own.phone;
  if (agent.state !== 'offline' && agent.phone === phone) return 'already-signed-in';
  for (const other of agentsIn(draft))
    if (other.name !== name && other.state !== 'offline' && other.phone === phone) return 'phone-in-use';
  const reach = reachOf(draft, phone);
  if (agent.state === 'offline') {
    const since = { idleSince: draft.at, signedInAt: draft.at };
    moveAgent(draft, agent, 'signed-in', 'ready', { phone, ...reach, ...since });
    return null;
  }
  if (isBusy(agent)) return 'busy';
  putAgent(draft, Object.assign(changedAgent(agent, { phone }), reach));
  const moved = { from: agent.phone, to: phone };
  draft.facts.push({ type: 'agent.moved', subject: `agent:${name}`, body: moved });
  return null;
}

function isBusy({ state }: Agent): boolean {
  return state === 'offered' || state === 'ringing' || isTalking(state);
}

const isTalking = (state: Agent['state']): boolean => state === 'talking' || state === 'hold';

export function signedOut(draft: Draft, { agent: name }: Of<'agent.signed-out'>): Answer {
  const agent = agentIn(draft, name);
  if (agent === null) return 'unknown-agent';
  if (agent.state === 'offline') return 'offline';
  if (isTalking(agent.state)) return wish(draft, agent, { type: 'sign-out' });
  decline(draft, agent, (offered) => signOut(draft, offered, 'signed-out'));
  return null;
}

export function paused(draft: Draft, { agent: name, reason }: Of<'agent.paused'>): Answer {
  const agent = agentIn(draft, name);
  if (agent === null) return 'unknown-agent';
  if (agent.state === 'offline') return 'offline';
  if (isTalking(agent.state)) return wish(draft, agent, { type: 'pause', reason });
  if (agent.state === 'paused' && agent.reason === reason) return null;
  decline(draft, agent, (offered) => moveAgent(draft, offered, 'paused', 'paused', { reason, wish: null }));
  return null;
}

function wish(draft: Draft, agent: Agent, wished: AgentWish): null {
  const { wish: now } = agent;
  const isSame = now?.type === wished.type && reasonOf(now) === reasonOf(wished);
  if (!isSame) putAgent(draft, changedAgent(agent, { wish: wished }));
  return null;
}

const reasonOf = (wished: AgentWish): string | null => (wished.type === 'pause' ? wished.reason : null);

/** Who goes while the phone rings does not want this call: it goes on to the next agent at once. */
function decline(draft: Draft, agent: Agent, go: (agent: Agent) => void): void {
  const ticket = agent.ticket === null ? null : ticketIn(draft, agent.ticket);
  go(agent);
  if (ticket === null || (agent.state !== 'offered' && agent.state !== 'ringing')) return;
  cancelOffer(draft, ticket, agent.name);
  tellMiss(draft, ticket, agent.name, 'rejected');
  dropOffer(draft, ticket, agent.name, withMiss(ticket, agent.name, draft.at, 'rejected'));
}

/** Ends a pause, wrap-up, the delay after a miss, or the wish for a pause. */
export function readied(draft: Draft, { agent: name }: Of<'agent.readied'>): Answer {
  const agent = agentIn(draft, name);
  if (agent === null) return 'unknown-agent';
  if (agent.state === 'offline') return 'offline';
  if (moves(agentMoves, agent.state, 'readied'))
    moveAgent(draft, agent, 'readied', 'ready', { wish: null, misses: 0, idleSince: draft.at });
  else if (agent.wish !== null) putAgent(draft, changedAgent(agent, { wish: null }));
  else if (agent.state === 'ready' && agent.notBefore !== null)
    putAgent(draft, changedAgent(agent, { notBefore: null, misses: 0 }));
  return null;
}

export function wrapUpEnded(draft: Draft, { agent: name }: Of<'agent.wrap-up-ended'>): Answer {
  const agent = agentIn(draft, name);
  if (agent === null) return 'unknown-agent';
  if (agent.state !== 'wrap-up') return 'not-in-wrap-up';
  letGo(draft, agent, 'wrap-up-ended');
  return null;
}

export function wrapUpExtended(draft: Draft, event: Of<'agent.wrap-up-extended'>): Answer {
  const agent = agentIn(draft, event.agent);
  if (agent === null) return 'unknown-agent';
  if (agent.state !== 'wrap-up') return 'not-in-wrap-up';
  if (!(event.byMs > 0 && event.byMs <= longestExtension)) return 'bad-duration';
  const until: UtcMs = (agent.until ?? draft.at) + event.byMs;
  putAgent(draft, changedAgent(agent, { until }));
  return null;
}

/** What a talk turned out to be can be said while it lasts and as long as it is the agent's last. */
export function disposed(draft: Draft, { agent: name, code }: Of<'agent.disposed'>): Answer {
  const agent = agentIn(draft, name);
  if (agent === null) return 'unknown-agent';
  const talk = isTalking(agent.state) && agent.ticket !== null ? ticketIn(draft, agent.ticket) : null;
  const known = talk === null || agent.spoke?.ticket === talk.id ? agent.spoke : spokeOf(talk);
  if (known === null) return 'no-talk';
  const codes = queueIn(draft, known.queue)?.dispositions ?? {};
  const what = Object.hasOwn(codes, code) ? codes[code] : undefined;
  if (what === undefined) return 'unknown-code';
  if (known.code === code) return null;
  putAgent(draft, changedAgent(agent, { spoke: { ...known, code } }));
  const body = { ticket: known.ticket, agent: name, code, name: what };
  draft.facts.push({ type: 'contact.disposed', subject: known.contact, body });
  return null;
}

/** Who is signed in there is reachable or not; the grace time is a deadline of the agent's. */
export function phoneRegistered(draft: Draft, { phone: name, registered }: Of<'phone.registered'>): void {
  const { at } = draft;
  if ((phoneIn(draft, name)?.registered ?? false) === registered) return;
  putPhone(draft, { name, registered, since: at });
  const there = [...agentsIn(draft)].filter(({ phone }) => phone === name);
  const agent = there.find(({ state }) => state !== 'offline')?.name ?? null;
  draft.facts.push({
    type: registered ? 'phone.found' : 'phone.lost',
    subject: `phone:${name}`,
    body: { agent },
  });
  for (const one of there.sort((a, b) => text(a.name, b.name)))
    putAgent(draft, changedAgent(one, { reachable: registered, reachableSince: at }));
}
