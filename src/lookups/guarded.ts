/** One source behind its limits: time, tries, questions at once, and a circuit breaker. */
import type { Alarm, Log, Scheduler } from '../base/index.js';
import { type Attempt, failed, type Source } from './attempt.js';
import { admit, afterAnswer, afterFailure, afterNothing, type Breaker, closedBreaker } from './breaker.js';
import type { LookupAnswer, LookupRequest } from './port.js';
import type { SourceLimits } from './source.js';

export interface GuardedSource {
  /** Never throws, settles within the request's time and the source's. */
  lookUp(request: LookupRequest): Promise<LookupAnswer>;
  state(): Breaker['state'];
  examine(): Promise<string | null>;
  close(): Promise<void>;
}

/** Told to callers' flows while the breaker is open. */
const resting = 'it failed several times in a row and is left alone for a while';

export function guardSource(
  name: string,
  source: Source,
  limits: SourceLimits,
  scheduler: Scheduler,
  log: Log,
): GuardedSource {
  let breaker = closedBreaker;
  let going = 0;
  /** Questions that wait for their turn, oldest first; each begins itself. */
  const waiting = new Set<() => void>();

  function become(next: Breaker, why: string): void {
    const before = breaker.state;
    breaker = next;
    if (before === next.state) return;
    const level = next.state === 'open' ? 'warn' : 'info';
    log[level]({ source: name, breaker: next.state, why }, 'the circuit breaker of a lookup has changed');
  }

  function mayAsk(): boolean {
    const { admitted, next } = admit(breaker, scheduler.now());
    become(next, 'its rest is over');
    return admitted;
  }

  function learn({ answer, blame }: Attempt): void {
    if (blame === 'unasked') become(afterNothing(breaker, scheduler.now()), 'nothing was asked');
    else if (blame !== 'source') become(afterAnswer(), 'it has answered');
    else become(afterFailure(breaker, limits, scheduler.now()), answer.result === 'failed' ? answer.why : '');
  }

  function next(): void {
    for (const begin of waiting) {
      if (going >= limits.atOnce) return;
      waiting.delete(begin);
      begin();
    }
  }

  /** One question to its end, with its retries; the breaker learns how it went. */
  async function ask(request: LookupRequest, signal: AbortSignal): Promise<LookupAnswer> {
    const question = { command: request.command, with: request.with, signal };
    let attempt = await source.ask(question);
    for (let left = limits.retries; left > 0 && attempt.passing && !signal.aborted; left--)
      attempt = await source.ask(question);
    learn(attempt);
    return attempt.answer;
  }

  return {
    lookUp: (request) =>
      new Promise((resolve) => {
        const abort = new AbortController();
        const timeMs = Math.min(request.timeoutMs, limits.totalMs);
        const deadline = scheduler.now() + timeMs;
        const late = failed(`it had not answered after ${timeMs} ms`);
        const settle = (answer: LookupAnswer): void => {
          alarm.cancel();
          waiting.delete(begin);
          resolve(answer);
        };
        const alarm: Alarm = scheduler.at(deadline, () => {
          settle(late);
          abort.abort();
        });
        const begin = (): void => {
          // While this one waited, its time may have run out, or the source may have been given up.
          if (scheduler.now() >= deadline) return settle(late);
          if (!mayAsk()) return settle(failed(resting));
          going += 1;
          ask(request, abort.signal)
            .catch((cause: unknown) => {
              log.error({ err: cause, source: name }, 'a lookup threw');
              become(afterFailure(breaker, limits, scheduler.now()), 'a fault of ours');
              return failed('a fault of ours');
            })
            .then((answer) => {
              going -= 1;
              settle(answer);
              next();
            })
            .catch((cause: unknown) => log.error({ err: cause, source: name }, 'a lookup was not settled'));
        };
        if (going < limits.atOnce) begin();
        else if (breaker.state === 'closed') waiting.add(begin);
        else settle(failed(resting));
      }),
    state: () => breaker.state,
    examine: () =>
      new Promise((resolve, reject) => {
        const abort = new AbortController();
        const alarm = scheduler.at(scheduler.now() + limits.totalMs, () => {
          resolve(`nothing was known of it after ${limits.totalMs} ms`);
          abort.abort();
        });
        source
          .examine(abort.signal)
          .then(resolve, reject)
          .finally(() => alarm.cancel());
      }),
    close: () => source.close(),
  };
}
