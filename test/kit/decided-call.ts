/** One call that is decided, event after event, with nothing around it. */
import { asCallId, asExchangeId, asLegId, findingLine, type UtcMs } from '../../src/base/index.js';
import {
  type Call,
  type CallDecision,
  type CallEvent,
  type CallSite,
  decideCall,
  startCall,
} from '../../src/calls/index.js';
import { compileFlow, parseFlow } from '../../src/flows/index.js';
import { testSite } from './test-site.js';

/** The test site with this flow alone, by the number 200; throws the flow's findings. */
export function siteWithFlow(text: string, more: Partial<CallSite> = {}): CallSite {
  const base = testSite();
  const { flow, findings } = parseFlow(text, 'tried.yaml');
  if (flow === null) throw new Error(findings.map(findingLine).join('\n'));
  return {
    ...base,
    numbers: new Map([['200', flow.flow]]),
    flows: new Map([[flow.flow, compileFlow(flow, base.texts)]]),
    ...more,
  };
}

export interface Arrival {
  readonly id?: string;
  readonly leg?: string;
  readonly called?: string;
  /** null: withheld. */
  readonly number?: string | null;
  readonly admitted?: boolean;
  readonly at?: UtcMs;
}

/** A caller arrives, on the leg `in` where no other is named. */
export function arrives(site: CallSite, arrival: Arrival = {}): CallDecision {
  const { id = 'call', leg = 'in', called = '200', number = '+96891234567' } = arrival;
  return startCall(
    {
      id: asCallId(id),
      exchange: asExchangeId('x'),
      admitted: arrival.admitted ?? true,
      event: {
        type: 'leg.arrived',
        leg: asLegId(leg),
        called,
        caller: { number, name: null, withheld: number === null },
        trunk: 't',
        phone: null,
      },
    },
    site,
    arrival.at ?? 1_000,
  );
}

/** What the last of these events decides. */
export function afterEvents(
  site: CallSite,
  call: Call,
  events: readonly CallEvent[],
  at: UtcMs = 2_000,
): CallDecision {
  let decision: CallDecision | null = null;
  for (const event of events) decision = decideCall(decision?.call ?? call, event, site, at);
  if (decision === null) throw new Error('No event was given.');
  return decision;
}
