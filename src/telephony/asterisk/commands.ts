import type { LegId } from '../../base/index.js';
import type { CommandOutcome, HangUpReason, TelephonyCommand } from '../port.js';
import type { AriAnswer, AriMethod } from './ari-http.js';
import type { AriModel } from './ari-model.js';
import type { AriUri } from './ari-uri.js';
import { bridge, joinBridge, leaveBridge, unbridge } from './bridging.js';
import { trunkEndpoint } from './configuration.js';
import { type Desk, overHttp, overSocket } from './desk.js';
import { inLane } from './lane.js';
import { addLeg, type Leg, newLeg, outboundChannel } from './legs.js';
import { mediaUris } from './media.js';
import { channelPath, type Command, DONE, doneWhenGone, outcome, reason, refused } from './outcome.js';
import {
  discardRecording,
  pauseRecording,
  record,
  recordBridge,
  stopBridgeRecording,
  stopRecording,
} from './recordings.js';
import { STASIS_APP, TRANSFER_HANDLING } from './settings.js';
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

/** ITU-T E.164: at most 15 digits. */
const E164 = /^\+[1-9][0-9]{1,14}$/;
const SHOWN = /^\+?[0-9]{1,20}$/;

async function originate(desk: Desk, command: Command<'originate'>): Promise<CommandOutcome> {
  const { leg: id, to, callerNumber, ringMs } = command;
  const { phones, trunks } = desk.settings;
  if (to.type === 'phone' && !phones.some(({ name }) => name === to.phone))
    return refused('no-such-phone', to.phone);
  if (to.type === 'number' && !trunks.some(({ name }) => name === to.trunk))
    return refused('invalid', 'no such trunk');
  if (to.type === 'number' && !E164.test(to.number)) return refused('invalid', 'not a number in E.164');
  if (callerNumber !== null && !SHOWN.test(callerNumber))
    return refused('invalid', 'a caller number of digits only');
  if (!(ringMs >= 1000 && ringMs <= 600_000)) return refused('invalid', 'ringMs out of range');
  if (desk.legs.byId.has(id) || desk.legs.over.has(id)) return refused('duplicate', id);

  const endpoint = to.type === 'phone' ? to.phone : trunkEndpoint(to.trunk);
  const leg = newLeg({
    channel: outboundChannel(id),
    direction: 'outbound',
    called: to.type === 'phone' ? to.phone : to.number,
    caller: { number: callerNumber, name: null, withheld: false },
    trunk: to.type === 'phone' ? '' : to.trunk,
    phone: null,
    answered: false,
    ringing: false,
    told: false,
  });
  // Known before anything leaves: its events may come before the answers.
  addLeg(desk.legs, leg);
  const result = await inLane(leg.lane, 'http', () => createAndDial(desk, leg, endpoint, command));
  if (result.result === 'refused') {
    // It never existed for the engine; whatever Asterisk has made of it goes.
    leg.told = false;
    desk.legs.byId.delete(leg.id);
    desk.legs.byChannel.delete(leg.channel);
    if (result.why !== 'duplicate') void overSocket(desk, 'DELETE', channelPath(leg, ''));
  }
  return result;
}

async function createAndDial(
  desk: Desk,
  leg: Leg,
  endpoint: string,
  { to, callerNumber, ringMs }: Command<'originate'>,
): Promise<CommandOutcome> {
  const state = await overSocket(desk, 'GET', `endpoints/PJSIP/${endpoint}`);
  if (state.status === 404) return refused('no-such-phone', endpoint);
  if (state.status !== 200) return outcome(state);
  // Asterisk would say "500 Allocation failed".
  const { state: reachable } = JSON.parse(String(state.body)) as AriModel['Endpoint'];
  if (reachable === 'offline') return refused('unreachable', endpoint);

  const entered = new Promise<boolean>((resolve) => {
    const limit = desk.enterDeadlines.set(() => resolve(false));
    desk.entering.set(leg.channel, () => {
      limit.met = true;
      resolve(true);
    });
  });
  const query = new URLSearchParams({
    endpoint: to.type === 'phone' ? `PJSIP/${endpoint}` : `PJSIP/${to.number}@${endpoint}`,
    app: STASIS_APP,
    appArgs: `${leg.trunk},${leg.called},${callerNumber ?? ''}`,
    channelId: leg.channel,
  });
  const variables: Record<string, string> = {};
  if (callerNumber !== null) variables['CONNECTEDLINE(num)'] = callerNumber;
  if (to.type === 'phone') variables[TRANSFER_HANDLING] = 'ari-only';
  const created = await overSocket(
    desk,
    'POST',
    `channels/create?${query.toString()}`,
    JSON.stringify({ variables }),
  );
  if (created.status === 409) return refused('duplicate', leg.id);
  if (created.status === 500) return refused('unreachable', reason(created.body));
  if (created.status !== 200) return outcome(created);
  // Before the channel is in our application it cannot be dialled: 409 in one of five.
  const inTime = await entered;
  desk.entering.delete(leg.channel);
  if (!inTime) return { result: 'unknown', detail: 'the new leg did not come up' };
  leg.told = true;
  const dialled = await overSocket(
    desk,
    'POST',
    channelPath(leg, `/dial?timeout=${Math.ceil(ringMs / 1000)}`),
  );
  return outcome(dialled);
}
