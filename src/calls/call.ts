/** One call from ring to hang-up: its state, what can happen to it, and what it decides. Types only. */
import type {
  BridgeId,
  CallId,
  CommandId,
  ExchangeId,
  Json,
  JsonObject,
  LegId,
  NumberRules,
  PlaybackId,
  RecordingId,
  SiteHash,
  UtcMs,
} from '../base/index.js';
import type { Calendar, Closing } from '../calendar/index.js';
import type { CaseKind, CompiledFlow, FlowCaller, FlowEffect, FlowSnapshot } from '../flows/index.js';
import type { MediaIndex, TextCatalog } from '../speech/index.js';
import type { CommandOutcome, TelephonyCommand, TelephonyEvent } from '../telephony/port.js';
import type { CallFact, Termination } from './fact.js';
import type { AttemptEvent, AttemptMessage } from './attempts.js';
import type { CalledBack, PlacePromise } from './kept-place.js';
import type {
  EndedRecording,
  Notice,
  RecordingAsked,
  TalkCodes,
  TalkRecording,
  TalkTexts,
} from './recorded-talk.js';
import type { CallQueue, Offer, Ticket, TicketEvent, TicketMessage } from './ticket.js';
import type { Transfer, Transfers } from './transfer.js';

/** A flow on the call's stack; the last one runs. */
export interface Frame {
  readonly flow: string;
  readonly snapshot: FlowSnapshot;
}

/** Something due at a time. `event` goes to the flow of frame `frame`; frame -1: the call's own. */
export interface Deadline {
  readonly id: string;
  readonly frame: number;
  readonly at: UtcMs;
  readonly event: string;
}

/** Flows that are left midway do what they do at their end, within one turn; `next` comes when all have. */
export interface Unwinding {
  readonly next: /** In these languages, where the caller has chosen none. */
    | { readonly type: 'apologise'; readonly languages: readonly string[] }
    | { readonly type: 'nothing' }
    /** The caller was moved to another number of the site. */
    | { readonly type: 'begin'; readonly flow: string }
    | { readonly type: 'close'; readonly termination: Termination };
  /** Steps of that kind so far. */
  readonly steps: number;
}

/** A phone of the call: it is rung for the caller, talks, or was let go and has not ended yet. */
export interface Dial {
  readonly leg: LegId;
  readonly phone: string;
  /**
   * `briefing`: picked up, and told who waits before the two are put together. `talking`: in the call's bridge, with
   * the caller, where that one is not {@link isApart}, and whoever else talks. `aside`: waits outside of it for the
   * target of a transfer. `beside`: apart from the caller too, as the second call of a phone or whoever it speaks with.
   */
  readonly state: 'ringing' | 'briefing' | 'talking' | 'aside' | 'beside' | 'ending';
  /** What is played to the phone while it is briefed, or before its second call ends. */
  readonly briefing?: PlaybackId;
  /** The agent of a queue to whom the caller is offered; not there: the flow itself dials. */
  readonly offer?: Offer;
  /** The offer is of a ticket for this one agent, not of a queue's. */
  readonly direct?: true;
  /** A number outside; `phone` names the trunk. */
  readonly outside?: true;
  /** One more call of a phone that talks: it dialled this one itself, to ask the target of a transfer. */
  readonly second?: true;
  /** What the phone hears while it is `aside`, or its second call until the target picks up. */
  readonly tone?: PlaybackId;
  /** Keys so far of a code that is being pressed. Never stored. */
  readonly keyed?: string;
}

/** An outward command that leaves the process once its turn is durable. */
export interface OutwardCommand {
  readonly id: CommandId;
  readonly body: TelephonyCommand | LookUpCommand | SendMessageCommand;
}

/** Asks a channel to write to somebody. */
export interface SendMessageCommand {
  readonly type: 'send-message';
  /** Id of the message: no other has it. */
  readonly message: string;
  readonly channel: 'sms';
  /** E.164. */
  readonly to: string;
  readonly language: string;
  /** Names of the texts that it was written by. */
  readonly texts: readonly string[];
  readonly text: string;
  readonly timeoutMs: number;
}

/** What became of a message. `by` names the channel that took it; `why` holds no personal data. */
export type SendOutcome =
  | { readonly result: 'sent'; readonly by: string }
  | { readonly result: 'failed'; readonly why: string }
  /** It may have been sent. */
  | { readonly result: 'unknown'; readonly why: string };

