/**
 * The telephony port: what the engine asks of an exchange, and what an exchange tells the engine. Words are those
 * of the field (leg, bridge, playback), never of one product. Every exchange passes the contract suite in
 * `test/telephony/contract`.
 */
import type { BridgeId, ExchangeId, Key, LegId, PlaybackId, RecordingId } from '../base/index.js';

/** Where an outbound leg goes. Built only from the site's phones and trunks, never from what a caller supplied. */
export type Address =
  | { readonly type: 'phone' /** Name of a phone in onedoor.yaml. */; readonly phone: string }
  | { readonly type: 'number' /** E.164 with `+`. */; readonly number: string; readonly trunk: string };

/** Who calls, as the exchange heard it: hostile text, at most 256 characters each, control characters removed. */
export interface CallerIdentity {
  /** As received or normalised to E.164 by the trunk's rule; null when withheld or absent. */
  readonly number: string | null;
  readonly name: string | null;
  readonly withheld: boolean;
}

/** One thing to be heard. */
export type MediaItem =
  | {
      readonly type: 'file' /** Relative to the media folder, without extension, e.g. `en/3f2a…`. */;
      readonly path: string;
    }
  | { readonly type: 'recording'; readonly recording: RecordingId }
  | { readonly type: 'silence'; readonly ms: number }
  | {
      readonly type: 'tone' /** `ringing` never ends by itself; `beep` lasts under half a second. */;
      readonly tone: 'ringing' | 'beep';
    };

/** Why we end a leg; an exchange turns it into its own cause. */
export type HangUpReason = 'normal' | 'busy' | 'congestion' | 'no-answer' | 'rejected' | 'unallocated';

export type TelephonyCommand =
  /** Answers an inbound leg. Answering an answered leg does nothing. */
  | { readonly type: 'answer'; readonly leg: LegId }
  /** Plays the items one after another to an answered leg. A second `play` waits for the first to end. */
  | {
      readonly type: 'play';
      readonly leg: LegId;
      readonly playback: PlaybackId;
      readonly media: readonly MediaItem[];
    }
  /** Ends a playback now, or takes it out of the queue. One that is over already: done. */
  | { readonly type: 'stop-playback'; readonly leg: LegId; readonly playback: PlaybackId }
  /** Records what the leg says. */
  | {
      readonly type: 'record';
      readonly leg: LegId;
      readonly recording: RecordingId;
      /** 1,000 to 3,600,000. */
      readonly maxMs: number;
      /** Silence that ends it; 0: none does. */
      readonly silenceMs: number;
      readonly beep: boolean;
    }
  /** Records all that is said in a bridge, from now on, until the bridge is over. Paused time does not count. */
  | {
      readonly type: 'record-bridge';
      readonly bridge: BridgeId;
      readonly recording: RecordingId;
      /** 1,000 to 3,600,000. */
      readonly maxMs: number;
    }
  /** Leaves out of a bridge's recording what is said while it is `on`. The recording must run. */
  | { readonly type: 'pause-recording'; readonly recording: RecordingId; readonly on: boolean }
  /** Ends a recording and keeps it. One that is over already: done. */
  | {
      readonly type: 'stop-recording';
      /** Null where a bridge is recorded. */
      readonly leg: LegId | null;
      readonly recording: RecordingId;
    }
  /** Deletes a stored recording. One that is not there: done. */
  | { readonly type: 'discard-recording'; readonly recording: RecordingId }
  /** Rings an address as a new leg with an id of ours; the same id twice is refused as `duplicate`. */
  | {
      readonly type: 'originate';
      readonly leg: LegId;
      readonly to: Address;
      /** What the phone shows; digits and `+` only, null for none. */
      readonly callerNumber: string | null;
      /** Rings so long, then ends as not answered. 1,000 to 600,000. */
      readonly ringMs: number;
    }
  /** Makes a bridge (the id: once only) of answered legs, ends their prompts and music; who is in it already stays. */
  | { readonly type: 'bridge'; readonly bridge: BridgeId; readonly legs: readonly LegId[] }
  /** Takes an answered leg into a bridge that is there, out of any other, and ends its prompts and music. */
  | { readonly type: 'join-bridge'; readonly bridge: BridgeId; readonly leg: LegId }
  /**
   * Takes a leg out of a bridge; it lives on, hears nothing more of the others, and may come back. One that is not in
   * it, or a bridge that is over: done. A bridge that all have left is over.
   */
  | { readonly type: 'leave-bridge'; readonly bridge: BridgeId; readonly leg: LegId }
  /** Ends a bridge; its legs live on. One that is over already: done. */
  | { readonly type: 'unbridge'; readonly bridge: BridgeId }
  | { readonly type: 'start-music'; readonly leg: LegId }
  | { readonly type: 'stop-music'; readonly leg: LegId }
  /**
   * Tells the phone of a leg how the transfer goes that it asked for. All but `trying` are final: the phone does not
   * wait any more, and hangs up or not as it likes. Without a transfer under way, or a leg: done.
   */
  | { readonly type: 'answer-transfer'; readonly leg: LegId; readonly result: TransferResult }
  /** Ends a leg. One that is over already: done. */
  | { readonly type: 'hang-up'; readonly leg: LegId; readonly reason: HangUpReason };

