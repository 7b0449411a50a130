/** The router's part of the test site: one queue with one agent, or none at all. */
import type { Routing, RoutingQueue } from '../../src/acd/index.js';
import type { CallSite } from '../../src/calls/index.js';
import type { Desk } from '../../src/site/index.js';
import type { SwitchboardSites } from '../../src/switchboard/index.js';

export const testDesk: Desk = {
  codes: {
    'sign-in': '*11',
    'sign-out': '*12',
    ready: '*13',
    pause: '*14',
    'end-wrap-up': '*15',
    'record-off': '*90',
    'record-on': '*91',
    dispose: '*48',
  },
  talkTexts: { on: 'agent-record-on', off: 'agent-record-off', cannot: 'agent-cannot' },
  pauses: { 1: 'break' },
  languages: new Map([['amal', 'en']]),
};

export const noRouting: Routing = {
  queues: new Map(),
  agents: new Map(),
  priorityMs: 60_000,
  graceMs: 60_000,
  lastAgentMs: 0,
};

export function testQueue(name: string, more: Partial<RoutingQueue> = {}): RoutingQueue {
  return {
    name,
    needs: [{}],
    relax: [],
    priority: 5,
    maxWaitMs: 300_000,
    ringMs: 15_000,
    ringAtOnce: 1,
    strategy: 'longest-idle',
    wrapUpMs: 20_000,
    pauseAfterMisses: 1,
    missDelayMs: { 'no-answer': 5_000, rejected: 5_000, busy: 5_000, unreachable: 5_000, failed: 5_000 },
    capacity: null,
    preferredMs: 0,
    rejoinMs: 0,
    callback: { tries: 3, pauseMs: 60_000, withinMs: 86_400_000 },
    dispositions: { 1: 'solved', 12: 'sent on' },
    ...more,
  };
}

/** `general`, answered by `amal` at `agent-1`. */
export function testRouting(more: Partial<RoutingQueue> = {}): Routing {
  return {
    ...noRouting,
    queues: new Map([['general', testQueue('general', more)]]),
    agents: new Map([
      ['amal', { name: 'amal', phone: 'agent-1', skills: { en: 5, ar: 5 }, queues: ['general'] }],
    ]),
  };
}

/** Beside her `omar` at `agent-2`. */
export function twoAgents(more: Partial<RoutingQueue> = {}): Routing {
  const one = testRouting(more);
  const omar = { name: 'omar', phone: 'agent-2', skills: { en: 5, ar: 5 }, queues: ['general'] };
  return { ...one, agents: new Map([...one.agents, ['omar', omar]]) };
}

/** One site, for whoever asks: the version of every number and of every call. */
export function oneSite(site: CallSite, routing: () => Routing = testRouting): SwitchboardSites {
  return {
    current: () => site,
    forNumber: () => site,
    inForce: () => site,
    version: () => site,
    routing,
    desk: () => testDesk,
  };
}
