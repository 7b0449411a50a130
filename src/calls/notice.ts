/** Pure. A caller whose talk is to be recorded is told so before it begins. */
import type { Draft } from './draft.js';
import { set } from './draft.js';
import { music } from './queueing.js';
import { speakNotice } from './speaking.js';

/**
 * Says it, where the queue has words for it that the caller has not heard.
 *
 * @param holdsBack the flow goes on only after it.
 * @returns false: there is nothing (more) to say.
 */
export function sayNotice(draft: Draft, holdsBack: boolean): boolean {
  const { ticket, notice, caller } = draft.call;
  if (isBeingSaid(draft)) return true;
  const text = draft.site.queues.get(ticket?.queue ?? '')?.record?.notice ?? null;
  if (text === null || notice === 'told' || notice === 'untold') return false;
  music(draft, false);
  const playback = speakNotice(draft, { text, language: caller.language, slots: {} });
  if (playback === null) untold(draft);
  else set(draft, { notice: { playback, holdsBack } });
  return playback !== null;
}

export function isBeingSaid({ call: { notice, speaking } }: Draft): boolean {
  return typeof notice === 'object' && notice !== null && speaking?.playback === notice.playback;
}

/** @param result `failed`: the exchange could not play it, or never told its end. */
export function noticeOver(draft: Draft, result: 'done' | 'failed'): void {
  if (result === 'done') set(draft, { notice: 'told' });
  else untold(draft);
}

function untold(draft: Draft): void {
  set(draft, { notice: 'untold' });
  draft.facts.push({ type: 'recording.failed', body: { recording: null, why: 'caller-not-told' } });
}
