/** Pure. What a call that calls somebody back leaves behind. */
import type { Call } from './call.js';
import { type Draft, set } from './draft.js';

/**
 * The call is over. Who was not reached is tried again later: a machine presses no key. Who pressed one and did not
 * want to wait has been reached, and is owed nothing any more.
 *
 * @returns whether somebody was called who was not reached
 */
export function endCallback(draft: Draft): boolean {
  const { calledBack } = draft.call;
  if (calledBack == null || calledBack.state === 'reached') return false;
  if (calledBack.state === 'over') return !calledBack.keyed;
  const { ticket } = calledBack.place;
  set(draft, { calledBack: { ...calledBack, state: 'over' } });
  if (calledBack.keyed) {
    draft.facts.push({ type: 'ticket.ended', body: { ticket, result: 'left' } });
    draft.messages.push({ type: 'withdraw-ticket', ticket, why: 'left' });
  } else draft.messages.push({ type: 'miss-callback', ticket, counts: true, until: null });
  return !calledBack.keyed;
}

/** Who talked to an agent has been called back: nobody has to do that any more. */
export function settledCases({ calledBack }: Call): readonly string[] {
  const { place, talked = false, keyed = false, state } = calledBack ?? {};
  const isDone = talked || (keyed && state === 'over');
  return isDone && place !== undefined && place.case !== null ? [place.case] : [];
}
