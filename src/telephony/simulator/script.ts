import type { Alarm, Scheduler } from '../../base/index.js';
import type { FarEnd, KeyPace } from './party.js';
import { matchesSound, type SoundMatch } from './sound.js';

/** One thing that a scripted caller or phone does. Times are milliseconds. */
export type Step =
  | { readonly type: 'waits'; readonly ms: number }
  /** Goes on when the call is answered. Presses before it are lost, as on a real line. */
  | { readonly type: 'awaits-answer' }
  /**
   * Goes on when the sound begins (or, with `until: 'end'`, is over), counting from the sounds after the one that
   * the last `hears` waited for: what began meanwhile counts, nothing counts twice. After `withinMs` (60,000) the
   * caller does `otherwise` (hangs up), and the script has failed.
   */
  | {
      readonly type: 'hears';
      readonly sound: SoundMatch;
      readonly until?: 'begin' | 'end';
      readonly withinMs?: number;
      readonly otherwise?: 'hangs-up' | 'goes-on';
    }
  | ({ readonly type: 'presses'; readonly keys: string } & KeyPace)
  /** Speaks so long; goes on at its end. */
  | { readonly type: 'speaks'; readonly ms: number }
  | { readonly type: 'holds' }
  | { readonly type: 'unholds' }
  | { readonly type: 'hangs-up' };

/** How far a script is. */
export interface ScriptRun {
  /** Number of steps done. */
  readonly done: number;
  /** `failed`: a sound did not come in time; `ended`: the call was over before the script was. */
  readonly state: 'running' | 'finished' | 'failed' | 'ended';
}

/** Does the steps one after another, from now on. It ends with the call. */
export function runScript(scheduler: Scheduler, end: FarEnd, steps: readonly Step[]): ScriptRun {
  const { party } = end;
  let done = 0;
  let state: ScriptRun['state'] = 'running';
  let nextHeard = 0;
  let unwatch = end.watch(() => over());

  function over(): void {
    if (party.state === 'over') finish(done === steps.length ? 'finished' : 'ended');
  }

  function finish(how: ScriptRun['state']): void {
    if (state !== 'running') return;
    state = how;
    unwatch();
  }

  function next(): void {
    done++;
    go();
  }

  function go(): void {
    if (state !== 'running') return;
    const step = steps[done];
    if (step === undefined) return finish('finished');
    switch (step.type) {
      case 'waits':
        scheduler.at(scheduler.now() + step.ms, next);
        return;
      case 'awaits-answer':
        return until(() => party.state === 'talking', null);
      case 'hears':
        return until(() => hears(step), step);
      case 'presses':
        party.press(step.keys, step);
        return next();
      case 'speaks':
        party.speak(step.ms);
        scheduler.at(scheduler.now() + step.ms, next);
        return;
      case 'holds':
        party.hold();
        return next();
      case 'unholds':
        party.unhold();
        return next();
      case 'hangs-up':
        // Counted as done first: hanging up ends the run.
        done++;
        party.hangUp();
        return go();
      default:
        return step satisfies never;
    }
  }

  function hears(step: Extract<Step, { type: 'hears' }>): boolean {
    const index = party.heard.findIndex((entry, at) => {
      if (at < nextHeard || !matchesSound(step.sound, entry.sound)) return false;
      return step.until !== 'end' || entry.to !== null;
    });
    if (index === -1) return false;
    nextHeard = index + 1;
    return true;
  }

  function until(condition: () => boolean, limit: Extract<Step, { type: 'hears' }> | null): void {
    let alarm: Alarm | null = null;
    const check = (): void => {
      over();
      if (state !== 'running' || !condition()) return;
      alarm?.cancel();
      unwatch();
      unwatch = end.watch(over);
      next();
    };
    unwatch();
    unwatch = end.watch(check);
    if (limit !== null) {
      alarm = scheduler.at(scheduler.now() + (limit.withinMs ?? 60_000), () => {
        if (state !== 'running') return;
        unwatch();
        unwatch = end.watch(over);
        if (limit.otherwise === 'goes-on') return next();
        finish('failed');
        party.hangUp();
      });
    }
    check();
  }

  go();
  return {
    get done() {
      return done;
    },
    get state() {
      return state;
    },
  };
}
