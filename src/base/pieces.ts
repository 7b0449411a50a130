import { setImmediate } from 'node:timers/promises';

/** Work in pieces: between them, whoever does it can do something else. */
export type Pieces<Result> = Generator<undefined, Result, undefined>;

/** Does the work. Between two pieces everything else that waits for this thread has its turn: calls, above all. */
export async function pieceByPiece<Result>(work: Pieces<Result>): Promise<Result> {
  let step = work.next();
  while (step.done !== true) {
    await setImmediate();
    step = work.next();
  }
  return step.value;
}
