import type { LegId } from '../../base/index.js';
import type { CommandOutcome, HangUpReason, TelephonyCommand } from '../port.js';
import type { AriAnswer, AriMethod } from './ari-http.js';
import type { AriUri } from './ari-uri.js';
import { bridge, joinBridge, leaveBridge, unbridge } from './bridging.js';
import { type Desk, overHttp, overSocket } from './desk.js';
import { inLane } from './lane.js';
import type { Leg } from './legs.js';
import { mediaUris } from './media.js';
import { originate } from './originating.js';
import { channelPath, type Command, DONE, doneWhenGone, outcome, refused } from './outcome.js';
import {
  discardRecording,
  pauseRecording,
  record,
  recordBridge,
  stopBridgeRecording,
  stopRecording,
} from './recordings.js';
import { answerTransfer } from './transfers.js';

/** Carries a command out: what can be refused is refused here, the rest is asked of Asterisk. Never rejects. */
export function carryOut(desk: Desk, command: TelephonyCommand): Promise<CommandOutcome> | CommandOutcome {
  switch (command.type) {
    case 'answer':
      return onLeg(desk, command.leg, (leg) => answer(desk, leg));
    case 'play':
      return onAnswered(desk, command.leg, (leg) => play(desk, leg, command));
    case 'stop-playback':
      return onLeg(desk, command.leg, (leg) => stopPlayback(desk, leg, command), DONE);
    case 'record':
      return onAnswered(desk, command.leg, (leg) => record(desk, leg, command));
    case 'record-bridge':
      return recordBridge(desk, command);
    case 'pause-recording':
      return pauseRecording(desk, command);
    case 'stop-recording':
      if (command.leg === null) return stopBridgeRecording(desk, command.recording);
      return onLeg(desk, command.leg, (leg) => stopRecording(desk, leg, command.recording), DONE);
    case 'discard-recording':
      return discardRecording(desk, command);
    case 'originate':
      return originate(desk, command);
    case 'bridge':
      return bridge(desk, command);
    case 'join-bridge':
      return joinBridge(desk, command);
    case 'leave-bridge':
      return leaveBridge(desk, command);
    case 'unbridge':
      return unbridge(desk, command);
    case 'start-music':
      return onAnswered(desk, command.leg, (leg) => music(desk, leg, 'POST'));
    case 'stop-music':
      return onLeg(desk, command.leg, (leg) => music(desk, leg, 'DELETE'), DONE);
    case 'answer-transfer':
      return onLeg(desk, command.leg, (leg) => answerTransfer(desk, leg, command.result), DONE);
    case 'hang-up':
      return onLeg(desk, command.leg, (leg) => hangUp(desk, leg, command.reason), DONE);
    default:
      return command satisfies never;
  }
}

type Outcome = Promise<CommandOutcome> | CommandOutcome;

function onLeg(
  desk: Desk,
  id: LegId,
  then: (leg: Leg) => Outcome,
  gone = refused('no-such-leg', id),
): Outcome {
  const leg = desk.legs.byId.get(id);
  return leg === undefined ? gone : then(leg);
}

function onAnswered(desk: Desk, id: LegId, then: (leg: Leg) => Outcome): Outcome {
  return onLeg(desk, id, (leg) => (leg.answered ? then(leg) : refused('not-answered', id)));
}

/**
 * A request for one leg, in its turn. A command without an answer may mean a channel that is stuck, and over the
 * socket it would hold up everybody else's: what follows for that leg goes another way.
 */
async function forLeg<Method extends AriMethod>(
  desk: Desk,
  leg: Leg,
  method: Method,
  uri: AriUri<Method>,
): Promise<AriAnswer> {
  if (leg.suspect) return inLane(leg.lane, 'http', () => overHttp(desk, method, uri));
  const got = await inLane(leg.lane, 'socket', () => overSocket(desk, method, uri));
  if (got.status === 0) leg.suspect = true;
  return got;
}

async function answer(desk: Desk, leg: Leg): Promise<CommandOutcome> {
  if (leg.answered) return DONE;
  if (leg.direction === 'outbound')
    return refused('invalid', 'an outbound leg is answered by the other side');
  // Before it is sent: what is commanded next comes after it.
  leg.answered = true;
  const result = outcome(await forLeg(desk, leg, 'POST', channelPath(leg, '/answer')));
  leg.answered = result.result === 'done';
  return result;
}

async function play(desk: Desk, leg: Leg, { playback, media }: Command<'play'>): Promise<CommandOutcome> {
  const uris = mediaUris(media, { media: desk.settings.mediaFolder, sounds: desk.soundsFolder });
  if (uris === undefined || uris.length === 0) return refused('invalid', 'no media that can be played');
  if (leg.playbacks.has(playback)) return refused('duplicate', playback);
  leg.playbacks.add(playback);
  leg.music = false;
  const path = channelPath(
    leg,
    `/play/${encodeURIComponent(playback)}?media=${encodeURIComponent(uris.join(','))}`,
  );
  const result = outcome(await forLeg(desk, leg, 'POST', path));
  if (result.result === 'refused') leg.playbacks.delete(playback);
  return result;
}

async function stopPlayback(
  desk: Desk,
  leg: Leg,
  { playback }: Command<'stop-playback'>,
): Promise<CommandOutcome> {
  const path = `playbacks/${encodeURIComponent(playback)}` as const;
  return doneWhenGone(outcome(await forLeg(desk, leg, 'DELETE', path)));
}

async function music(desk: Desk, leg: Leg, method: 'POST' | 'DELETE'): Promise<CommandOutcome> {
  leg.music = method === 'POST';
  const result = outcome(await forLeg(desk, leg, method, channelPath(leg, '/moh')));
  return method === 'DELETE' ? doneWhenGone(result) : result;
}

/** Q.850 causes of our reasons. */
const CAUSES: Readonly<Record<HangUpReason, number>> = {
  normal: 16,
  busy: 17,
  congestion: 34,
  'no-answer': 19,
  rejected: 21,
  unallocated: 1,
};

function hangUp(desk: Desk, leg: Leg, why: HangUpReason): Promise<CommandOutcome> {
  let sent: Promise<AriAnswer> | undefined;
  const send = (): Promise<AriAnswer> => {
    if (leg.cause.q850 === null) leg.cause = { q850: CAUSES[why], sip: null };
    sent ??= overSocket(desk, 'DELETE', channelPath(leg, `?reason_code=${CAUSES[why]}`));
    return sent;
  };
  return new Promise((resolve) => {
    const settle = (got: AriAnswer): void => resolve(doneWhenGone(outcome(got)));
    // A leg whose commands are stuck must still come to its end.
    const limit = desk.patience.set(() => void send().then(settle));
    void inLane(leg.lane, 'socket', () => {
      limit.met = true;
      return send();
    }).then(settle);
  });
}
