/**
 * What a compiled flow is to the rest of the engine: events in, effects out. A flow never acts: an effect is data
 * that `calls` turns into commands and messages.
 */
import type { JsonObject, Key } from '../base/index.js';

/** How many flows a call holds at once, at most. */
export const mostDeep = 8;

/** Where a flow stands. JSON; a stored format: `state` is the step's name plus a fixed word. */
export interface FlowSnapshot {
  /** e.g. `main-menu.asking`. */
  readonly state: string;
  readonly context: FlowContext;
  readonly done: boolean;
}

/** The flow's memory. JSON only. */
export interface FlowContext {
  /** Values that steps put `into` or `set`; names as the flow writes them. */
  readonly vars: JsonObject;
  /** What is known of the caller; CEL reads it as `caller`. */
  readonly caller: FlowCaller;
  /** Keys pressed early and not yet consumed (type-ahead), at most 64. */
  readonly keys: string;
  /** Keys of the input that is being entered. */
  readonly entered: string;
  /** How often this input step had silence, and how often a wrong entry: two counters. */
  readonly noInput: number;
  readonly noMatch: number;
  /** Menus entered on the way here, oldest first, at most 16: where `back` goes. */
  readonly trail?: readonly string[];
  /** Questions of the survey that are still to be asked, by their place in it. */
  readonly asked?: readonly number[];
  /** A whole entry that the caller has not confirmed yet. */
  readonly held?: string;
  /** PINs by name, until a lookup has had them. Never stored: see `storedCall`. */
  readonly secrets?: JsonObject;
  /** How often the caller rejected what was entered or recorded at this step. */
  readonly anew?: number;
  /** An end key that may still follow an entry which was complete without it; dropped when it is the next key. */
  readonly lateEnd?: Key | '';
}

export interface FlowCaller {
  /** Language of the caller, e.g. `ar`; the flow's first language until chosen. */
  readonly language: string;
  readonly languageChosen: boolean;
  /** E.164 or as received; null when withheld. Caller id is not identity. */
  readonly number: string | null;
}

export type FlowEvent =
  | { readonly type: 'key'; readonly key: Key }
  /** What the last `speak` effect asked for was heard to its end (or could not be played). */
  | { readonly type: 'spoken' }
  | { readonly type: 'looked-up'; readonly result: 'found'; readonly row: JsonObject }
  | { readonly type: 'looked-up'; readonly result: 'not-found' | 'failed' | 'locked' }
  /** `ms` is the length of what is stored. */
  | { readonly type: 'recorded'; readonly recording: string; readonly ms: number }
  | { readonly type: 'record-failed' }
  /** The dialled phone was picked up and both talk. */
  | { readonly type: 'dial-answered' }
  | { readonly type: 'dial-ended'; readonly result: DialResult }
  /** The case that a `case` effect asked for exists. */
  | { readonly type: 'case-opened'; readonly reference: string }
  /** What the calendar of an `ask-hours` effect answers, within the turn. */
  | {
      readonly type: 'hours-told';
      readonly state: 'open' | 'closed' | 'holiday' | 'emergency';
      /** Text that tells the caller why; null: none does. */
      readonly say: string | null;
      readonly value: JsonObject;
    }
  /** The caller waits in the queue. */
  | { readonly type: 'queue-waiting' }
  /** What the queue answers to `ask-place`, within the turn. `waitMs`: null: nobody knows. */
  | { readonly type: 'place-told'; readonly position: number; readonly waitMs: number | null }
  /** An agent was reached and both talk. */
  | { readonly type: 'queue-connected' }
  | { readonly type: 'queue-ended'; readonly result: QueueResult }
  /** `number` is E.164. */
  | { readonly type: 'number-checked'; readonly result: 'allowed'; readonly number: string }
  | { readonly type: 'number-checked'; readonly result: 'refused' }
  | { readonly type: 'place-kept'; readonly kept: boolean }
  | { readonly type: 'message-ended'; readonly result: MessageResult }
  /** Which questions this caller is asked, by their place in the survey. */
  | { readonly type: 'questions-chosen'; readonly chosen: readonly number[] }
  /** The sub-flow ended. */
  | {
      readonly type: 'returned';
      readonly results: JsonObject;
      readonly caller: FlowCaller;
      readonly keys: string;
    }
  /** A timer of this flow is due; `event` is the timer's own. */
  | { readonly type: 'timer'; readonly event: string }
  /** The engine was away: keys may be lost, so a half-entered input is thrown away and asked again. */
  | { readonly type: 'resumed' };

