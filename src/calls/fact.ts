/** What is told of a call: the facts that the event log keeps, in the words of the field. No personal data. */
import type { JsonObject } from '../base/index.js';
import type { TicketEnd } from './ticket.js';
import type { TransferHow, TransferTo } from './transfer.js';

/** How an interaction ended, with a culprit. */
export interface Termination {
  readonly result: 'completed' | 'abandoned' | 'failed' | 'refused';
  /** A fixed word, e.g. `hung-up`, `flow-ended`, `exchange-gone`, `congestion`. */
  readonly reason: string;
  readonly by: 'caller' | 'agent' | 'engine' | 'exchange' | 'network';
}

/** Who called: names of rows in the contact's personal side table, null where nothing is known. */
export interface CallerKeys {
  readonly number: string | null;
  readonly name: string | null;
  readonly withheld: boolean;
}

/** How a segment began: by an offer of a queue, the flow's dial, a transfer, or the caller came back from one. */
export type TalkBeginning = 'offer' | 'dial' | 'transfer' | 'conference' | 'back';

/**
 * How a segment ended. `hung-up`: by whoever it is about; `transferred`: the caller went on to somebody else;
 * `taken-back`: the one who had transferred let it go.
 */
export type TalkEnding = 'hung-up' | 'caller-gone' | 'transferred' | 'taken-back' | 'failed';

/** The leg that a call began with, and what answers it. */
interface LegBegun {
  readonly trunk: string;
  readonly leg: string;
  readonly exchange: string;
  readonly site: string;
  readonly flow: string;
}

interface CallBegun extends LegBegun {
  /** The service number that was called, or that the phone which is called shows. */
  readonly number: string;
  readonly caller: CallerKeys;
}

