/** Pure. A message that a caller left with the exchange while no engine was there: a contact like any other. */
import type { CallId, ExchangeId, LegId, RecordingId, UtcMs } from '../base/index.js';
import type { CallDecision, CallSite } from './call.js';
import { keep, newCall, serviceNumber } from './arrival.js';
import { decisionOf, draftOf, set } from './draft.js';

export interface LeftMessage {
  readonly id: CallId;
  readonly exchange: ExchangeId;
  readonly leg: LegId;
  /** As dialled; hostile text. */
  readonly called: string;
  /** null: withheld. */
  readonly callerNumber: string | null;
  readonly recording: RecordingId;
  readonly ms: number;
  /** When it was left. */
  readonly leftAt: UtcMs;
}

/** Name of the flow in the record of such a contact: the exchange's own announcement. */
const awayFlow = '@away';

export function takeMessage(message: LeftMessage, site: CallSite, at: UtcMs): CallDecision {
  const { id, exchange, leg, callerNumber, recording, ms, leftAt } = message;
  const draft = draftOf(newCall({ id, exchange, leg, callerNumber }, site), site, at);
  const caller = {
    number: keep(draft, 'caller.number', 'number', callerNumber),
    name: null,
    withheld: callerNumber === null,
  };
  draft.facts.push(
    {
      type: 'call.arrived',
      body: {
        number: serviceNumber(message.called),
        trunk: '',
        leg,
        exchange,
        site: site.hash,
        flow: awayFlow,
        caller,
        at: leftAt,
      },
    },
    { type: 'recording.kept', body: { name: 'message', recording, ms } },
    {
      type: 'call.ended',
      body: {
        termination: { result: 'completed', reason: 'hung-up', by: 'caller' },
        outcome: 'left-message',
        at: leftAt + ms,
      },
    },
  );
  draft.personal.push({ key: 'recording.message.1', class: 'recording', body: recording });
  draft.messages.push({
    type: 'end-contact',
    contact: id,
    language: null,
    outcome: 'left-message',
    cases: [],
    unheard: true,
    settled: [],
  });
  set(draft, { phase: 'over' });
  return decisionOf(draft);
}
