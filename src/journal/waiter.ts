import type { OnedoorError } from '../base/index.js';

/** A promise for all turns of one group: one for each turn would cost more than the turn. */
export interface Waiter {
  readonly promise: Promise<void>;
  settle(failure: OnedoorError | null): void;
  readonly isSettled: boolean;
}

export function createWaiter(): Waiter {
  let isSettled = false;
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return {
    promise,
    get isSettled() {
      return isSettled;
    },
    settle(failure) {
      if (isSettled) return;
      isSettled = true;
      if (failure === null) resolve();
      else reject(failure);
    },
  };
}