export interface LookUpCommand {
  readonly type: 'look-up';
  readonly source: string;
  readonly with: JsonObject;
  readonly timeoutMs: number;
  /** Names under `with` whose value is a PIN: never stored. */
  readonly secret?: readonly string[];
}

/** JSON, a stored format. Working memory: it goes when the call is over. */
export interface Call {
  readonly id: CallId;
  readonly exchange: ExchangeId;
  /** The caller's leg. */
  readonly leg: LegId;
  /** The site version that the call began with. */
  readonly site: SiteHash;
  /** `ending`: the caller is gone, something of the call still is. */
  readonly phase: 'live' | 'ending' | 'over';
  readonly caller: FlowCaller;
  readonly frames: readonly Frame[];
  /**
   * `since`: when it was commanded; `ms`: how long it lasts at most, null where it has no end of its own (a ringing
   * tone).
   */
  readonly speaking: {
    readonly playback: PlaybackId;
    readonly standIn: boolean;
    readonly since: UtcMs;
    readonly ms: number | null;
  } | null;
  /** `name`: what it is kept as when the flow is left before it decided. */
  readonly recording: {
    readonly id: RecordingId;
    readonly ms: number | null;
    readonly name?: string;
  } | null;
  readonly lookup: {
    readonly command: CommandId;
    readonly source: string;
    /** Under which hashes the attempt is counted, where it carries a PIN. */
    readonly attempt?: readonly string[];
  } | null;
  /** A lookup that waits, within the turn, for leave to try a PIN. Never stored. */
  readonly proving?: Extract<FlowEffect, { type: 'look-up' }> | null;
  /** In the order in which they were rung; a leg stands here until it has ended. */
  readonly phones: readonly Dial[];
  /** The bridge in which the caller talks with the phones that are `talking`; null: with nobody. */
  readonly talk: BridgeId | null;
  readonly ticket: Ticket | null;
  /** The kind of step that waits for the end of the talk, however often it moves on; null: nobody has talked. */
  readonly talkStep: 'queue' | 'dial' | null;
  readonly transfer: Transfer | null;
  /** Skill to level: what the flow asked a queue for last. */
  readonly needs: Readonly<Record<string, number>>;
  /** What becomes of the ticket when the caller hangs up; not there, or null: it is given up. */
  readonly promise?: PlacePromise | null;
  /** This call calls somebody back: its leg is one that we ring. Not there, or null: the caller called. */
  readonly calledBack?: CalledBack | null;
  /** Music plays to the caller, or was told to. */
  readonly music: boolean;
  /** What the caller was told of the recording of talks; null: nothing yet. */
  readonly notice: Notice | null;
  /** The queue by which the caller came who talks; null: none. */
  readonly talkQueue: string | null;
  /** The talk that is recorded. */
  readonly talkRecording: TalkRecording | null;
  /** Recordings of talks that are over, and of which the exchange has not told what is stored. */
  readonly endedRecordings: readonly EndedRecording[];
  /** The message whose fate the flow waits for. */
  readonly message: CommandId | null;
  readonly deadlines: readonly Deadline[];
  /** Commands whose outcome is not known yet. */
  readonly commands: readonly OutwardCommand[];
  /** Number of the next id. */
  readonly next: number;
  readonly steps: number;
  readonly lastStep: string;
  /** How often `lastStep` was entered in a row. */
  readonly repeats: number;
  readonly outcome: string | null;
  /** Cases that the flow opened, oldest first. */
  readonly cases: readonly { readonly id: string; readonly kind: CaseKind }[];
  /** A recording was kept: somebody has to hear it. */
  readonly unheard: boolean;
  /** Never set between two turns. */
  readonly unwinding?: Unwinding | null;
  /** Set when we end the call ourselves. */
  readonly ending: Termination | null;
}

