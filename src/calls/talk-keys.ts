/** Pure. Codes by which an agent who talks pauses the recording. */
import { tellPhone } from './briefing.js';
import type { Dial } from './call.js';
import type { Draft } from './draft.js';
import { pauseTalkRecording } from './talk-recording.js';

/** Whether what was pressed is such a code; then it is done. */
export function recordingKey(draft: Draft, dial: Dial, keyed: string): boolean {
  const { codes, talkTexts: texts } = draft.site.desk;
  const on = keyed === codes['record-on'];
  if (!on && keyed !== codes['record-off']) return false;
  const { offer } = dial;
  if (offer === undefined) return true;
  pauseTalkRecording(draft, offer.agent, on, 'agent');
  const { talkRecording } = draft.call;
  const isSo = talkRecording !== null && talkRecording.on === on;
  tellPhone(draft, dial, isSo ? (on ? texts.on : texts.off) : texts.cannot);
  return true;
}
