/** The hotline of simulated runs: its site, and two agents at two phones. */
import type { Routing } from '../../../src/acd/index.js';
import type { CallSite } from '../../../src/calls/index.js';
import { testRouting } from '../test-routing.js';
import { testSite } from '../test-site.js';
import { testTransfers } from '../test-transfers.js';

export const agentPhones = ['agent-1', 'agent-2'];

export const ownSite: CallSite = {
  ...testSite(),
  // Whoever talks moves callers to the queue, to each other, to a phone, to the first flow, outside.
  transfers: testTransfers(
    new Map([
      ['21', { type: 'queue', queue: 'general' }],
      ['31', { type: 'agent', agent: 'amal' }],
      ['32', { type: 'agent', agent: 'omar' }],
      ['41', { type: 'phone', phone: 'agent-2' }],
      ['51', { type: 'service', number: '100' }],
      ['61', { type: 'outside', number: '+96891234999', trunk: 'loopback' }],
    ]),
  ),
};

/** Two agents at two phones. */
export function routingOf(atOnce: number): Routing {
  const one = testRouting({ ringAtOnce: atOnce });
  const omar = { name: 'omar', phone: 'agent-2', skills: { en: 5, ar: 5 }, queues: ['general'] };
  return { ...one, agents: new Map([...one.agents, ['omar', omar]]) };
}

/** Some hotlines record talks, with or without telling; others do not. */
export function recording(site: CallSite, seed: number): CallSite {
  const record = [null, { notice: null }, { notice: 'one-moment' }][seed % 3] ?? null;
  return { ...site, queues: new Map([...site.queues].map(([name, queue]) => [name, { ...queue, record }])) };
}
