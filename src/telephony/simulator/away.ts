import type { Scheduler } from '../../base/index.js';
import { causeForCaller } from './causes.js';
import { createFarEnd, type FarEnd } from './party.js';

/** How long the exchange's own words to a caller last who finds no engine. */
const awayMs = 4_000;

/** A caller whom no engine takes. */
export function turnAway(scheduler: Scheduler, taker: 'nobody' | 'no-exchange'): FarEnd {
  const hungUp = (): void => end.ended('party', { q850: 16, sip: null });
  const none = (): void => undefined;
  const end = createFarEnd(scheduler, null, 'calling', null, {
    key: none,
    hungUp,
    held: none,
    transfer: none,
    pickedUp: none,
  });
  if (taker === 'no-exchange') {
    scheduler.at(scheduler.now(), () => end.ended('exchange', { q850: 38, sip: null }));
    return end;
  }
  end.answered();
  end.ear.begin({ type: 'engine-away' });
  scheduler.at(scheduler.now() + awayMs, () => end.ended('exchange', causeForCaller('normal', true)));
  return end;
}
