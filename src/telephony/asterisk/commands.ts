import type { LegId } from '../../base/index.js';
import type { CommandOutcome, HangUpReason, Refusal, TelephonyCommand } from '../port.js';
import type { AriAnswer, AriMethod } from './ari-http.js';
import type { AriModel } from './ari-model.js';
import type { AriUri } from './ari-uri.js';
import { trunkEndpoint } from './configuration.js';
import { type Desk, overHttp, overSocket } from './desk.js';
import { acrossLanes, inLane } from './lane.js';
import { addLeg, type Leg, markOver, newLeg, outboundChannel } from './legs.js';
import { mediaUris } from './media.js';
import { STASIS_APP } from './settings.js';

type Command<Type extends TelephonyCommand['type']> = Extract<TelephonyCommand, { type: Type }>;

const DONE: CommandOutcome = { result: 'done' };
const refused = (why: Refusal, detail: string): CommandOutcome => ({ result: 'refused', why, detail });

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
    case 'stop-recording':
      return onLeg(desk, command.leg, (leg) => stopRecording(desk, leg, command), DONE);
    case 'discard-recording':
      return discardRecording(desk, command);
    case 'originate':
      return originate(desk, command);
    case 'bridge':
      return bridge(desk, command);
    case 'unbridge':
      return unbridge(desk, command);
    case 'start-music':
      return onAnswered(desk, command.leg, (leg) => music(desk, leg, 'POST'));
    case 'stop-music':
      return onLeg(desk, command.leg, (leg) => music(desk, leg, 'DELETE'), DONE);
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

/** What ARI's answer to a command for a channel means. */
function outcome({ status, body }: AriAnswer): CommandOutcome {
  if (status >= 200 && status < 300) return DONE;
  const detail = `${status} ${reason(body)}`;
  if (status === 404) return refused('no-such-leg', detail);
  // Asterisk: the channel is not in our application, so it is on its way out.
  if (status === 409) return refused('no-such-leg', detail);
  if (status >= 400 && status < 500) return refused('invalid', detail);
  return { result: 'unknown', detail };
}

function reason(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return text.slice(0, 200);
}

const doneWhenGone = (result: CommandOutcome): CommandOutcome =>
  result.result === 'refused' && result.why === 'no-such-leg' ? DONE : result;

const channelPath = <Rest extends string>(leg: Leg, rest: Rest) =>
  `channels/${encodeURIComponent(leg.channel)}${rest}` as const;

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

async function record(desk: Desk, leg: Leg, command: Command<'record'>): Promise<CommandOutcome> {
  const { recording, maxMs, silenceMs, beep } = command;
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(recording))
    return refused('invalid', 'a recording’s id is a file’s name');
  if (leg.bridge !== undefined) return refused('invalid', 'the leg is in a bridge');
  if (!(maxMs >= 1000 && maxMs <= 3_600_000) || !(silenceMs >= 0))
    return refused('invalid', 'a length out of range');
  const query = new URLSearchParams({
    name: recording,
    format: 'wav',
    maxDurationSeconds: String(Math.ceil(maxMs / 1000)),
    maxSilenceSeconds: String(Math.ceil(silenceMs / 1000)),
    beep: String(beep),
    ifExists: 'fail',
    terminateOn: 'none',
  });
  const got = await inLane(leg.lane, 'http', () =>
    overHttp(desk, 'POST', channelPath(leg, `/record?${query.toString()}`)),
  );
  const said = reason(got.body);
  if (got.status === 409 && said.includes('exists')) return refused('duplicate', said);
  if (got.status === 409 && said.includes('bridged')) return refused('invalid', said);
  return outcome(got);
}

async function stopRecording(
  desk: Desk,
  leg: Leg,
  { recording }: Command<'stop-recording'>,
): Promise<CommandOutcome> {
  const path = `recordings/live/${encodeURIComponent(recording)}/stop` as const;
  return doneWhenGone(outcome(await inLane(leg.lane, 'http', () => overHttp(desk, 'POST', path))));
}

