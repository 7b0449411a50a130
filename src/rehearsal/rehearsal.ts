/**
 * Pure. One call without an exchange, in virtual time: the very turns that the switchboard runs, with a caller, phones
 * and lookups that are given. For scripted callers, for `onedoor rehearse`, and for what `onedoor call` expects.
 */
import {
  asCallId,
  asExchangeId,
  asLegId,
  type CallId,
  type BridgeId,
  type CommandId,
  type LegId,
  type PlaybackId,
  type RecordingId,
  type UtcMs,
} from '../base/index.js';
import {
  type Attempts,
  type Call,
  type CallEvent,
  type CallSite,
  type Deadline,
  type OutwardCommand,
  type SendOutcome,
  withoutCommand,
} from '../calls/index.js';
import type { Case } from '../cases/index.js';
import type { JournalEvent } from '../journal/port.js';
import {
  type Kept,
  type LiveCall,
  runTurn,
  takeBook,
  type TurnResult,
  type TurnStart,
  type TurnWorld,
} from '../switchboard/index.js';
import { createAgenda, type Due } from './agenda.js';
import { agentOf, attendance } from './attendance.js';
import { listening, type RenderedText } from './listening-site.js';
import { RehearsedCall } from './rehearsed-call.js';
import type { HeardText, PhoneBehaviour, Rehearsal, RehearsalSettings, WrittenMessage } from './rehearsed.js';

const exchange = asExchangeId('rehearsal');
const callersLeg = asLegId('caller');
/** Stands for the name of the text where the caller hears what was recorded. */
export const ownRecording = '@recording';
const msPerLetter = 60;
const sentByRehearsal: SendOutcome = { result: 'sent', by: 'rehearsal' };

