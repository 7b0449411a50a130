/** The router's own turns: what agents, phones and its deadlines do. */
import type { AcdEvent, Router } from '../acd/index.js';
import type { Alarm, Scheduler, UtcMs } from '../base/index.js';
import { RouterDraft } from './router-draft.js';
import type { QueueAnswer } from './turn.js';

export interface RouterDriverParts {
  readonly router: Router;
  readonly scheduler: Scheduler;
  readonly hash: (text: string) => string;
  readonly isHalted: () => boolean;
  /** Runs a turn that the queues began; null: it could not be run, and nothing has changed. */
  readonly turn: (answer: QueueAnswer, at: UtcMs, draft: RouterDraft) => Promise<void> | null;
}

export interface RouterDriver {
  draft(at: UtcMs): RouterDraft;
  /** Something happens to agents, phones or the router's own time. `written` resolves when it is on disk. */
  route(event: AcdEvent): { readonly refusal: string | null; readonly written: Promise<void> };
  /** @param due when the router has something to do next; null: never. */
  arm(due: UtcMs | null): void;
  close(): void;
}

export function createRouterDriver(parts: RouterDriverParts): RouterDriver {
  const { router, scheduler, hash, isHalted, turn } = parts;
  let armedFor: UtcMs | null = null;
  let alarm: Alarm | null = null;

  function draft(at: number): RouterDraft {
    return new RouterDraft(router, at, hash);
  }

  function route(event: AcdEvent): { readonly refusal: string | null; readonly written: Promise<void> } {
    const at = scheduler.now();
    const drafted = draft(at);
    const answer = drafted.decide(event);
    if (!drafted.moved) {
      // What changes nothing is no turn.
      if (drafted.due !== undefined) arm(drafted.due);
      return { refusal: answer.refusal, written: Promise.resolve() };
    }
    const written = turn(answer, at, drafted);
    if (written === null) return { refusal: 'a fault', written: Promise.resolve() };
    return { refusal: answer.refusal, written };
  }

  function arm(due: UtcMs | null): void {
    if (due === armedFor) return;
    alarm?.cancel();
    armedFor = due;
    alarm = due === null ? null : scheduler.at(due, isDue);
  }

  function isDue(): void {
    armedFor = null;
    alarm = null;
    if (!isHalted()) route({ type: 'deadline.due' });
  }

  return { draft, route, arm, close: () => alarm?.cancel() };
}
