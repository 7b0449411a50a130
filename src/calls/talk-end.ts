/** Pure. The end of the talk that a step of the flow waits for, however often it moved on. */
import type { QueueResult } from '../flows/index.js';
import { type Draft, set } from './draft.js';
import { music } from './queueing.js';
import { hush } from './speaking.js';
import { feed } from './stepping.js';

/** Nobody talks with the caller any more: the flow goes on. */
export function talkOver(draft: Draft, result: QueueResult): void {
  const { talkStep } = draft.call;
  hush(draft);
  music(draft, false);
  set(draft, { talkStep: null });
  if (talkStep === 'queue') return feed(draft, { type: 'queue-ended', result });
  feed(draft, { type: 'dial-ended', result: result === 'talked' ? 'talked' : 'failed' });
}