/** `talked`: answered, and over now. */
export type DialResult = 'talked' | 'busy' | 'no-answer' | 'rejected' | 'unreachable' | 'failed';

/** `talked`: answered, and over now. */
/** `forMs`: how long; null: as long as the queue says. `last-agent`: who talked with the caller last. */
export type FlowPreference =
  | { readonly whom: 'agent'; readonly agent: string; readonly forMs: number | null }
  | { readonly whom: 'last-agent'; readonly forMs: number | null };

export type QueueResult = 'talked' | 'closed' | 'full' | 'nobody' | 'no-answer' | 'failed';

/** `no-number`: there is none, or none to which the site writes. */
export type MessageResult = 'sent' | 'failed' | 'no-number';

export type FlowEffect =
  /** A step was entered (for the path in the record and for the guards against endless flows). */
  | {
      readonly type: 'enter';
      readonly step: string;
      readonly kind: StepKind;
      /** The step of the same flow that was left for it, and by which way (`key 1`, `no-input`, `found`...). */
      readonly from?: string;
      readonly by?: string;
    }
  /** A way led back to the prompt of the step itself. */
  | { readonly type: 'repeat'; readonly step: string; readonly by: string }
  /** Speak texts; replaces what is being spoken. Answered by `spoken` unless `hush` comes first. */
  | { readonly type: 'speak'; readonly texts: readonly SpokenText[] }
  /** Silence what is being spoken (barge-in). */
  | { readonly type: 'hush' }
  | {
      readonly type: 'look-up';
      readonly source: string;
      readonly with: JsonObject;
      readonly timeoutMs: number;
      /** It carries a PIN: asked only where the attempt is allowed, else answered by `locked`. */
      readonly proof?: LookUpProof;
    }
  | {
      readonly type: 'record';
      readonly maxMs: number;
      readonly silenceMs: number;
      readonly beep: boolean;
      /** Under which it is kept if the caller goes while it is reviewed. */
      readonly name: string;
    }
  /** Play what was recorded last, then speak; answered by `spoken`, as `speak` is. */
  | { readonly type: 'replay'; readonly texts: readonly SpokenText[] }
  | { readonly type: 'stop-recording' }
  /** The last recording is not wanted (too short, or to be made again). */
  | { readonly type: 'discard-recording' }
  /** The last recording is to be kept with the contact under this name. */
  | { readonly type: 'keep-recording'; readonly name: string }
  | { readonly type: 'dial'; readonly phone: string; readonly ringMs: number }
  | { readonly type: 'case'; readonly kind: CaseKind; readonly subject: string; readonly details: JsonObject }
  /** Ask a calendar; answered by `hours-told`. */
  | { readonly type: 'ask-hours'; readonly calendar: string }
  | { readonly type: 'set-language'; readonly language: string }
  /** A caller's entry is complete: goes to the personal side table under `name`. */
  | { readonly type: 'keep-entry'; readonly name: string; readonly value: string }
  | { readonly type: 'outcome'; readonly outcome: string }
  /** Wait for an agent; answered within the turn by `queue-waiting` or `queue-ended`. Needs: skill to level, 1 to 5. */
  | {
      readonly type: 'queue';
      readonly queue: string;
      readonly needs: Readonly<Record<string, number>>;
      /** Whom the caller waits for alone at first; null: nobody. */
      readonly prefer: FlowPreference | null;
      readonly priority: number | null;
    }
  /** Ask for the place in the queue; answered within the turn by `place-told`. */
  | { readonly type: 'ask-place' }
  /** `held`: the caller is asked something, and keeps the place meanwhile. */
  | { readonly type: 'leave-queue'; readonly result: 'left' | 'no-answer' | 'held' }
  /**
   * Whoever hangs up is called back in turn, where a place is held; answered within the turn by `place-kept`.
   * `number`: E.164; `flow`, `with`: what they go through then.
   */
  | {
      readonly type: 'keep-place';
      readonly number: string;
      readonly flow: string;
      readonly with: JsonObject;
    }
  | { readonly type: 'music'; readonly on: boolean }
  /** Whether the site calls such a number; answered within the turn by `number-checked`. */
  | {
      readonly type: 'check-number';
      readonly number: string;
      /** Those of the site's countries that count here, ISO 3166; null: all of them. */
      readonly countries: readonly string[] | null;
    }
  /** Write to somebody; answered by `message-ended`. */
  | {
      readonly type: 'message';
      readonly texts: readonly SpokenText[];
      readonly to: string;
      readonly timeoutMs: number;
    }
  /** A survey begins; answered within the turn by `questions-chosen`. */
  | {
      readonly type: 'choose-questions';
      readonly survey: string;
      readonly questions: readonly string[];
      readonly ask: number;
      /** The lowest and the highest answer. */
      readonly scale: { readonly from: number; readonly to: number };
    }
  | {
      readonly type: 'keep-answer';
      readonly survey: string;
      readonly question: string;
      readonly section: string;
      readonly answer: number;
    }
  /** Start a sub-flow; answered by `returned`. */
  | { readonly type: 'push'; readonly flow: string; readonly with: JsonObject }
  /** A sub-flow is over. */
  | { readonly type: 'return'; readonly results: JsonObject }
  | { readonly type: 'hang-up' };

