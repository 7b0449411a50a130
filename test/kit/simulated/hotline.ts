/** The hotline of simulated runs: its site, and the phones of its two agents. */
import type { CallSite } from '../../../src/calls/index.js';
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

/** Some hotlines record talks, with or without telling; others do not. */
export function recording(site: CallSite, seed: number): CallSite {
  const record = [null, { notice: null }, { notice: 'one-moment' }][seed % 3] ?? null;
  return { ...site, queues: new Map([...site.queues].map(([name, queue]) => [name, { ...queue, record }])) };
}
