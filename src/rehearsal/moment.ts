/**
 * Pure. One call that can be taken up at any moment more than once: what happens next is given, and the same moment
 * with another event is another life. The turns are the switchboard's own; nothing here knows a single step.
 */
import { asCallId, asExchangeId, asLegId, type JsonObject, type Key, type UtcMs } from '../base/index.js';
import { type CallEvent, type TicketRefusal, withoutCommand } from '../calls/index.js';
import type { JournalEvent } from '../journal/port.js';
import { type LiveCall, type Kept, runTurn, type TurnResult, type TurnWorld } from '../switchboard/index.js';
import { agentOf } from './attendance.js';
import { listening, type RenderedText } from './listening-site.js';
import { ownRecording } from './rehearsal.js';
import type { RehearsalSite } from './rehearsed.js';

/** What a caller meets on the way from one moment to the next, in order. */
export type Met =
  | { readonly type: 'hears'; readonly language: string; readonly text: string; readonly words: string }
  | { readonly type: 'event'; readonly event: JournalEvent };

/** A moment at which the call waits for somebody. */
export interface Moment {
  readonly live: LiveCall;
  /** The place that the caller keeps who has hung up; null: none. */
  readonly kept: Kept | null;
  readonly at: UtcMs;
}

export interface Passage {
  readonly moment: Moment;
  readonly met: readonly Met[];
}

/** Whom the call waits for. */
export type Waiting =
  | { readonly for: 'nobody' }
  /** The caller has hung up and keeps the place in that queue. */
  | { readonly for: 'turn'; readonly queue: string }
  | { readonly for: 'lookup'; readonly source: string; readonly with: JsonObject }
  | { readonly for: 'recording' }
  | { readonly for: 'phone'; readonly phone: string }
  /** Whether it takes the caller. */
  | { readonly for: 'queue'; readonly queue: string }
  /** The caller is in the queue. */
  | { readonly for: 'agent'; readonly queue: string }
  | { readonly for: 'channel'; readonly texts: readonly string[] }
  /** `silenceMs`: how long the caller may say nothing; null: for ever. */
  | { readonly for: 'caller'; readonly silenceMs: number | null };

export type Happening =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'time' }
  | { readonly type: 'found'; readonly row: JsonObject }
  | { readonly type: 'not-found' | 'lookup-failed' }
  | { readonly type: 'speaks'; readonly ms: number }
  | { readonly type: 'recording-failed' }
  | { readonly type: 'phone-answers' }
  /** Q.850 cause with which the phone ends. */
  | { readonly type: 'phone-ends'; readonly q850: number }
  | { readonly type: 'queue-takes' }
  | { readonly type: 'queue-ends'; readonly result: TicketRefusal }
  /** The queue's first agent is rung, answers, and they talk. */
  | { readonly type: 'agent-answers' }
  /** Whoever kept the place is called, and answers. */
  | { readonly type: 'called-back' }
  | { readonly type: 'message-sent' | 'message-failed' };

export interface Moments {
  arrive(): Passage;
  waiting(moment: Moment): Waiting;
  happen(moment: Moment, happening: Happening): Passage;
}

export interface MomentSettings {
  readonly site: RehearsalSite;
  readonly number: string;
  readonly at: UtcMs;
  readonly caller: string | null;
}

const callersLeg = asLegId('caller');
const exchange = asExchangeId('rehearsal');
/** Turns that follow by themselves, at most; more would be a circle. */
const mostTurns = 200;
/** Every case is the first: its reference makes no two moments differ. */
const nextCase = 1;

