/** What an exchange says after a time in which nobody listened, turned into the events that were missed. */
import type { BridgeId, LegId, UtcMs } from '../base/index.js';
import { besideIn, type Call, type CallEvent, recordingsOf, togetherIn } from '../calls/index.js';
import type { Exchange, Inventory, InventoryLeg, TelephonyEvent } from '../telephony/port.js';

export interface ExchangeSurvey {
  readonly legs: ReadonlyMap<string, InventoryLeg>;
  readonly bridges: readonly Inventory['bridges'][number]['bridge'][];
  readonly bridgeLegs: ReadonlyMap<string, readonly string[]>;
  /** Playbacks that are over. */
  readonly gonePlaybacks: ReadonlySet<string>;
  readonly recordings: ReadonlyMap<
    string,
    { readonly state: 'live' | 'stored' | 'gone'; readonly durationMs: number }
  >;
  /** Inbound legs, as if they arrived now; some may belong to calls that we know. */
  readonly arrivals: readonly Extract<TelephonyEvent, { type: 'leg.arrived' }>[];
  readonly outbound: readonly LegId[];
  /** Whether each of the site's phones can be rung. */
  readonly phones: Inventory['phones'];
}

/** Asks an exchange for all that matters to these calls. Throws when the link goes down meanwhile. */
export async function surveyExchange(exchange: Exchange, calls: readonly Call[]): Promise<ExchangeSurvey> {
  const inventory = await exchange.inventory();
  const gonePlaybacks = new Set<string>();
  const recordings = new Map<string, { state: 'live' | 'stored' | 'gone'; durationMs: number }>();
  await Promise.all(
    calls.flatMap((call) => {
      const { speaking, recording, phones } = call;
      const asked: Promise<void>[] = [];
      for (const playback of [speaking?.playback, ...phones.map(({ briefing }) => briefing)]) {
        if (playback === undefined) continue;
        asked.push(
          exchange.playbackState(playback).then((state) => {
            if (state === 'gone') gonePlaybacks.add(playback);
          }),
        );
      }
      const ownRecording = recording !== null && recording.ms === null ? [recording.id] : [];
      for (const id of [...ownRecording, ...recordingsOf(call)])
        asked.push(exchange.recordingState(id).then((state) => void recordings.set(id, { ...state })));
      return asked;
    }),
  );
  return {
    legs: new Map(inventory.legs.map((leg) => [leg.leg, leg])),
    bridges: inventory.bridges.map(({ bridge }) => bridge),
    bridgeLegs: new Map(inventory.bridges.map(({ bridge, legs }) => [bridge, legs])),
    gonePlaybacks,
    recordings,
    arrivals: inventory.legs
      .filter(({ direction }) => direction === 'inbound')
      .map(({ leg, called, caller, trunk, phone }) => ({
        type: 'leg.arrived',
        leg,
        called,
        caller,
        trunk,
        phone,
      })),
    outbound: inventory.legs.filter(({ direction }) => direction === 'outbound').map(({ leg }) => leg),
    phones: inventory.phones,
  };
}

/** A commit takes half a second at most before the journal has another way: what was committed then has left. */
const leftMs = 1_000;

/**
 * Pure. A call of an engine that is no more: a prompt that was commanded well before that engine's last turn had
 * left, so if the exchange does not play it any more it was heard. Of a later one nobody knows.
 */
export function withoutHeardPrompt(call: Call, lastTurnAt: UtcMs): Call {
  const { speaking, commands } = call;
  if (speaking === null || speaking.ms === null || !(lastTurnAt - speaking.since >= leftMs)) return call;
  const isIt = ({ body }: Call['commands'][number]): boolean =>
    body.type === 'play' && body.playback === speaking.playback;
  return { ...call, commands: commands.filter((command) => !isIt(command)) };
}

