/** Pure. Prompts and recordings that came to an end. */
import { letGo } from './dialing.js';
import { type Draft, set } from './draft.js';
import { isBeingSaid } from './notice.js';
import { noticeSaid, putTogether } from './phone-events.js';
import { hush, spoken, standIn } from './speaking.js';
import { feed } from './stepping.js';

export function playbackFinished(draft: Draft, playback: string, result: 'done' | 'failed'): void {
  const { speaking, phones } = draft.call;
  const briefed = phones.find(({ state, briefing }) => state === 'briefing' && briefing === playback);
  // Also where it could not be played: who waits is more than what is said of it.
  if (briefed !== undefined) return putTogether(draft, briefed);
  const toldWhy = phones.find(({ second, briefing }) => second === true && briefing === playback);
  if (toldWhy !== undefined) return letGo(draft, toldWhy, 'normal');
  if (speaking?.playback !== playback) return;
  const isNotice = isBeingSaid(draft);
  spoken(draft);
  if (isNotice) return noticeSaid(draft, result);
  if (result === 'failed') {
    draft.facts.push({ type: 'prompt.failed', body: {} });
    if (!speaking.standIn) return standIn(draft);
  }
  feed(draft, { type: 'spoken' });
}

export function recorded(draft: Draft, recording: string, ms: number): void {
  const { call } = draft;
  if (call.recording?.id !== recording || call.recording.ms !== null) return;
  set(draft, { recording: { ...call.recording, ms } });
  feed(draft, { type: 'recorded', recording, ms });
}

/** The exchange should have told the end of a prompt, and did not: the caller must not wait for ever. */
export function spokenOverdue(draft: Draft): void {
  const { speaking } = draft.call;
  if (speaking === null) return;
  draft.facts.push({ type: 'prompt.overdue', body: {} });
  const isNotice = isBeingSaid(draft);
  hush(draft);
  if (isNotice) return noticeSaid(draft, 'failed');
  feed(draft, { type: 'spoken' });
}

export function recordingFailed(draft: Draft, recording: string): void {
  if (draft.call.recording?.id !== recording) return;
  set(draft, { recording: null });
  feed(draft, { type: 'record-failed' });
}