/** How a transfer goes, in the words of SIP: 100 Trying, 200 OK, 503 Service Unavailable, 603 Decline. */
export type TransferResult = 'trying' | 'answered' | 'unavailable' | 'declined';

/** Why a command was refused: a value, never thrown. */
export type Refusal =
  | 'no-such-leg'
  | 'no-such-bridge'
  | 'no-such-recording'
  | 'no-such-phone'
  /** The phone or trunk is known but cannot be reached now (not registered). */
  | 'unreachable'
  | 'not-answered'
  | 'duplicate'
  | 'different-exchange'
  | 'invalid';

export type CommandOutcome =
  | { readonly result: 'done' }
  | { readonly result: 'refused'; readonly why: Refusal; readonly detail: string }
  /** The fate is not known (time-out, connection lost): it may have happened. */
  | { readonly result: 'unknown'; readonly detail: string };

/** How a leg ended. */
export interface LegCause {
  /** Q.850 cause value, 1 to 127; null where the exchange gave none. */
  readonly q850: number | null;
  /** SIP status of the final answer, 300 to 699, where there was one. */
  readonly sip: number | null;
}

export type TelephonyEvent =
  /** An inbound leg waits for us; it is not answered yet. Before it, nothing is said of the leg. */
  | {
      readonly type: 'leg.arrived';
      readonly leg: LegId;
      /** The number dialled, as the trunk found it; hostile text like the caller's. */
      readonly called: string;
      readonly caller: CallerIdentity;
      readonly trunk: string;
      /** The site's phone that dials: it proved to be this one. Null for a call from a trunk, whatever number it shows. */
      readonly phone: string | null;
    }
  /** An outbound leg rings. At most once a leg. */
  | { readonly type: 'leg.ringing'; readonly leg: LegId }
  /** An outbound leg was picked up. */
  | { readonly type: 'leg.answered'; readonly leg: LegId }
  /** The last event of a leg, exactly once. */
  | { readonly type: 'leg.ended'; readonly leg: LegId; readonly cause: LegCause }
  /** One a key, in the order of pressing, at its end; in bridges and while recording too. */
  | { readonly type: 'key.pressed'; readonly leg: LegId; readonly key: Key; readonly durationMs: number }
  /** Exactly once for each accepted `play` whose leg lives. `failed`: nothing could be played. */
  | {
      readonly type: 'playback.finished';
      readonly leg: LegId;
      readonly playback: PlaybackId;
      readonly result: 'done' | 'failed';
    }
  /** The recording is stored. Comes before `leg.ended` when the leg's end ended it. */
  | {
      readonly type: 'recording.finished';
      readonly leg: LegId;
      readonly recording: RecordingId;
      readonly durationMs: number;
    }
  | {
      readonly type: 'recording.failed';
      readonly leg: LegId;
      readonly recording: RecordingId;
      readonly detail: string;
    }
  /** All that was said in the bridge is stored. */
  | {
      readonly type: 'bridge.recorded';
      readonly bridge: BridgeId;
      readonly recording: RecordingId;
      readonly durationMs: number;
    }
  | {
      readonly type: 'bridge.record-failed';
      readonly bridge: BridgeId;
      readonly recording: RecordingId;
      readonly detail: string;
    }
  /**
   * A phone of the site put the other side on hold: who is alone with it in a bridge hears music and nothing of the
   * phone, until it takes the call back.
   */
  | { readonly type: 'leg.held'; readonly leg: LegId }
  | { readonly type: 'leg.unheld'; readonly leg: LegId }
  /**
   * A phone of the site asks that whoever it talks with on this leg be connected elsewhere (REFER, RFC 3515). Nothing
   * moves by itself; `answer-transfer` tells the phone how it goes.
   */
  | {
      readonly type: 'transfer.requested';
      readonly leg: LegId;
      /** User part of the address dialled: hostile text, at most 64 digits, letters and `+*#`. */
      readonly to: string;
      /** To be connected with whoever the same phone talks to on this other leg (Replaces); null: with `to`. */
      readonly replaces: LegId | null;
    }
  /**
   * A phone of the site can be rung from now on, or cannot any more: it registered or unregistered, its registration
   * expired, or it gave no sign of life when the exchange asked for one. Told within a second of the exchange's finding
   * out, and at changes only: how it is after `link.ready` stands in the inventory. A phone that the site no longer
   * has is not reachable.
   */
  | { readonly type: 'phone.changed'; readonly phone: string; readonly reachable: boolean };

