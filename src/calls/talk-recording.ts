/**
 * Pure. The sound of talks, where the queue says so: a recording follows the bridge in which caller and agent talk, is
 * paused by the agent, and is kept with the contact. It never costs the talk: what goes wrong is told as a fact.
 */
import { asRecordingId, type RecordingId } from '../base/index.js';
import type { CommandOutcome } from '../telephony/port.js';
import type { Call, OutwardCommand } from './call.js';
import { togetherIn } from './dialing.js';
import { arm, command, type Draft, disarm, nextNumber, set } from './draft.js';
import type { EndedRecording, RecordingAsked, TalkRecording } from './recorded-talk.js';
import type { Offer } from './ticket.js';

/** The longest that one recording lasts; a talk that goes on has the next one. */
const longestMs = 3_600_000;
/** As near to its greatest length a recording has ended by that, and not with the bridge. */
const nearMs = 10_000;
/** How long the end of a recording may take to be told. */
const endMs = 15_000;

/** After each decision: a talk that is over is recorded no longer, one that has begun is. */
export function followTalk(draft: Draft): void {
  const { talk, talkRecording: before } = draft.call;
  noteQueue(draft);
  if (before !== null && before.bridge !== talk) {
    letEnd(draft, before);
    set(draft, { talkRecording: null });
  }
  if (talk === null || draft.call.talkRecording !== null) return;
  const offer = recordedOffer(draft);
  if (offer === null) return;
  // Who is put together again, since the bridge was lost, goes on as before.
  const isSame = before !== null && before.ticket === offer.ticket && before.agent === offer.agent;
  begin(draft, { ...offer, bridge: talk, on: !isSame || before.on, id: null });
}

/** Whoever is moved on is recorded as the queue says by which they came. */
function noteQueue(draft: Draft): void {
  const { ticket, talkQueue, talkStep } = draft.call;
  const queue = talkStep === null ? null : ticket?.state === 'connected' ? ticket.queue : talkQueue;
  if (queue !== talkQueue) set(draft, { talkQueue: queue });
}

/** The agent who talks with the caller, where that is to be recorded. */
function recordedOffer({ call, site }: Draft): Offer | null {
  const { talkQueue, phones, notice } = call;
  const record = site.queues.get(talkQueue ?? '')?.record ?? null;
  // Whom nobody could tell of it is not recorded; nor is what is said while the caller hears music.
  if (record === null || (record.notice !== null && notice !== 'told')) return null;
  if (!togetherIn(call).includes(call.leg)) return null;
  return phones.find(({ state, offer }) => state === 'talking' && offer !== undefined)?.offer ?? null;
}

function begin(draft: Draft, talk: TalkRecording): void {
  if (!talk.on) return set(draft, { talkRecording: talk });
  const { ticket, agent, bridge } = talk;
  const id = asRecordingId(`${draft.call.id}-r${nextNumber(draft)}`);
  command(draft, { type: 'record-bridge', bridge, recording: id, maxMs: longestMs });
  draft.facts.push({ type: 'recording.started', body: { recording: id, ticket, agent } });
  set(draft, { talkRecording: { ...talk, id } });
}

/** It runs no longer as far as we know: the exchange tells what is stored of it. */
function letEnd(draft: Draft, { id, ticket, agent }: TalkRecording): void {
  if (id === null) return;
  set(draft, { endedRecordings: [...draft.call.endedRecordings, { id, ticket, agent, stopped: false }] });
  arm(draft, `recorded/${id}`, endMs);
}

/** All that was said is stored. */
export function talkRecorded(draft: Draft, recording: string, ms: number): void {
  const { talkRecording: running } = draft.call;
  const found = takeOut(draft, recording);
  if (found === null) return;
  keep(draft, found, ms);
  if (running?.id === recording && running.on && ms >= longestMs - nearMs)
    begin(draft, { ...running, id: null });
}

function keep(draft: Draft, { id, ticket, agent }: Recorded, ms: number): void {
  if (ms === 0) {
    command(draft, { type: 'discard-recording', recording: id });
    draft.facts.push({ type: 'recording.discarded', body: { recording: id } });
    return;
  }
  draft.facts.push({ type: 'recording.kept', body: { name: 'talk', recording: id, ms, ticket, agent } });
  keepName(draft, id);
}

