/** A talk that is recorded, and what its caller was told of it. Types only. */
import type { BridgeId, PlaybackId, RecordingId } from '../base/index.js';
import type { Offer } from './ticket.js';

/** A talk that is recorded, or would be if its agent had not paused it. */
export interface TalkRecording extends Offer {
  readonly bridge: BridgeId;
  /** False: the agent does not want what is said now to be kept. */
  readonly on: boolean;
  /** Null: none runs, since it was paused before it began, or came to an end. */
  readonly id: RecordingId | null;
}

/** A recording that is over, and of which the exchange has not told yet what is stored. */
export interface EndedRecording extends Offer {
  readonly id: RecordingId;
  /** It was stopped once more, since its end was not told in time. */
  readonly stopped: boolean;
}

/** By whom a recording is paused or goes on: the agent at the phone, or somebody at the engine's interfaces. */
export type RecordingAsked = 'agent' | 'desk';

/** What an agent presses while talking. Each begins with `*`. */
export type TalkCodes = Readonly<Record<'record-off' | 'record-on', string>>;

/** Names of texts that the agent hears who presses one; a beep where a site has no such text. */
export interface TalkTexts {
  readonly on: string;
  readonly off: string;
  /** Understood, and not possible now. */
  readonly cannot: string;
}

/**
 * What a call knows of it. `untold`: it could not be said, and nothing is recorded. While it is said: its playback, and
 * whether the flow has not heard yet that the caller waits.
 */
export type Notice = 'told' | 'untold' | { readonly playback: PlaybackId; readonly holdsBack: boolean };