export type CallEvent =
  | Exclude<
      TelephonyEvent,
      { type: 'leg.arrived' | 'phone.changed' | 'bridge.recorded' | 'bridge.record-failed' }
    >
  | { readonly type: 'lookup.answered'; readonly command: CommandId; readonly answer: LookUpResult }
  | TicketEvent
  | AttemptEvent
  /** What was said in a talk is stored. */
  | { readonly type: 'talk.recorded'; readonly recording: RecordingId; readonly durationMs: number }
  | { readonly type: 'talk.record-failed'; readonly recording: RecordingId; readonly why: string }
  /** Somebody wants what is said from now on not to be kept, or to be kept again. */
  | {
      readonly type: 'recording.asked';
      readonly agent: string;
      readonly on: boolean;
      readonly by: RecordingAsked;
    }
  | { readonly type: 'message.settled'; readonly command: CommandId; readonly outcome: SendOutcome }
  | { readonly type: 'deadline.due'; readonly id: string; readonly frame: number }
  | { readonly type: 'command.settled'; readonly command: CommandId; readonly outcome: CommandOutcome }
  | {
      readonly type: 'case.opened';
      readonly case: { readonly id: string; readonly kind: CaseKind; readonly reference: string };
    }
  /** The engine ends, and the exchange with it. */
  | { readonly type: 'engine.stopping' }
  /** The exchange does not have a bridge as it should be. */
  | { readonly type: 'bridge.lost'; readonly bridge: BridgeId }
  /** A phone that talks in this call dials somebody, by a leg of its own. */
  | {
      readonly type: 'phone.dialled';
      readonly leg: LegId;
      readonly phone: string;
      /** Hostile text. */
      readonly called: string;
    }
  /** What the call decided left so late, because the disk stood still. */
  | { readonly type: 'call.held'; readonly ms: number }
  /** The engine, or its link to the exchange, was away: keys may be lost. Comes after what was found out. */
  | { readonly type: 'call.resumed' };

export type LookUpResult =
  | { readonly result: 'found'; readonly row: JsonObject }
  | { readonly result: 'not-found' }
  | { readonly result: 'failed'; readonly why: string };

/** What the call asks of the cases, within the turn. */
export type CaseMessage =
  | {
      readonly type: 'open-case';
      readonly contact: CallId;
      readonly kind: CaseKind;
      readonly subject: string;
      readonly language: string | null;
      readonly details: JsonObject;
    }
  | {
      readonly type: 'end-contact';
      readonly contact: CallId;
      readonly language: string | null;
      readonly outcome: string;
      readonly cases: readonly { readonly id: string; readonly kind: CaseKind }[];
      readonly unheard: boolean;
      /** Cases that are over with the contact, whatever their kind. */
      readonly settled: readonly string[];
    };

/** What the call asks of cases and queues, within the turn. */
export type CallMessage = CaseMessage | TicketMessage | AttemptMessage;

export interface PersonalFact {
  readonly key: string;
  readonly class: 'number' | 'name' | 'digits' | 'answer' | 'text' | 'recording';
  readonly body: Json;
}

export interface CallDecision {
  readonly call: Call;
  readonly facts: readonly CallFact[];
  readonly commands: readonly OutwardCommand[];
  readonly messages: readonly CallMessage[];
  readonly personal: readonly PersonalFact[];
}

/** Numbers that callers may leave, and how they are called. */
export interface CallbackRules extends NumberRules {
  /** Name of the trunk; null: only people call them. */
  readonly trunk: string | null;
  /** What their phones show; null: the number that they had called. */
  readonly show: string | null;
}

/** What a call needs of its site version. */
export interface CallSite {
  readonly hash: SiteHash;
  readonly languages: readonly string[];
  readonly numbers: ReadonlyMap<string, string>;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly texts: TextCatalog;
  readonly media: MediaIndex;
  /** Length of a media file by its path, milliseconds; null where it is not known. */
  readonly mediaMs: (path: string) => number | null;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Calendars that were closed while the engine runs, by name; not there: none was. */
  readonly closings?: ReadonlyMap<string, Closing>;
  readonly queues: ReadonlyMap<string, CallQueue>;
  readonly desk: { readonly codes: TalkCodes; readonly talkTexts: TalkTexts };
  /** Where callers may be moved to by whoever talks to them; null: nowhere. */
  readonly transfers: Transfers | null;
  /** Numbers that callers may leave to be called back; null: none. */
  readonly callbacks: CallbackRules | null;
  /** Numbers to which the engine writes; null: none. */
  readonly messages: NumberRules | null;
  readonly fallback: {
    readonly apology: string;
    readonly unknownNumber: string;
    readonly phone: string | null;
  };
}
