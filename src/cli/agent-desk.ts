/** Agents of a running engine: what they do now, and what is asked of them. */
import { OnedoorError } from '../base/index.js';
import type { Site } from '../site/index.js';
import type { Switchboard } from '../switchboard/index.js';
import type { AgentAction, AgentDesk, AgentStatus } from '../web/index.js';

/** @param current the site version in force */
export function agentDesk(
  current: () => Pick<Site, 'routing' | 'agentLabels'>,
  switchboard: Pick<Switchboard, 'router' | 'agent' | 'recordTalk' | 'talkRecorded'>,
): AgentDesk {
  const status = (name: string): AgentStatus => {
    const { routing, agentLabels } = current();
    const router = switchboard.router();
    const row = router.agents.get(name);
    const declared = routing.agents.get(name);
    if (row === undefined || declared === undefined) {
      const known = [...routing.agents.keys()].join(', ') || 'none';
      throw new OnedoorError('ONEDOOR_WEB_NO_AGENT', { name, known });
    }
    const { state, since, reason, wish, phone, queue, until, ticket, spoke } = row;
    const registration = router.phones.get(phone);
    return {
      name,
      label: agentLabels.get(name) ?? name,
      state,
      since,
      reason,
      wish: wish?.type ?? null,
      phone,
      registered: registration?.registered ?? false,
      registeredSince: registration?.registered === true ? registration.since : null,
      unregisteredSince: registration?.registered === false ? registration.since : null,
      queues: declared.queues,
      skills: declared.skills,
      contact: ticket === null ? null : (router.tickets.get(ticket)?.contact ?? contactOf(ticket)),
      queue,
      until,
      recording: switchboard.talkRecorded(name),
      spoke: spoke === null ? null : { contact: spoke.contact, queue: spoke.queue, code: spoke.code },
    };
  };

  return {
    list: () => [...current().routing.agents.keys()].map(status),
    async act(name, action) {
      status(name);
      const why = await perform(switchboard, name, action);
      if (why !== null) throw new OnedoorError('ONEDOOR_WEB_AGENT_CANNOT', { name, why });
      return status(name);
    },
  };
}

/** A ticket bears its contact's id, and is gone while the call is wrapped up. */
function contactOf(ticket: string): string {
  return ticket.replace(/-t\d+$/, '');
}

/** Gives why it was not done; null: it was. */
function perform(
  { agent: ask, recordTalk }: Pick<Switchboard, 'agent' | 'recordTalk'>,
  agent: string,
  action: AgentAction,
): Promise<string | null> {
  switch (action.do) {
    case 'sign-in':
      return ask({ type: 'agent.signed-in', agent, phone: action.phone });
    case 'sign-out':
      return ask({ type: 'agent.signed-out', agent });
    case 'ready':
      return ask({ type: 'agent.readied', agent });
    case 'pause':
      return ask({ type: 'agent.paused', agent, reason: action.reason });
    case 'end-wrap-up':
      return ask({ type: 'agent.wrap-up-ended', agent });
    case 'dispose':
      return ask({ type: 'agent.disposed', agent, code: action.code });
    case 'extend-wrap-up':
      return ask({ type: 'agent.wrap-up-extended', agent, byMs: Math.round(action.seconds * 1000) });
    case 'record-off':
    case 'record-on':
      return recordTalk(agent, action.do === 'record-on');
    default:
      return action satisfies never;
  }
}