/** Under its name the sound is found, and deleted when its time is over. */
function keepName(draft: Draft, id: RecordingId): void {
  draft.personal.push({ key: `recording.talk.${nextNumber(draft)}`, class: 'recording', body: id });
}

export function talkRecordFailed(draft: Draft, recording: string, why: string): void {
  const found = takeOut(draft, recording);
  if (found !== null) draft.facts.push({ type: 'recording.failed', body: { recording: found.id, why } });
}

type Recorded = Pick<EndedRecording, 'id' | 'ticket' | 'agent'>;

/** What runs or has ended under that id, and does so no longer; null: nothing. */
function takeOut(draft: Draft, recording: string): Recorded | null {
  const { talkRecording, endedRecordings } = draft.call;
  if (talkRecording !== null && talkRecording.id === recording) {
    set(draft, { talkRecording: { ...talkRecording, id: null } });
    return { ...talkRecording, id: talkRecording.id };
  }
  const found = endedRecordings.find(({ id }) => id === recording);
  if (found === undefined) return null;
  set(draft, { endedRecordings: endedRecordings.filter((other) => other !== found) });
  disarm(draft, `recorded/${found.id}`);
  return found;
}

/** The end of a recording is not told. It is stopped, in case that it still runs; then it is given up. */
export function recordingOverdue(draft: Draft, recording: string): void {
  const found = draft.call.endedRecordings.find(({ id }) => id === recording);
  if (found === undefined) return;
  if (found.stopped) {
    // Something of it may lie there all the same.
    keepName(draft, found.id);
    return talkRecordFailed(draft, recording, 'overdue');
  }
  const stopped = { ...found, stopped: true };
  set(draft, {
    endedRecordings: draft.call.endedRecordings.map((other) => (other === found ? stopped : other)),
  });
  stop(draft, found.id);
  arm(draft, `recorded/${found.id}`, endMs);
}

function stop(draft: Draft, recording: RecordingId): void {
  command(draft, { type: 'stop-recording', leg: null, recording });
}

/** What is said from now on is not kept, or is again. Nothing happens where it is so already. */
export function pauseTalkRecording(draft: Draft, agent: string, on: boolean, by: RecordingAsked): void {
  const { talkRecording, phones } = draft.call;
  // In a conference each of the agents may.
  const talks = phones.some(({ state, offer }) => state === 'talking' && offer?.agent === agent);
  if (talkRecording === null || !talks) return;
  const { id } = talkRecording;
  // One that has failed can be begun again.
  if (talkRecording.on === on && (id !== null || !on)) return;
  const type = on ? 'recording.resumed' : 'recording.paused';
  draft.facts.push({ type, body: { recording: id, agent, by } });
  set(draft, { talkRecording: { ...talkRecording, on } });
  if (id !== null) command(draft, { type: 'pause-recording', recording: id, on: !on });
  else if (on) begin(draft, { ...talkRecording, on });
}

type RecordCommand = Extract<OutwardCommand['body'], { type: 'record-bridge' | 'pause-recording' }>;

/** The exchange did not do it, or nobody knows whether it did. */
export function recordCommandFailed(draft: Draft, body: RecordCommand, outcome: CommandOutcome): void {
  const { recording } = body;
  const isUnknown = outcome.result === 'unknown';
  if (body.type === 'record-bridge' && outcome.result === 'refused')
    return talkRecordFailed(draft, recording, outcome.why);
  // It may run, or not be paused: what must not be heard is not recorded, whatever else is lost.
  if (isUnknown) stop(draft, recording);
  const { talkRecording } = draft.call;
  if (talkRecording?.id !== recording) return;
  letEnd(draft, talkRecording);
  set(draft, { talkRecording: { ...talkRecording, id: null } });
  if (body.type === 'pause-recording' && talkRecording.on) begin(draft, { ...talkRecording, id: null });
}

/** Whether a command of unknown fate still has anything to bring about. */
export function isRecordingWanted({ talkRecording }: Call, body: RecordCommand): boolean {
  if (talkRecording?.id !== body.recording) return false;
  return body.type === 'record-bridge' ? talkRecording.on : talkRecording.on === !body.on;
}

/** Recordings of which the exchange has not told what is stored. */
export function recordingsOf({ talkRecording, endedRecordings }: Call): readonly RecordingId[] {
  const ended = endedRecordings.map(({ id }) => id);
  return talkRecording === null || talkRecording.id === null ? ended : [...ended, talkRecording.id];
}
