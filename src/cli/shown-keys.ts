import type { CallerStep } from '../outside/index.js';

/** More digits at once are no choice of a menu, but may be a PIN, a reference or a number. */
const mostShown = 2;

/** Pure. What a caller pressed as it may stand in a terminal, a log or a ticket: `2`, `12#`, but `••••••#`. */
export function shownKeys(keys: string): string {
  const digits = /[0-9A-D]/g;
  return (keys.match(digits)?.length ?? 0) > mostShown ? keys.replace(digits, '•') : keys;
}

/** Pure. A step with its keys as {@link shownKeys} has them. */
export function shownStep(step: CallerStep | null): CallerStep | null {
  return step?.type === 'press' ? { ...step, keys: shownKeys(step.keys) } : step;
}