/** Starts the call: it rings, and the first decisions are made. */
export function rehearse(settings: RehearsalSettings): Rehearsal {
  const { at: startAt, recordingMs = 4_000, durationOf = () => null } = settings;
  const phone = settings.phone ?? ((): PhoneBehaviour => ({ type: 'rings-out' }));
  const contact = asCallId(settings.id ?? 'rehearsal');
  const heard: HeardText[] = [];
  const events: JournalEvent[] = [];
  const cases = new Map<string, Case>();
  const messages: WrittenMessage[] = [];
  const agents = new Map<string, PhoneBehaviour>();
  const rendered: RenderedText[] = [];
  const { closings = settings.site.closings } = settings;
  const site = listening({ site: settings.site, closings, mediaMs: durationOf, rendered });
  let now = startAt;
  let turns = 0;
  const agenda = createAgenda();
  let nextCase = settings.firstCase ?? 1;
  let live: LiveCall | null = null;
  let leg = callersLeg;
  let callbacks = 0;
  const kept = new Map<string, Kept>();
  let playing: { id: PlaybackId; from: number } | null = null;
  let recording: { id: RecordingId; startedAt: UtcMs } | null = null;

  /** Talks that are recorded, by their bridge. */
  const talks = new Map<BridgeId, { readonly id: RecordingId; readonly startedAt: UtcMs }>();
  /** Length of what was recorded last, milliseconds. */
  let recorded = 0;

  const call = (): Call | null => live?.call ?? null;
  const isOver = (): boolean => live !== null && live.call.phase !== 'live';

  function later(key: string, ms: number, run: () => void): void {
    agenda.add(key, now + ms, run);
  }
  const never = (key: string): void => agenda.never(key);

  /** Nothing of a rehearsal is kept: what is counted needs no hash. */
  const attempts = new Map<string, Attempts>();
  const hash = (text: string): string => text;
  const book = { hash, known: attempts };
  const subjects = { hash, known: new Map<string, never>() };

  function take(result: TurnResult): void {
    turns += 1;
    nextCase = result.nextCase;
    takeBook(attempts, result.attempts);
    takeBook(kept, result.callbacks);
    events.push(...result.events);
    for (const { live: after, commands } of result.calls) {
      live = after;
      for (const { record } of after.cases) cases.set(record.id, record);
      for (const command of commands) carryOut(command);
    }
  }

  const siteNow = (): CallSite => site;
  const noCall = (): null => null;
  const ended = noCall;
  const attend = attendance({ settings, site, kept, agents, call, later, never, happen, now: () => now });
  const queues: TurnWorld['queues'] = (message) => ({
    told: attend(message).map((event) => ({ contact: live?.call.id ?? contact, event })),
    facts: [],
  });
  const newCall = (): CallId => {
    callbacks += 1;
    return asCallId(`${contact}-${callbacks}`);
  };
  const run = (start: TurnStart): void =>
    take(
      runTurn(start, {
        at: now,
        site: siteNow,
        call: noCall,
        queues,
        attempts: book,
        callbacks: { known: kept, siteFor: () => site.hash, newCall, admits: () => true, calls: () => [] },
        subjects,
        ended,
        nextCase,
        mark: null,
      }),
    );

  function happen(event: CallEvent): void {
    if (live === null) return;
    run({ type: 'event', live, event });
  }

  /** As the switchboard does: what was carried out while the call is up is no turn. */
  function settled(id: CommandId): void {
    if (live === null) return;
    if (live.call.phase === 'live') live = { ...live, call: withoutCommand(live.call, id) };
    else happen({ type: 'command.settled', command: id, outcome: { result: 'done' } });
  }

  function carryOut({ id, body }: OutwardCommand): void {
    const settle = (): void => settled(id);
    switch (body.type) {
      case 'play': {
        const texts = rendered.splice(0);
        playing = { id: body.playback, from: heard.length };
        let end = 0;
        for (const item of body.media) {
          if (item.type !== 'recording') continue;
          heard.push({
            at: now,
            language: '',
            text: ownRecording,
            words: '',
            media: [],
            until: null,
            cut: false,
          });
          end += recorded;
        }
        for (const { language, text, words, media } of texts) {
          heard.push({ at: now + end, language, text, words, media, until: null, cut: false });
          end += media.reduce((sum, path) => sum + (durationOf(path) ?? 0), 0) || words.length * msPerLetter;
        }
        if (body.media.some((item) => item.type === 'tone' && item.tone === 'ringing')) break;
        later(body.playback, Math.max(end, 1), () => finishPlayback(body.playback, false));
        break;
      }
      case 'stop-playback':
        never(body.playback);
        finishPlayback(body.playback, true);
        break;
      case 'record':
        recording = { id: body.recording, startedAt: now };
        later(body.recording, Math.min(recordingMs + body.silenceMs, body.maxMs), endRecording);
        break;
      case 'record-bridge':
        talks.set(body.bridge, { id: body.recording, startedAt: now });
        break;
      case 'unbridge':
        later(body.bridge, 0, () => endTalk(body.bridge));
        break;
      case 'stop-recording':
        later(body.recording, 0, endRecording);
        break;
      case 'originate':
        if (body.to.type === 'phone') ring(body.leg, phoneOf(body.to.phone), body.ringMs);
        else dialCaller(body.leg, body.ringMs);
        break;
      case 'look-up': {
        const answer = settings.lookUp(body.source, body.with);
        // One that never answers is given up by the lookup's own limit, as every adapter must.
        const given = answer ?? ({ result: 'failed', why: 'it took too long' } as const);
        const ms = answer === null ? body.timeoutMs : 0;
        later(id, ms, () => happen({ type: 'lookup.answered', command: id, answer: given }));
        return;
      }
      case 'send-message': {
        const { to, language, texts, text, timeoutMs } = body;
        messages.push({ at: now, to, language, texts, words: text });
        const given = settings.message === undefined ? sentByRehearsal : settings.message();
        const outcome = given ?? ({ result: 'unknown', why: 'it took too long' } as const);
        later(id, given === null ? timeoutMs : 0, () =>
          happen({ type: 'message.settled', command: id, outcome }),
        );
        return;
      }
      case 'hang-up':
        never(body.leg);
        later(body.leg, 0, () =>
          happen({ type: 'leg.ended', leg: body.leg, cause: { q850: 16, sip: null } }),
        );
        break;
      default:
        break;
    }
    later(id, 0, settle);
  }

  function finishPlayback(id: PlaybackId, cut: boolean): void {
    if (playing?.id !== id) return;
    for (let i = playing.from; i < heard.length; i++) {
      const text = heard[i];
      if (text === undefined || text.until !== null) continue;
      // Cut short before its turn: it was not heard at all.
      if (cut && text.at > now) heard.splice(i--, 1);
      else heard[i] = { ...text, until: now, cut };
    }
    playing = null;
    if (!cut) happen({ type: 'playback.finished', leg, playback: id, result: 'done' });
  }

  function endRecording(): void {
    if (recording === null) return;
    const { id, startedAt } = recording;
    never(id);
    recording = null;
    recorded = now - startedAt;
    happen({ type: 'recording.finished', leg, recording: id, durationMs: now - startedAt });
  }

  function endTalk(bridge: BridgeId): void {
    const talk = talks.get(bridge);
    if (talk === undefined) return;
    talks.delete(bridge);
    const durationMs = now - talk.startedAt;
    happen({ type: 'talk.recorded', recording: talk.id, durationMs });
  }

  const phoneOf = (name: string): PhoneBehaviour => agents.get(name) ?? phone(name);

  /** The caller's phone rings: whoever answers goes on as the caller. */
  function dialCaller(own: LegId, ringMs: number): void {
    leg = own;
    const behaviour = settings.calledBack?.() ?? { type: 'rings-out' };
    if (behaviour.type !== 'answers') return ring(own, behaviour, ringMs);
    later(own, behaviour.afterMs, () => happen({ type: 'leg.answered', leg: own }));
  }

  function ring(other: LegId, behaviour: PhoneBehaviour, ringMs: number): void {
    const ended = (q850: number) => () =>
      happen({ type: 'leg.ended', leg: other, cause: { q850, sip: null } });
    switch (behaviour.type) {
      case 'answers':
        later(other, behaviour.afterMs, () => {
          happen({ type: 'leg.answered', leg: other });
          later(other, behaviour.talksMs, ended(16));
        });
        return;
      case 'busy':
        return later(other, 0, ended(17));
      case 'rejects':
        return later(other, 0, ended(21));
      case 'unreachable':
        return later(other, 0, ended(20));
      case 'rings-out':
        return later(other, ringMs, ended(19));
      default:
        return unknownBehaviour(behaviour);
    }
  }

  /** The earliest thing that time brings: of the world, or a deadline of the call. */
  function next(): Due | null {
    const best = agenda.first();
    let first: Deadline | null = null;
    for (const deadline of call()?.deadlines ?? [])
      if (first === null || deadline.at < first.at) first = deadline;
    // A deadline comes after what the world does at the same moment.
    if (first === null || (best !== null && best.at <= first.at)) return best;
    const { id, frame, at } = first;
    const run = (): void => happen({ type: 'deadline.due', id, frame });
    return { at, order: Number.MAX_SAFE_INTEGER, run, key: '' };
  }

  function advance(): boolean {
    const entry = next();
    if (entry === null || isOver()) return false;
    now = Math.max(now, entry.at);
    agenda.remove(entry);
    entry.run();
    return true;
  }

  function pass(until: UtcMs): void {
    for (let entry = next(); entry !== null && entry.at <= until && !isOver(); entry = next()) advance();
    now = Math.max(now, until);
  }

  function state(): Rehearsal['state'] {
    const current = call();
    if (current === null || isOver()) return 'over';
    if (current.phones.some(({ state }) => state === 'talking')) return 'talking';
    if (current.phones.some(({ offer }) => offer === undefined)) return 'dialling';
    if (recording !== null) return 'recording';
    if (playing !== null) return 'speaking';
    if (current.ticket !== null) return 'queued';
    if (current.lookup !== null) return 'looking-up';
    return 'listening';
  }

  const number = settings.caller?.number ?? null;
  const name = settings.caller?.name ?? null;
  const arrival = {
    id: contact,
    exchange,
    admitted: true,
    event: {
      type: 'leg.arrived',
      leg,
      called: settings.number,
      caller: { number, name, withheld: number === null },
      trunk: 'rehearsal',
      phone: null,
    },
  } as const;
  run({ type: 'arrival', arrival, site: site.hash });

  return new RehearsedCall({
    heard,
    events,
    messages,
    now: () => now,
    over: isOver,
    contact: () => live?.contact ?? null,
    cases: () => [...cases.values()],
    isEntering: () => (call()?.frames.at(-1)?.snapshot.context.entered ?? '') !== '',
    turns: () => turns,
    asksSecret: () => {
      const frame = live?.call.frames.at(-1);
      return frame !== undefined && (site.flows.get(frame.flow)?.asksSecret(frame.snapshot) ?? false);
    },
    state,
    press(key) {
      if (!isOver()) happen({ type: 'key.pressed', leg, key, durationMs: 100 });
    },
    say(ms) {
      if (recording === null) return;
      const { id } = recording;
      never(id);
      later(id, ms, endRecording);
    },
    hangUp() {
      if (isOver()) return;
      if (playing !== null) finishPlayback(playing.id, true);
      endRecording();
      happen({ type: 'leg.ended', leg, cause: { q850: 16, sip: null } });
    },
    callBack() {
      const next = kept.values().next().value;
      if (next === undefined || !isOver()) return false;
      const { place } = next;
      const { agent, ringMs } = agentOf(site.queues.get(place.queue));
      agenda.clear();
      const event = {
        type: 'ticket.offered',
        ticket: place.ticket,
        agent: agent.name,
        phone: agent.phone,
        ringMs,
        kind: 'callback',
      } as const;
      run({ type: 'queues', answer: { told: [{ contact: place.contact, event }], facts: [] } });
      return !isOver();
    },
    advance,
    waitUntil: pass,
  });
}

function unknownBehaviour(behaviour: never): never {
  throw new TypeError(`No phone behaves like ${JSON.stringify(behaviour)}.`);
}