export function momentsOf({ site: given, number, at: startAt, caller }: MomentSettings): Moments {
  const rendered: RenderedText[] = [];
  const site = listening({ site: given, closings: given.closings, mediaMs: () => null, rendered });

  function met({ events, calls }: TurnResult): Met[] {
    const played = calls.some(({ commands }) =>
      commands.some(
        ({ body }) => body.type === 'play' && body.media.some(({ type }) => type === 'recording'),
      ),
    );
    const own: readonly RenderedText[] = played
      ? [{ language: '', text: ownRecording, words: '', media: [] }]
      : [];
    const heard = [...own, ...rendered.splice(0)].map(
      ({ language, text, words }): Met => ({ type: 'hears', language, text, words }),
    );
    // Within a turn the steps are entered before the last one's text is spoken.
    return [...events.map((event): Met => ({ type: 'event', event })), ...heard];
  }

  /** Queues answer nothing within the turn: what they say is one of the things that can happen. */
  const worldAt = (at: UtcMs, kept: Kept | null = null): TurnWorld => ({
    at,
    site: () => site,
    call: () => null,
    queues: (message) => ({
      told:
        message.type === 'ask-place'
          ? [
              {
                contact: message.contact,
                event: { type: 'place.told', ticket: message.ticket, position: 1, waitMs: null },
              },
            ]
          : [],
      facts: [],
    }),
    // Nobody has tried before: what a lock does is a scripted caller's to show.
    attempts: { hash: (text) => text, known: new Map() },
    callbacks: {
      known: new Map(kept === null ? [] : [[kept.place.ticket, kept]]),
      siteFor: () => site.hash,
      newCall: () => asCallId('explored-back'),
      admits: () => true,
      calls: () => [],
    },
    ended: () => null,
    subjects: { hash: (text) => text, known: new Map() },
    nextCase,
    mark: null,
  });

  function turn({ live, at, kept }: Moment, event: CallEvent): Passage {
    return after(runTurn({ type: 'event', live, event }, worldAt(at, kept)), { live, at, kept });
  }

  function after(result: TurnResult, { live, at, kept }: Moment): Passage {
    const next = carriedOut(result.calls[0]?.live ?? live);
    // A place is the one call's that keeps it, or of nobody any more.
    const [left = kept] = result.callbacks.values();
    return { moment: { live: next, at, kept: left }, met: met(result) };
  }

  /** An agent is there for whoever keeps the place: they are rung, and answer. */
  function callBack(moment: Moment): Passage | null {
    const { at, kept } = moment;
    if (kept === null) return null;
    const { agent, ringMs } = agentOf(site.queues.get(kept.place.queue));
    const { ticket, contact } = kept.place;
    const { name, phone } = agent;
    const event = {
      type: 'ticket.offered',
      ticket,
      agent: name,
      phone,
      ringMs,
      kind: 'callback',
    } as const;
    const start = { type: 'queues', answer: { told: [{ contact, event }], facts: [] } } as const;
    const rung = after(runTurn(start, worldAt(at, kept)), moment);
    // From now on it is the new call's, until that one keeps it again.
    const calling = { ...rung.moment, kept: null };
    const answered = turn(calling, { type: 'leg.answered', leg: calling.live.call.leg });
    return { moment: answered.moment, met: [...rung.met, ...answered.met] };
  }

  /** Until somebody else has to do something. */
  function settled(passage: Passage): Passage {
    let { moment } = passage;
    const all = [...passage.met];
    for (let n = 0; n < mostTurns; n++) {
      const event = byItself(moment.live);
      if (event === null) break;
      const next = turn(moment, event);
      moment = next.moment;
      all.push(...next.met);
    }
    return { moment, met: all };
  }

  /** The phone that rings answers, and they talk until it hangs up. */
  function talk(moment: Moment): Passage | null {
    const dial = moment.live.call.phones.find(({ state }) => state === 'ringing');
    if (dial === undefined) return null;
    const answered = turn(moment, { type: 'leg.answered', leg: dial.leg });
    const gone = { type: 'leg.ended', leg: dial.leg, cause: { q850: 16, sip: null } } as const;
    const ended = turn(answered.moment, gone);
    return { moment: ended.moment, met: [...answered.met, ...ended.met] };
  }

  function eventOf(moment: Moment, happening: Happening): Passage | null {
    const { live, at } = moment;
    const { call } = live;
    const { leg } = call;
    const on = (event: CallEvent, time = at): Passage => turn({ ...moment, at: time }, event);
    switch (happening.type) {
      case 'key':
        return on({ type: 'key.pressed', leg, key: happening.key, durationMs: 100 });
      case 'time': {
        const first = firstDeadline(live);
        return (
          first && on({ type: 'deadline.due', id: first.id, frame: first.frame }, Math.max(at, first.at))
        );
      }
      case 'found':
      case 'not-found':
      case 'lookup-failed': {
        if (call.lookup === null) return null;
        const answer =
          happening.type === 'found'
            ? ({ result: 'found', row: happening.row } as const)
            : happening.type === 'not-found'
              ? ({ result: 'not-found' } as const)
              : ({ result: 'failed', why: 'explored' } as const);
        return on({ type: 'lookup.answered', command: call.lookup.command, answer });
      }
      case 'speaks':
        if (call.recording === null) return null;
        return on(
          { type: 'recording.finished', leg, recording: call.recording.id, durationMs: happening.ms },
          at + happening.ms,
        );
      case 'recording-failed':
        if (call.recording === null) return null;
        return on({ type: 'recording.failed', leg, recording: call.recording.id, detail: 'explored' });
      case 'phone-answers':
        return talk(moment);
      case 'phone-ends': {
        const phone = call.phones.find(({ state }) => state !== 'ending');
        if (phone === undefined) return null;
        return on({ type: 'leg.ended', leg: phone.leg, cause: { q850: happening.q850, sip: null } });
      }
      case 'queue-takes':
        return call.ticket === null ? null : on({ type: 'ticket.queued', ticket: call.ticket.id });
      case 'queue-ends':
        if (call.ticket === null) return null;
        return on({ type: 'ticket.ended', ticket: call.ticket.id, result: happening.result });
      case 'agent-answers': {
        if (call.ticket === null) return null;
        const { agent, ringMs } = agentOf(site.queues.get(call.ticket.queue));
        const { id: ticket } = call.ticket;
        const { name, phone } = agent;
        const rung = on({ type: 'ticket.offered', ticket, agent: name, phone, ringMs, kind: 'call' });
        const talked = talk(rung.moment);
        return talked && { moment: talked.moment, met: [...rung.met, ...talked.met] };
      }
      case 'called-back':
        return callBack(moment);
      case 'message-sent':
      case 'message-failed': {
        if (call.message === null) return null;
        const outcome =
          happening.type === 'message-sent'
            ? ({ result: 'sent', by: 'rehearsal' } as const)
            : ({ result: 'failed', why: 'explored' } as const);
        return on({ type: 'message.settled', command: call.message, outcome });
      }
      default:
        return happening satisfies never;
    }
  }

  return {
    arrive() {
      const arrival = {
        id: asCallId('explored'),
        exchange,
        admitted: true,
        event: {
          type: 'leg.arrived',
          leg: callersLeg,
          called: number,
          caller: { number: caller, name: null, withheld: caller === null },
          trunk: 'rehearsal',
          phone: null,
        },
      } as const;
      const result = runTurn({ type: 'arrival', arrival, site: site.hash }, worldAt(startAt));
      const [call] = result.calls;
      if (call === undefined) throw new TypeError('An arrival that makes no call.');
      const moment = { live: carriedOut(call.live), at: startAt, kept: null };
      return settled({ moment, met: met(result) });
    },
    waiting,
    happen(moment, happening) {
      const passage = eventOf(moment, happening);
      return passage === null ? { moment, met: [] } : settled(passage);
    },
  };
}

