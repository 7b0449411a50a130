import type { CommandOutcome, Refusal, TelephonyCommand } from '../port.js';
import type { AriAnswer } from './ari-http.js';
import type { Leg } from './legs.js';

export type Command<Type extends TelephonyCommand['type']> = Extract<TelephonyCommand, { type: Type }>;

export const DONE: CommandOutcome = { result: 'done' };
export const refused = (why: Refusal, detail: string): CommandOutcome => ({ result: 'refused', why, detail });

/** What ARI's answer to a command for a channel means. */
export function outcome({ status, body }: AriAnswer): CommandOutcome {
  if (status >= 200 && status < 300) return DONE;
  const detail = `${status} ${reason(body)}`;
  if (status === 404) return refused('no-such-leg', detail);
  // Asterisk: the channel is not in our application, so it is on its way out.
  if (status === 409) return refused('no-such-leg', detail);
  if (status >= 400 && status < 500) return refused('invalid', detail);
  return { result: 'unknown', detail };
}

export function reason(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return text.slice(0, 200);
}

export const doneWhenGone = (result: CommandOutcome): CommandOutcome =>
  result.result === 'refused' && result.why === 'no-such-leg' ? DONE : result;

export const channelPath = <Rest extends string>(leg: Leg, rest: Rest) =>
  `channels/${encodeURIComponent(leg.channel)}${rest}` as const;
