import type { Scheduler } from '../../base/index.js';
import type { FarEnd, Party } from './party.js';
import { runScript, type Step } from './script.js';

/** What the user of a phone does when it rings. Times are milliseconds from the first ring. */
export type PhoneBehaviour =
  /** Picks up, then follows the script. */
  | { readonly type: 'answers'; readonly afterMs: number; readonly script?: readonly Step[] }
  | { readonly type: 'rejects'; readonly afterMs: number }
  /** Rings until we give up, or until {@link Party.pickUp} or {@link Party.reject}. */
  | { readonly type: 'rings-out' }
  /** Refuses at once, without ringing. */
  | { readonly type: 'is-busy' }
  | { readonly type: 'is-congested' };

/** A phone of the site, or a number outside. */
export interface Phone {
  readonly name: string;
  /** Whether it can be reached now; a phone that is not registered is refused as `unreachable`. */
  readonly registered: boolean;
  /** All calls to it, oldest first. */
  readonly calls: readonly Party[];
  /** What it does with calls from now on; a function is asked for each. It rings out at first. */
  will(behaviour: PhoneBehaviour | (() => PhoneBehaviour)): void;
  register(): void;
  unregister(): void;
}

/** The phone, and what the exchange does with it. */
export interface PhoneLine {
  readonly phone: Phone;
  behaviour(): PhoneBehaviour;
  rung(party: Party): void;
}

/** @param changed called when it registers or unregisters. */
export function createPhone(
  name: string,
  registered: boolean,
  changed: (reachable: boolean) => void,
): PhoneLine {
  const calls: Party[] = [];
  let reachable = registered;
  let next: PhoneBehaviour | (() => PhoneBehaviour) = { type: 'rings-out' };
  const reach = (now: boolean): void => {
    if (reachable === now) return;
    reachable = now;
    changed(now);
  };
  return {
    phone: {
      name,
      calls,
      get registered() {
        return reachable;
      },
      will(behaviour) {
        next = behaviour;
      },
      register: () => reach(true),
      unregister: () => reach(false),
    },
    behaviour: () => (typeof next === 'function' ? next() : next),
    rung: (party) => void calls.push(party),
  };
}

/** The phone rings: its user does as it is the user's way. Busy and congested phones never ring. */
export function ring(scheduler: Scheduler, end: FarEnd, behaviour: PhoneBehaviour): void {
  const { party } = end;
  switch (behaviour.type) {
    case 'answers': {
      const { script } = behaviour;
      scheduler.at(scheduler.now() + behaviour.afterMs, () => {
        party.pickUp();
        if (script !== undefined && party.state === 'talking') runScript(scheduler, end, script);
      });
      return;
    }
    case 'rejects':
      scheduler.at(scheduler.now() + behaviour.afterMs, () => party.reject());
      return;
    case 'rings-out':
    case 'is-busy':
    case 'is-congested':
      return;
    default:
      behaviour satisfies never;
  }
}
