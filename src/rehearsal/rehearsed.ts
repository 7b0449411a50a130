/** What a rehearsal is given, and what it tells. Types only. */
import type { JsonObject, Key, UtcMs } from '../base/index.js';
import type { CallEvent, CallSite, SendOutcome } from '../calls/index.js';
import type { Case, Contact } from '../cases/index.js';
import type { JournalEvent } from '../journal/port.js';

/** What the caller was told, in order. */
export interface HeardText {
  readonly at: UtcMs;
  readonly language: string;
  /** Name of the text. */
  readonly text: string;
  /** What was spoken of it. */
  readonly words: string;
  /** Media files of its pieces, as `media` gave them. */
  readonly media: readonly string[];
  /** When it ended, by itself or cut short; null while it is spoken. */
  readonly until: UtcMs | null;
  readonly cut: boolean;
}

/** How a phone behaves when it is rung. */
export type PhoneBehaviour =
  | { readonly type: 'answers'; readonly afterMs: number; readonly talksMs: number }
  | { readonly type: 'busy' | 'rejects' | 'rings-out' | 'unreachable' };

/** A site as it is rehearsed: how long its media last, the rehearsal decides. */
export type RehearsalSite = Omit<CallSite, 'mediaMs'>;
/** What becomes of a caller who waits for an agent. */
export type QueueBehaviour =
  | { readonly type: 'refuses'; readonly result: 'nobody' | 'closed' | 'full' }
  /** Agents are signed in, and all of them talk. */
  | { readonly type: 'holds' }
  /** After so long, milliseconds, the queue's first agent is rung. */
  | { readonly type: 'offers'; readonly afterMs: number; readonly phone: PhoneBehaviour };

/** A message as it left. */
export interface WrittenMessage {
  readonly at: UtcMs;
  readonly to: string;
  readonly language: string;
  /** Names of its texts. */
  readonly texts: readonly string[];
  readonly words: string;
}

export interface RehearsalSettings {
  readonly site: RehearsalSite;
  /** Calendars that are closed at once; not there: those of the site. */
  readonly closings?: CallSite['closings'];
  readonly number: string;
  readonly at: UtcMs;
  /** Of the contact: decides which questions a survey asks. */
  readonly id?: string;
  readonly caller?: { readonly number: string | null; readonly name: string | null };
  /** Answers at once; null: no answer comes, and the lookup fails when its time is over. */
  readonly lookUp: (source: string, given: JsonObject) => LookupReply | null;
  readonly phone?: (name: string) => PhoneBehaviour;
  /** For the next caller of that queue; null, or not there: as long as no agent signs in. */
  readonly queue?: (name: string) => QueueBehaviour | null;
  /** What becomes of the call to somebody who kept a place; rings out where left out. */
  readonly calledBack?: () => PhoneBehaviour;
  /** What becomes of a message; null: no answer comes. Not there: it is sent. */
  readonly message?: () => SendOutcome | null;
  /** How long a recording goes on before the caller is silent, milliseconds. */
  readonly recordingMs?: number;
  /** Length of a media file, milliseconds; 60 a letter of its words where null. */
  readonly durationOf?: (path: string) => number | null;
  readonly firstCase?: number;
}

export type LookupReply = Extract<CallEvent, { type: 'lookup.answered' }>['answer'];

export interface Rehearsal {
  readonly now: UtcMs;
  readonly over: boolean;
  readonly heard: readonly HeardText[];
  readonly events: readonly JournalEvent[];
  readonly contact: Contact | null;
  readonly cases: readonly Case[];
  /** Whether some keys of an entry are there, and more may come. */
  readonly isEntering: boolean;
  /** Turns that the call has taken. */
  readonly turns: number;
  readonly messages: readonly WrittenMessage[];
  /** Whether a key that is pressed now belongs to a PIN. */
  readonly asksSecret: boolean;
  /** What the engine waits for now. */
  readonly state:
    | 'speaking'
    | 'queued'
    | 'listening'
    | 'recording'
    | 'dialling'
    | 'talking'
    | 'looking-up'
    | 'over';
  press(key: Key): void;
  /** Says something into a recording: it lasts so long, then the caller is silent. */
  say(ms: number): void;
  hangUp(): void;
  /** The turn of whoever kept a place has come: an agent is there, and the engine calls. False: nobody kept one. */
  callBack(): boolean;
  /** Lets the next thing happen that time brings; false where nothing ever will. */
  advance(): boolean;
  /** Lets time pass until then. */
  waitUntil(time: UtcMs): void;
}