/** A fact about a call, as the event log keeps it. */
export type CallFact =
  | {
      readonly type: 'call.arrived';
      /** `at`: when it came, where that was before the turn that tells it. */
      readonly body: CallBegun & { readonly at?: number };
    }
  /** A call of ours to somebody. `follows`: the contact that asked for it. */
  | {
      readonly type: 'call.placed';
      readonly body: CallBegun & { readonly follows: string };
    }
  /** The same call of ours is tried once more. */
  | {
      readonly type: 'call.redialled';
      readonly body: LegBegun;
    }
  | { readonly type: 'call.answered'; readonly body: JsonObject }
  | { readonly type: 'call.resumed'; readonly body: JsonObject }
  | { readonly type: 'call.marked'; readonly body: { readonly mark: string } }
  | {
      readonly type: 'step.entered';
      readonly body: {
        readonly flow: string;
        readonly step: string;
        readonly kind: string;
        /** The step of the same flow that was left for it, and by which way; absent at a flow's start. */
        readonly from?: string;
        readonly by?: string;
      };
    }
  /** A way led back to the prompt of the step itself. */
  | {
      readonly type: 'step.repeated';
      readonly body: { readonly flow: string; readonly step: string; readonly by: string };
    }
  | { readonly type: 'language.chosen'; readonly body: { readonly language: string } }
  | { readonly type: 'entry.kept'; readonly body: { readonly name: string; readonly key: string } }
  | { readonly type: 'prompt.missing'; readonly body: { readonly text: string; readonly language: string } }
  | { readonly type: 'prompt.failed'; readonly body: JsonObject }
  | { readonly type: 'prompt.overdue'; readonly body: JsonObject }
  | { readonly type: 'lookup.answered'; readonly body: { readonly source: string; readonly result: string } }
  | {
      readonly type: 'hours.told';
      readonly body: { readonly calendar: string; readonly state: string };
    }
  | {
      readonly type: 'recording.kept';
      /** `ticket` and `agent`: of a talk. */
      readonly body: {
        readonly name: string;
        readonly recording: string;
        readonly ms: number;
        readonly ticket?: string;
        readonly agent?: string;
      };
    }
  | { readonly type: 'recording.discarded'; readonly body: { readonly recording: string } }
  /** A talk is recorded from now on. */
  | {
      readonly type: 'recording.started';
      readonly body: { readonly recording: string; readonly ticket: string; readonly agent: string };
    }
  /** Not at the moment, or again. `recording`: null where none runs; `by`: the agent's keys, or the engine's interfaces. */
  | {
      readonly type: 'recording.paused' | 'recording.resumed';
      readonly body: {
        readonly recording: string | null;
        readonly agent: string;
        readonly by: 'agent' | 'desk';
      };
    }
  /** Nothing of it is kept, as far as we know. `recording`: null where it was not even begun. */
  | {
      readonly type: 'recording.failed';
      readonly body: { readonly recording: string | null; readonly why: string };
    }
  | { readonly type: 'dial.started'; readonly body: { readonly phone: string; readonly leg: string } }
  | { readonly type: 'dial.rang'; readonly body: { readonly leg: string } }
  | { readonly type: 'dial.answered'; readonly body: { readonly leg: string; readonly bridge: string } }
  | { readonly type: 'dial.ended'; readonly body: { readonly leg: string; readonly result: string } }
  /** Somebody talks with the caller, or about the caller, from now on: a segment of the contact. */
  | {
      readonly type: 'talk.began';
      readonly body: {
        readonly leg: string;
        readonly kind: 'agent' | 'phone' | 'outside';
        /** The agent, the phone, or the trunk. */
        readonly who: string;
        readonly by: TalkBeginning;
        /** The agent's ticket; null: it was not by a queue, nor for one agent. */
        readonly ticket: string | null;
      };
    }
  | { readonly type: 'talk.ended'; readonly body: { readonly leg: string; readonly by: TalkEnding } }
  /** `to`: a kind of target; `name`: null for a number outside. */
  | {
      readonly type: 'transfer.began';
      readonly body: {
        readonly leg: string;
        readonly how: TransferHow;
        readonly to: TransferTo['type'];
        readonly name: string | null;
      };
    }
  | {
      readonly type: 'transfer.ended';
      readonly body: {
        readonly leg: string;
        readonly result: 'completed' | 'failed' | 'taken-back' | 'caller-gone';
        /** Why the target was not reached; null where it was. */
        readonly why: string | null;
      };
    }
  /** One of two who talk put the other on hold. */
  | { readonly type: 'leg.held'; readonly body: { readonly leg: string } }
  | { readonly type: 'leg.unheld'; readonly body: { readonly leg: string } }
  | {
      readonly type: 'ticket.requested';
      readonly body: {
        readonly ticket: string;
        readonly queue: string;
        readonly needs: Readonly<Record<string, number>>;
        /** null: the queue's. */
        readonly priority: number | null;
      };
    }
  /** The caller hung up and keeps the place. */
  | { readonly type: 'ticket.parked'; readonly body: { readonly ticket: string } }
  /** Whoever keeps a place is called back. `since`: when the wait began. */
  | {
      readonly type: 'ticket.dialled';
      readonly body: { readonly ticket: string; readonly queue: string; readonly since: number };
    }
  /** Whoever is called back waits on the line from now on. */
  | { readonly type: 'ticket.reached'; readonly body: { readonly ticket: string } }
  | {
      readonly type: 'ticket.offered';
      readonly body: { readonly ticket: string; readonly agent: string; readonly leg: string };
    }
  /** What the caller was told of the wait. */
  | {
      readonly type: 'place.told';
      readonly body: { readonly ticket: string; readonly position: number; readonly waitMs: number | null };
    }
  | { readonly type: 'ticket.connected'; readonly body: { readonly ticket: string; readonly agent: string } }
  | { readonly type: 'ticket.ended'; readonly body: { readonly ticket: string; readonly result: TicketEnd } }
  /** `to` and `text` name rows in the contact's personal side table. */
  | {
      readonly type: 'message.requested';
      readonly body: {
        readonly message: string;
        readonly channel: string;
        readonly texts: readonly string[];
        readonly to: string;
        readonly text: string;
      };
    }
  /** `by` names the channel that took it. One that could not even be asked for has no `message.requested`. */
  | {
      readonly type: 'message.ended';
      readonly body: {
        readonly message: string;
        readonly texts: readonly string[];
        readonly result: 'sent' | 'failed' | 'unknown' | 'no-number';
        readonly by: string | null;
      };
    }
  | {
      readonly type: 'survey.offered';
      readonly body: {
        readonly survey: string;
        readonly questions: readonly string[];
        /** The lowest and the highest answer; absent in older logs. */
        readonly scale?: { readonly from: number; readonly to: number };
      };
    }
  | {
      readonly type: 'survey.answered';
      readonly body: {
        readonly survey: string;
        readonly question: string;
        readonly section: string;
        readonly answer: number;
      };
    }
  | { readonly type: 'flow.failed'; readonly body: { readonly flow: string; readonly why: string } }
  | { readonly type: 'command.refused'; readonly body: { readonly command: string; readonly why: string } }
  | {
      readonly type: 'outcome.reached';
      /** `contained`: whether the caller was served without a person; where the flow declares it. */
      readonly body: { readonly outcome: string; readonly contained?: boolean };
    }
  | { readonly type: 'case.linked'; readonly body: { readonly case: string } }
  | {
      readonly type: 'call.ended';
      readonly body: {
        readonly termination: Termination;
        readonly outcome: string;
        /** When it ended, where that was before the turn that tells it. */
        readonly at?: number;
      };
    };
