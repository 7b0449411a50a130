import type { RecordingId } from '../../base/index.js';
import type { CommandOutcome } from '../port.js';
import type { AriAnswer } from './ari-http.js';
import { type Desk, overHttp } from './desk.js';
import { acrossLanes, inLane, type Lane } from './lane.js';
import type { Leg } from './legs.js';
import { channelPath, type Command, doneWhenGone, outcome, reason, refused } from './outcome.js';
import { STASIS_APP } from './settings.js';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const NO_NAME = 'a recording’s id is a file’s name';
const isLength = (maxMs: number): boolean => maxMs >= 1000 && maxMs <= 3_600_000;

export async function record(desk: Desk, leg: Leg, command: Command<'record'>): Promise<CommandOutcome> {
  const { recording, maxMs, silenceMs, beep } = command;
  if (!NAME.test(recording)) return refused('invalid', NO_NAME);
  if (leg.bridge !== undefined) return refused('invalid', 'the leg is in a bridge');
  if (!isLength(maxMs) || !(silenceMs >= 0)) return refused('invalid', 'a length out of range');
  const query = new URLSearchParams({
    name: recording,
    format: 'wav',
    maxDurationSeconds: String(Math.ceil(maxMs / 1000)),
    maxSilenceSeconds: String(Math.ceil(silenceMs / 1000)),
    beep: String(beep),
    ifExists: 'fail',
    terminateOn: 'none',
  });
  leg.recordings.add(recording);
  const got = await inLane(leg.lane, 'http', async () => {
    const freed = await leaveDialling(desk, leg);
    return freed ?? overHttp(desk, 'POST', channelPath(leg, `/record?${query.toString()}`));
  });
  if (got.status >= 400) leg.recordings.delete(recording);
  const said = reason(got.body);
  if (got.status === 409 && said.includes('exists')) return refused('duplicate', said);
  if (got.status === 409 && said.includes('bridged')) return refused('invalid', said);
  return outcome(got);
}

/**
 * Asterisk dials from a bridge of its own, and leaves the channel in it when it is answered, until it is put into another
 * one; in a bridge a channel cannot be recorded. So it is put into one, and out again.
 *
 * @returns what went wrong; null: it is free.
 */
async function leaveDialling(desk: Desk, leg: Leg): Promise<AriAnswer | null> {
  if (!leg.dialling) return null;
  const path = `bridges/${encodeURIComponent(`${leg.channel}-out`)}` as const;
  const member = `?channel=${encodeURIComponent(leg.channel)}` as const;
  // Made by an engine that died in between: 409.
  await overHttp(desk, 'POST', `${path}?type=holding`);
  const added = await overHttp(desk, 'POST', `${path}/addChannel${member}`);
  leg.dialling = added.status !== 204;
  if (!leg.dialling) await overHttp(desk, 'POST', `${path}/removeChannel${member}`);
  await overHttp(desk, 'DELETE', path);
  return leg.dialling ? added : null;
}

export async function stopRecording(desk: Desk, leg: Leg, recording: RecordingId): Promise<CommandOutcome> {
  return doneWhenGone(
    outcome(await inLane(leg.lane, 'http', () => overHttp(desk, 'POST', stopPath(recording)))),
  );
}

export async function discardRecording(
  desk: Desk,
  { recording }: Command<'discard-recording'>,
): Promise<CommandOutcome> {
  return doneWhenGone(
    outcome(await overHttp(desk, 'DELETE', `recordings/stored/${encodeURIComponent(recording)}`)),
  );
}

/** Asterisk puts a listener of its own into the bridge, who leaves when the bridge ends. */
export async function recordBridge(desk: Desk, command: Command<'record-bridge'>): Promise<CommandOutcome> {
  const { bridge, recording, maxMs } = command;
  if (!NAME.test(recording)) return refused('invalid', NO_NAME);
  if (!isLength(maxMs)) return refused('invalid', 'a length out of range');
  if (!desk.legs.bridges.has(bridge)) return refused('no-such-bridge', bridge);
  desk.bridgeRecordings.set(recording, bridge);
  const query = new URLSearchParams({
    name: recording,
    format: 'wav',
    maxDurationSeconds: String(Math.ceil(maxMs / 1000)),
    ifExists: 'fail',
    terminateOn: 'none',
  });
  const name = encodeURIComponent(bridge);
  const got = await acrossLanes(lanesOf(desk, recording), async () => {
    // A bridge is heard of while a leg of ours is in it, and the recording ends after the last has left.
    const source = `applications/${STASIS_APP}/subscription?eventSource=bridge:${name}` as const;
    const subscribed = await overHttp(desk, 'POST', source);
    if (subscribed.status !== 200) return subscribed;
    return overHttp(desk, 'POST', `bridges/${name}/record?${query.toString()}`);
  });
  if (got.status === 200 || got.status === 201) return outcome(got);
  if (got.status !== 0) desk.bridgeRecordings.delete(recording);
  const said = reason(got.body);
  if (got.status === 409 && said.includes('exists')) return refused('duplicate', said);
  // 422: there is nothing of this name to subscribe to.
  if (got.status === 404 || got.status === 409 || got.status === 422) return refused('no-such-bridge', said);
  return outcome(got);
}

export async function pauseRecording(
  desk: Desk,
  { recording, on }: Command<'pause-recording'>,
): Promise<CommandOutcome> {
  const path = `recordings/live/${encodeURIComponent(recording)}/pause` as const;
  const got = await acrossLanes(lanesOf(desk, recording), () => overHttp(desk, on ? 'POST' : 'DELETE', path));
  // 409: it is over, and its end is being told.
  if (got.status === 404 || got.status === 409) return refused('no-such-recording', recording);
  return outcome(got);
}

export async function stopBridgeRecording(desk: Desk, recording: RecordingId): Promise<CommandOutcome> {
  const got = await acrossLanes(lanesOf(desk, recording), () => overHttp(desk, 'POST', stopPath(recording)));
  return doneWhenGone(outcome(got));
}

const stopPath = (recording: RecordingId) => `recordings/live/${encodeURIComponent(recording)}/stop` as const;

/** What was commanded for the bridge before has taken effect when its legs have nothing under way. */
function lanesOf(desk: Desk, recording: RecordingId): readonly Lane[] {
  const bridge = desk.bridgeRecordings.get(recording);
  const known = bridge === undefined ? undefined : desk.legs.bridges.get(bridge);
  return [...(known?.legs ?? [])].flatMap((leg) => desk.legs.byId.get(leg)?.lane ?? []);
}
