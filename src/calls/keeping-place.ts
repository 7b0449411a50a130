/** Pure. A caller's place in a queue that is kept when the caller hangs up: promised first, then kept. */
import { checkNumber, type NumberRules } from '../base/index.js';
import type { FlowEffect } from '../flows/index.js';
import type { Call } from './call.js';
import { type Draft, set } from './draft.js';

/** Promises to call back in turn; false: there is no place to keep, or nothing to call with. */
export function promisePlace(draft: Draft, effect: Extract<FlowEffect, { type: 'keep-place' }>): boolean {
  const { ticket, cases } = draft.call;
  const { callbacks } = draft.site;
  if (ticket?.state !== 'held' || callbacks === null || callbacks.trunk === null) return false;
  // What a caller keyed long ago may be refused by now.
  const check = checkNumber(callbacks, effect.number, 'call');
  if (check.result === 'refused') return false;
  const { number } = check;
  set(draft, { promise: { number, flow: effect.flow, with: effect.with, case: cases.at(-1)?.id ?? null } });
  return true;
}

/** Whether the place outlives the caller on the line. */
export function isPromised({ ticket, promise }: Call): boolean {
  return ticket?.state === 'held' && promise != null;
}

/** The caller has hung up: the promise is kept from now on. */
export function keepPlace(draft: Draft): void {
  const { ticket, promise, id: contact, exchange, caller } = draft.call;
  if (ticket?.state !== 'held' || promise == null) return;
  const { language, languageChosen } = caller;
  const { id, queue, since } = ticket;
  set(draft, { ticket: null, promise: null });
  draft.facts.push({ type: 'ticket.parked', body: { ticket: id } });
  draft.messages.push({
    type: 'park-ticket',
    place: { ticket: id, queue, since, contact, exchange, language, languageChosen, ...promise },
  });
}

/** The last digits; calls whose numbers differ here need no closer look. */
const tail = 5;

/**
 * Whether that number (E.164) is on the line in the call, or is rung by it, whichever way a trunk writes it.
 *
 * @param rules by which numbers without a country are read
 */
export function isOnTheLine({ phase, caller }: Call, number: string, rules: NumberRules | null): boolean {
  if (phase !== 'live' || caller.number === null) return false;
  if (caller.number === number) return true;
  if (rules === null || caller.number.slice(-tail) !== number.slice(-tail)) return false;
  const check = checkNumber(rules, caller.number, 'call');
  return check.result === 'allowed' && check.number === number;
}