async function discardRecording(
  desk: Desk,
  { recording }: Command<'discard-recording'>,
): Promise<CommandOutcome> {
  return doneWhenGone(
    outcome(await overHttp(desk, 'DELETE', `recordings/stored/${encodeURIComponent(recording)}`)),
  );
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
  const variables =
    callerNumber === null ? undefined : JSON.stringify({ variables: { 'CONNECTEDLINE(num)': callerNumber } });
  const created = await overSocket(desk, 'POST', `channels/create?${query.toString()}`, variables);
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

async function bridge(desk: Desk, command: Command<'bridge'>): Promise<CommandOutcome> {
  const { bridge: id } = command;
  const legs: Leg[] = [];
  for (const legId of command.legs) {
    const leg = desk.legs.byId.get(legId);
    if (leg === undefined) return refused('no-such-leg', legId);
    if (!leg.answered) return refused('not-answered', legId);
    legs.push(leg);
  }
  if (desk.legs.over.has(id)) return refused('duplicate', id);
  if (legs.length === 0) return refused('invalid', 'a bridge of nobody');
  const known = desk.legs.bridges.get(id) ?? { id, legs: new Set<LegId>() };
  desk.legs.bridges.set(id, known);
  for (const leg of legs) {
    if (leg.bridge !== undefined && leg.bridge !== id) desk.legs.bridges.get(leg.bridge)?.legs.delete(leg.id);
    leg.bridge = id;
    known.legs.add(leg.id);
  }
  return acrossLanes(
    legs.map(({ lane }) => lane),
    async () => {
      const path = `bridges/${encodeURIComponent(id)}` as const;
      // Without `dtmf_events` Asterisk may relay the media by itself, and tells of no key.
      const made = await overSocket(desk, 'POST', `${path}?type=mixing,dtmf_events`);
      if (made.status !== 200 && made.status !== 409) return outcome(made);
      // What still plays would hold the leg back until it ends.
      await Promise.all(legs.flatMap((leg) => silence(desk, leg)));
      const added = await Promise.all(
        legs.map((leg) =>
          overHttp(desk, 'POST', `${path}/addChannel?channel=${encodeURIComponent(leg.channel)}`),
        ),
      );
      return added.map(bridged).find(({ result }) => result !== 'done') ?? DONE;
    },
  );
}

function bridged(got: AriAnswer): CommandOutcome {
  // Asterisk: the channel is being recorded.
  if (got.status === 409) return refused('invalid', reason(got.body));
  if (got.status === 404 || got.status === 422) return refused('no-such-leg', reason(got.body));
  return outcome(got);
}

function silence(desk: Desk, leg: Leg): readonly Promise<AriAnswer>[] {
  const stops = [...leg.playbacks].map((id) =>
    overSocket(desk, 'DELETE', `playbacks/${encodeURIComponent(id)}`),
  );
  if (leg.music) stops.push(overSocket(desk, 'DELETE', channelPath(leg, '/moh')));
  leg.music = false;
  return stops;
}

/** A channel that is stuck leaves late or never; the others must not wait for it. */
const LEAVE_MS = 2000;

async function unbridge(desk: Desk, { bridge: id }: Command<'unbridge'>): Promise<CommandOutcome> {
  if (desk.legs.over.has(id)) return DONE;
  const known = desk.legs.bridges.get(id);
  if (known === undefined) return refused('no-such-bridge', id);
  const legs = [...known.legs].flatMap((leg) => desk.legs.byId.get(leg) ?? []);
  desk.legs.bridges.delete(id);
  markOver(desk.legs, id);
  for (const leg of legs) if (leg.bridge === id) leg.bridge = undefined;
  const result = await acrossLanes(
    legs.map(({ lane }) => lane),
    async () => {
      const path = `bridges/${encodeURIComponent(id)}` as const;
      // Asterisk sends them out of a bridge that it deletes when it comes to it, and a prompt that is played meanwhile
      // is neither heard nor ended. Whoever is taken out has left when the answer comes.
      await Promise.all(
        legs.map((leg) =>
          overHttp(
            desk,
            'POST',
            `${path}/removeChannel?channel=${encodeURIComponent(leg.channel)}`,
            LEAVE_MS,
          ),
        ),
      );
      return outcome(await overHttp(desk, 'DELETE', path));
    },
  );
  return doneWhenGone(result);
}
