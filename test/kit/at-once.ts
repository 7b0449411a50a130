import type { Pieces } from '../../src/base/index.js';

/** Does work that comes in pieces, in one go. */
export function atOnce<Result>(work: Pieces<Result>): Result {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}