export type StepKind =
  | 'menu'
  | 'collect'
  | 'say'
  | 'lookup'
  | 'record'
  | 'decide'
  | 'set'
  | 'dial'
  | 'case'
  | 'hours'
  | 'call'
  | 'return'
  | 'hang-up'
  | 'queue'
  | 'callback'
  | 'message'
  | 'survey';

export type CaseKind =
  | 'enquiry'
  | 'status-enquiry'
  | 'complaint'
  | 'suggestion'
  | 'feedback'
  | 'compliment'
  | 'request';

export interface LookUpProof {
  /** Names under `with` whose value is a PIN. */
  readonly secret: readonly string[];
  /** Whose PIN it is; null: the flow does not say. */
  readonly account: string | null;
  /** Wrong PINs until a call, a number or an account is locked. */
  readonly tries: number;
  /** How long the first lock lasts; each further one twice as long. */
  readonly lockMs: number;
}

export interface SpokenText {
  /** Name of a text in prompts/<language>.yaml. */
  readonly text: string;
  readonly language: string;
  /** Values for the text's slots, by name; nested as the slots' dotted names say. */
  readonly slots: JsonObject;
}

/** A timer as data: due `delayMs` after the event that armed it. Arming an id again replaces it. */
export type FlowTimer =
  | { readonly type: 'arm'; readonly id: string; readonly delayMs: number; readonly event: string }
  | { readonly type: 'disarm'; readonly id: string };

/** What one event did to a flow. Effects and timers are in order. */
export type FlowStep =
  | {
      readonly result: 'stepped';
      readonly snapshot: FlowSnapshot;
      readonly effects: readonly FlowEffect[];
      readonly timers: readonly FlowTimer[];
    }
  /** A bug in the flow (an endless cycle, a condition that fails at run time): the caller gets the fallback. */
  | { readonly result: 'failed'; readonly why: string };

/** A flow ready to run. Pure: the same snapshot and event give the same step. */
export interface CompiledFlow {
  readonly name: string;
  readonly languages: readonly string[];
  /** Numbers that this flow answers; empty for a sub-flow. */
  readonly numbers: readonly string[];
  /** Outcomes that it declares, and whether each means: served without a person. null: it declares none. */
  readonly outcomes: Readonly<Record<string, boolean>> | null;
  start(input: { readonly vars: JsonObject; readonly caller: FlowCaller; readonly keys: string }): FlowStep;
  step(snapshot: FlowSnapshot, event: FlowEvent): FlowStep;
  /** Whether a key that is pressed now would belong to a PIN: it is shown nowhere. */
  asksSecret(snapshot: FlowSnapshot): boolean;
  /**
   * What is still done when the flow is left midway, from that snapshot; null: nothing. Waits for no caller: it is
   * done at once, but for what is answered within the turn.
   */
  end(snapshot: FlowSnapshot): FlowStep | null;
}
