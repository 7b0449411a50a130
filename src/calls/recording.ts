/** Pure. What the caller says into a flow: recorded, kept or thrown away. */
import { asRecordingId } from '../base/index.js';
import type { FlowEffect } from '../flows/index.js';
import { command, type Draft, nextNumber, set } from './draft.js';

/** Records anew; what was recorded before and not kept is thrown away. */
export function record(
  draft: Draft,
  { maxMs, silenceMs, beep, name }: Extract<FlowEffect, { type: 'record' }>,
): void {
  discardRecording(draft);
  const { id, leg } = draft.call;
  const recording = asRecordingId(`${id}-r${nextNumber(draft)}`);
  command(draft, { type: 'record', leg, recording, maxMs, silenceMs, beep });
  set(draft, { recording: { id: recording, ms: null, name } });
}

/** What was said until now is kept or thrown away by what follows. */
export function stopRecording(draft: Draft): void {
  const { recording, leg } = draft.call;
  if (recording !== null) command(draft, { type: 'stop-recording', leg, recording: recording.id });
}

/** Keeps what is stored of a recording, under the flow's name for it unless another is given. */
export function keepRecording(draft: Draft, as: string | null = null): void {
  const { recording } = draft.call;
  if (recording === null || recording.ms === null) return;
  const name = as ?? recording.name ?? 'unfinished';
  draft.facts.push({ type: 'recording.kept', body: { name, recording: recording.id, ms: recording.ms } });
  draft.personal.push({
    key: `recording.${name}.${nextNumber(draft)}`,
    class: 'recording',
    body: recording.id,
  });
  set(draft, { recording: null, unheard: true });
}

export function discardRecording(draft: Draft): void {
  const { recording, leg } = draft.call;
  if (recording === null) return;
  if (recording.ms === null) command(draft, { type: 'stop-recording', leg, recording: recording.id });
  command(draft, { type: 'discard-recording', recording: recording.id });
  draft.facts.push({ type: 'recording.discarded', body: { recording: recording.id } });
  set(draft, { recording: null });
}