/** Pure. The events that a call missed. What a command of unknown fate may still bring about is left to its recovery. */
export function surveyCall(call: Call, survey: ExchangeSurvey): readonly CallEvent[] {
  const events: CallEvent[] = [];
  const pending = (type: string, leg?: string): boolean =>
    call.commands.some(
      ({ body }) => body.type === type && (leg === undefined || ('leg' in body && body.leg === leg)),
    );
  const goneCause = { q850: null, sip: null };
  const { speaking, recording } = call;
  if (recording !== null && recording.ms === null) {
    const found = survey.recordings.get(recording.id);
    if (found?.state === 'stored') {
      const { durationMs } = found;
      events.push({ type: 'recording.finished', leg: call.leg, recording: recording.id, durationMs });
    } else if (found?.state === 'gone' && !pending('record')) {
      events.push({ type: 'recording.failed', leg: call.leg, recording: recording.id, detail: 'gone' });
    }
  }
  events.push(...recordedMeanwhile(call, survey));
  if (call.phase === 'live') {
    const leg = survey.legs.get(call.leg);
    // Of one whose dialling is of unknown fate the command's recovery tells.
    const isUndecided = call.calledBack?.state === 'dialling' && pending('originate');
    if (leg === undefined && !isUndecided)
      events.push({ type: 'leg.ended', leg: call.leg, cause: goneCause });
    else if (leg?.direction === 'outbound')
      events.push({ type: leg.state === 'answered' ? 'leg.answered' : 'leg.ringing', leg: call.leg });
  }
  for (const { leg, state } of call.phones) {
    const found = survey.legs.get(leg);
    if (found === undefined) {
      if (state === 'ending' || !pending('originate', leg))
        events.push({ type: 'leg.ended', leg, cause: goneCause });
    } else if (state === 'ringing' && found.state === 'answered') events.push({ type: 'leg.answered', leg });
    else if (state === 'ending' && !pending('hang-up', leg)) {
      // It came about after we let it go.
      events.push({ type: found.state === 'answered' ? 'leg.answered' : 'leg.ringing', leg });
    }
  }
  if (call.talk !== null && !pending('bridge') && !pending('join-bridge')) {
    if (isLost(call.talk, togetherIn(call), survey)) events.push({ type: 'bridge.lost', bridge: call.talk });
    const beside = call.transfer?.second?.bridge ?? null;
    if (beside !== null && isLost(beside, besideIn(call), survey))
      events.push({ type: 'bridge.lost', bridge: beside });
  }
  for (const { leg, briefing } of call.phones)
    if (briefing !== undefined && survey.gonePlaybacks.has(briefing) && !pending('play', leg))
      events.push({ type: 'playback.finished', leg, playback: briefing, result: 'done' });
  if (speaking !== null && survey.gonePlaybacks.has(speaking.playback) && !pending('play', call.leg)) {
    events.push({ type: 'playback.finished', leg: call.leg, playback: speaking.playback, result: 'done' });
  }
  return events;
}

/** Whether two or more who live should be in the bridge, and one of them is not. */
function isLost(bridge: BridgeId, legs: readonly LegId[], survey: ExchangeSurvey): boolean {
  const together = survey.bridgeLegs.get(bridge) ?? [];
  const meant = legs.filter((leg) => survey.legs.has(leg));
  return meant.length > 1 && meant.some((leg) => !together.includes(leg));
}

/** Recordings of talks that came to an end while nobody listened. One that still runs goes on, or ends with its bridge. */
function recordedMeanwhile(call: Call, { recordings }: ExchangeSurvey): readonly CallEvent[] {
  return recordingsOf(call).flatMap((recording): CallEvent[] => {
    const found = recordings.get(recording);
    if (found?.state === 'stored')
      return [{ type: 'talk.recorded', recording, durationMs: found.durationMs }];
    const isPending = call.commands.some(
      ({ body }) => body.type === 'record-bridge' && body.recording === recording,
    );
    return found?.state === 'gone' && !isPending
      ? [{ type: 'talk.record-failed', recording, why: 'gone' }]
      : [];
  });
}