/** What an exchange holds at one moment. */
export interface Inventory {
  /** Changes when the exchange itself was restarted (then all older legs are gone). */
  readonly incarnation: string;
  readonly legs: readonly InventoryLeg[];
  readonly bridges: readonly { readonly bridge: BridgeId; readonly legs: readonly LegId[] }[];
  /** All phones of the site; `reachable` as told by the events until now. */
  readonly phones: readonly { readonly phone: string; readonly reachable: boolean }[];
}

export interface InventoryLeg {
  readonly leg: LegId;
  readonly direction: 'inbound' | 'outbound';
  /** `waiting`: inbound, not answered. */
  readonly state: 'waiting' | 'ringing' | 'answered';
  readonly called: string;
  readonly caller: CallerIdentity;
  readonly trunk: string;
  /** Of an inbound leg: as `leg.arrived` told; of an outbound one null. */
  readonly phone: string | null;
}

/** What the exchange says of the connection to it. */
export type LinkEvent =
  /** Ready: a canary came back. The receiver asks for the inventory and reconciles. */
  | { readonly type: 'link.ready'; readonly incarnation: string }
  /** Commands are refused as `unknown` until the next `link.ready`. */
  | { readonly type: 'link.lost'; readonly why: string }
  /** Another engine took over: stop acting at once. */
  | { readonly type: 'link.replaced' };

/** One exchange. Events come strictly in order, on the caller's thread, never inside `execute`. */
export interface Exchange {
  readonly id: ExchangeId;
  /** Connects and keeps connected; resolves with the first `link.ready`. Throws ONEDOOR_TELEPHONY_* when it cannot. */
  start(listener: (event: TelephonyEvent | LinkEvent) => void): Promise<void>;
  /**
   * Carries one command out. Commands for one leg take effect in the order in which they were given.
   * Never throws; every command is settled within a deadline of the exchange's own (at most 10 s).
   */
  execute(command: TelephonyCommand): Promise<CommandOutcome>;
  /** What exists now. Throws ONEDOOR_TELEPHONY_UNAVAILABLE when the link is down. */
  inventory(): Promise<Inventory>;
  /** Whether a playback of unknown fate still runs. */
  playbackState(playback: PlaybackId): Promise<'live' | 'gone'>;
  /** Whether a recording of unknown fate runs or is stored; its length is 0 while unknown. */
  recordingState(
    recording: RecordingId,
  ): Promise<{ readonly state: 'live' | 'stored' | 'gone'; readonly durationMs: number }>;
  /** Ends the connection; the exchange and its legs live on. */
  close(): Promise<void>;
}
