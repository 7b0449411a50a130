/** Pure. What became of a command, and what a call does about it. */
import type { TelephonyCommand } from '../telephony/port.js';
import type { Call, CallEvent } from './call.js';
import { callbackNotDialled } from './calling-back.js';
import { changedCall } from './changed-call.js';
import { bridgesOf, dropPhone, phoneAt, togetherIn } from './dialing.js';
import { arm, type Draft, own, set } from './draft.js';
import { playbackFinished, recordingFailed } from './media-events.js';
import { messageSettled } from './messaging.js';
import { bridgeFailed, bridgeLost, phoneOver, secondFailed } from './phone-events.js';
import { ringback } from './speaking.js';
import { fail, tell } from './stepping.js';
import { isRecordingWanted, recordCommandFailed } from './talk-recording.js';

/** How long the end of a leg may take that a command did not find any more. */
const goneMs = 2_000;

export function settled(
  draft: Draft,
  { command: id, outcome }: Extract<CallEvent, { type: 'command.settled' }>,
): void {
  const { call } = draft;
  const found = call.commands.find((other) => other.id === id);
  if (found === undefined) return;
  if (found.body.type === 'send-message') {
    // Whether it was sent, nobody knows any more, and it is not sent twice.
    return tell(draft, messageSettled(draft, id, { result: 'unknown', why: 'engine away' }));
  }
  set(draft, { commands: call.commands.filter((other) => other !== found) });
  if (outcome.result === 'done') return;
  const { body } = found;
  if (body.type === 'originate' && body.leg === call.leg) return callbackNotDialled(draft, outcome);
  const dial = 'leg' in body && body.leg !== null ? phoneAt(call, body.leg) : null;
  if (body.type === 'originate' && dial?.state === 'ending') {
    // The phone that was let go never rang.
    if (outcome.result === 'refused' && outcome.why !== 'duplicate') dropPhone(draft, dial.leg);
    return;
  }
  const why = outcome.result === 'refused' ? outcome.why : 'unknown';
  if (why === 'duplicate') return;
  draft.facts.push({ type: 'command.refused', body: { command: body.type, why } });
  if (body.type === 'record-bridge' || body.type === 'pause-recording')
    return recordCommandFailed(draft, body, outcome);
  if (call.phase !== 'live') {
    if (dial !== null && body.type === 'hang-up' && why === 'no-such-leg') dropPhone(draft, dial.leg);
    return;
  }
  if (why === 'no-such-leg' && 'leg' in body && body.leg === call.leg) {
    // Its end says who ended it and why, and is on its way.
    if (!call.deadlines.some(({ frame, id }) => frame === own && id === 'gone')) arm(draft, 'gone', goneMs);
    return;
  }
  switch (body.type) {
    case 'play':
      return playbackFinished(draft, body.playback, 'failed');
    case 'record':
      return recordingFailed(draft, body.recording);
    case 'originate':
      if (dial?.state !== 'ringing') return;
      dropPhone(draft, dial.leg);
      return phoneOver(
        draft,
        dial,
        why === 'unreachable' || why === 'no-such-phone' ? 'unreachable' : 'failed',
      );
    case 'bridge':
      return bridgeFailed(draft, body.bridge);
    case 'join-bridge':
      // Of a phone that is gone its end is on the way.
      if (why !== 'no-such-leg' && isMeant(call, body)) bridgeLost(draft, body.bridge);
      return;
    case 'start-music':
      // A tone says at least that somebody is there.
      if (call.music && call.speaking === null) ringback(draft);
      set(draft, { music: false });
      return;
    case 'answer':
      if (dial !== null) return secondFailed(draft, dial);
      return fail(draft, draft.call.frames[0]?.flow ?? '', `answer was refused: ${why}`);
    default:
      return;
  }
}

/** Pure. Whether a command of unknown fate still has anything to bring about. */
export function isWanted(call: Call, { id, body }: Call['commands'][number]): boolean {
  switch (body.type) {
    case 'answer':
      return call.phase === 'live' && call.ending === null;
    case 'play':
      return (
        call.speaking?.playback === body.playback ||
        call.phones.some(({ briefing, tone }) => briefing === body.playback || tone === body.playback)
      );
    case 'record':
      return call.recording?.id === body.recording && call.recording.ms === null;
    case 'record-bridge':
    case 'pause-recording':
      return isRecordingWanted(call, body);
    case 'originate':
      if (body.leg === call.leg) return call.phase === 'live' && call.ending === null;
      return phoneAt(call, body.leg)?.state === 'ringing';
    case 'bridge':
      return bridgesOf(call).includes(body.bridge);
    case 'join-bridge':
      return isMeant(call, body);
    case 'look-up':
      return call.lookup?.command === id;
    case 'start-music':
      return call.music;
    case 'stop-music':
      return !call.music;
    default:
      return true;
  }
}

function isMeant(call: Call, { bridge, leg }: Extract<TelephonyCommand, { type: 'join-bridge' }>): boolean {
  return call.talk === bridge && togetherIn(call).includes(leg);
}

/** Pure. The call without a command that was carried out. Not worth a turn: at a restart it counts as unknown. */
export function withoutCommand(call: Call, id: string): Call {
  return changedCall(call, { commands: call.commands.filter((other) => other.id !== id) });
}