function waiting({ live, at, kept }: Moment): Waiting {
  const { call } = live;
  if (call.phase !== 'live' && kept !== null) return { for: 'turn', queue: kept.place.queue };
  if (call.phase !== 'live' || call.ending !== null) return { for: 'nobody' };
  const question = call.commands.find(({ id }) => id === call.lookup?.command)?.body;
  if (call.lookup !== null && question?.type === 'look-up')
    return { for: 'lookup', source: question.source, with: question.with };
  if (call.recording !== null && call.recording.ms === null) return { for: 'recording' };
  const rung = call.phones.find(({ state }) => state === 'ringing');
  if (rung !== undefined) return { for: 'phone', phone: rung.phone };
  const message = call.commands.find(({ id }) => id === call.message)?.body;
  if (message?.type === 'send-message') return { for: 'channel', texts: message.texts };
  if (call.ticket?.state === 'requested') return { for: 'queue', queue: call.ticket.queue };
  if (call.ticket?.state === 'waiting') return { for: 'agent', queue: call.ticket.queue };
  const deadline = firstDeadline(live);
  return { for: 'caller', silenceMs: deadline === null ? null : Math.max(0, deadline.at - at) };
}

/** How long every talk is that is recorded. */
const talkMs = 60_000;

/** What comes next without anybody's doing; null where somebody has to do something. */
function byItself({ call }: LiveCall): CallEvent | null {
  if (call.phase === 'live' && call.ending !== null)
    return { type: 'leg.ended', leg: call.leg, cause: { q850: 16, sip: null } };
  const ending = call.phones.find(({ state }) => state === 'ending');
  if (ending !== undefined) return { type: 'leg.ended', leg: ending.leg, cause: { q850: 16, sip: null } };
  const [recorded] = call.endedRecordings;
  if (recorded !== undefined) return { type: 'talk.recorded', recording: recorded.id, durationMs: talkMs };
  const [unsettled] = call.phase === 'ending' ? call.commands : [];
  if (unsettled !== undefined)
    return { type: 'command.settled', command: unsettled.id, outcome: { result: 'done' } };
  // A tone while a phone rings never ends by itself.
  if (call.phase === 'live' && call.speaking !== null && call.phones.length === 0)
    return { type: 'playback.finished', leg: call.leg, playback: call.speaking.playback, result: 'done' };
  return null;
}

/** Commands are carried out at once, but for questions: their answer is somebody else's. */
function carriedOut(live: LiveCall): LiveCall {
  if (live.call.phase !== 'live') return live;
  let { call } = live;
  for (const { id, body } of call.commands)
    if (body.type !== 'look-up' && body.type !== 'send-message') call = withoutCommand(call, id);
  return { ...live, call };
}

function firstDeadline({ call }: LiveCall): LiveCall['call']['deadlines'][number] | null {
  let first: LiveCall['call']['deadlines'][number] | null = null;
  for (const deadline of call.deadlines) if (first === null || deadline.at < first.at) first = deadline;
  return first;
}
