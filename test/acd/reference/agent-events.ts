/** What agents ask for. */
import type { AcdEvent, AcdRefusal } from '../../../src/acd/index.js';
import { becomes, goOffline, release } from './agents.js';
import { dropOffer } from './offers.js';
import { agentOf, queueOf, type RefAgent, type Reference, ticketOf } from './rows.js';

export function agentEvent(
  ref: Reference,
  event: Extract<AcdEvent, { type: `agent.${string}` }>,
): AcdRefusal | null {
  const agent = agentOf(ref, event.agent);
  if (agent === undefined) return 'unknown-agent';
  const { state } = agent;
  if (event.type === 'agent.signed-in') return signIn(ref, agent, event.phone);
  if (event.type === 'agent.disposed') return dispose(ref, agent, event.code);
  if (event.type === 'agent.wrap-up-ended' || event.type === 'agent.wrap-up-extended') {
    if (state !== 'wrap-up') return 'not-in-wrap-up';
    if (event.type === 'agent.wrap-up-ended') release(ref, agent);
    else if (!(event.byMs > 0 && event.byMs <= 3_600_000)) return 'bad-duration';
    else agent.until = (agent.until ?? 0) + event.byMs;
    return null;
  }
  if (state === 'offline') return 'offline';
  if (event.type === 'agent.readied') {
    if (state === 'wrap-up' || state === 'paused') {
      becomes(ref, agent, 'ready');
      Object.assign(agent, { wish: null, misses: 0, idleSince: ref.at });
    } else if (agent.wish !== null) agent.wish = null;
    else if (state === 'ready' && agent.notBefore !== null)
      Object.assign(agent, { notBefore: null, misses: 0 });
    return null;
  }
  const isPause = event.type === 'agent.paused';
  if (state === 'talking' || state === 'hold') {
    agent.wish = isPause ? { type: 'pause', reason: event.reason } : { type: 'sign-out' };
    return null;
  }
  if (isPause && state === 'paused' && agent.reason === event.reason) return null;
  const rung = state === 'offered' || state === 'ringing' ? ticketOf(ref, agent.ticket ?? '') : undefined;
  if (isPause) {
    becomes(ref, agent, 'paused');
    Object.assign(agent, { reason: event.reason, wish: null });
  } else goOffline(ref, agent);
  if (rung !== undefined) {
    ref.said.push(`offer.cancelled ${rung.id} ${agent.name}`);
    dropOffer(ref, rung, agent.name);
    rung.missed.push(agent.name);
  }
  return null;
}

function dispose(ref: Reference, agent: RefAgent, code: string): AcdRefusal | null {
  const talks = agent.state === 'talking' || agent.state === 'hold';
  const talk = talks ? ticketOf(ref, agent.ticket ?? '') : undefined;
  if (talk !== undefined && agent.spoke?.ticket !== talk.id) {
    const known = queueOf(ref, talk.queue)?.dispositions ?? {};
    if (!(code in known)) return 'unknown-code';
    agent.spoke = { ticket: talk.id, queue: talk.queue, code: null };
  }
  if (agent.spoke === null) return 'no-talk';
  const name = queueOf(ref, agent.spoke.queue)?.dispositions[code];
  if (name === undefined) return 'unknown-code';
  if (agent.spoke.code !== code) ref.said.push(`disposed ${agent.spoke.ticket} ${agent.name} ${name}`);
  agent.spoke.code = code;
  return null;
}

function signIn(ref: Reference, agent: RefAgent, where: string | null): AcdRefusal | null {
  const own = ref.routing.agents.get(agent.name);
  if (own === undefined) return 'unknown-agent';
  const phone = where ?? own.phone;
  if (agent.state !== 'offline' && agent.phone === phone) return 'already-signed-in';
  if (ref.agents.some((one) => one !== agent && one.state !== 'offline' && one.phone === phone))
    return 'phone-in-use';
  if (agent.state === 'offline') {
    becomes(ref, agent, 'ready');
    Object.assign(agent, { phone, idleSince: ref.at, signedIn: ref.at });
    return null;
  }
  if (['offered', 'ringing', 'talking', 'hold'].includes(agent.state)) return 'busy';
  agent.phone = phone;
  return null;
}
