import type { BridgeId, PlaybackId, UtcMs } from '../../base/index.js';
import type { MediaItem } from '../port.js';

/** What reaches the ear of a caller or of a phone's user. */
export type Sound =
  | MediaItem
  | { readonly type: 'music' }
  /** In a bridge: hears the others of it. */
  | { readonly type: 'talk'; readonly bridge: BridgeId }
  /** Nobody was there: the exchange's own words to a caller whom the engine cannot take. */
  | { readonly type: 'engine-away' };

/** One line of what somebody heard. */
export interface Heard {
  readonly sound: Sound;
  readonly from: UtcMs;
  /** Null while it is being heard. */
  readonly to: UtcMs | null;
  /** It was ended before its own end: by a key, a command, a hang-up. Music and talk have no end of their own. */
  readonly cut: boolean;
  /** The `play` that it belongs to. */
  readonly playback: PlaybackId | null;
}

/** What is heard from one leg, as it goes on. */
export interface Ear {
  /** Oldest first by their beginning. */
  readonly heard: readonly Heard[];
  begin(sound: Sound, playback?: PlaybackId | null): Hearing;
  /** Everything still heard is cut. */
  close(): void;
}

export interface Hearing {
  end(cut: boolean): void;
}

/** @param changed called after each beginning and each end. */
export function createEar(now: () => UtcMs, changed: () => void): Ear {
  const heard: Heard[] = [];
  return {
    heard,
    begin(sound, playback = null) {
      const index = heard.length;
      heard.push({ sound, from: now(), to: null, cut: false, playback });
      changed();
      return {
        end(cut) {
          const entry = heard[index];
          if (entry === undefined || entry.to !== null) return;
          heard[index] = { ...entry, to: now(), cut };
          changed();
        },
      };
    },
    close() {
      let cut = false;
      for (const [index, entry] of heard.entries()) {
        if (entry.to !== null) continue;
        heard[index] = { ...entry, to: now(), cut: true };
        cut = true;
      }
      if (cut) changed();
    },
  };
}

/** A path, a kind of sound, or a question about it. */
export type SoundMatch = string | ((sound: Sound) => boolean);

/** Whether the sound is meant: by the path of a file, or by its type (`music`, `talk`, `tone`, `recording`...). */
export function matchesSound(match: SoundMatch, sound: Sound): boolean {
  if (typeof match !== 'string') return match(sound);
  return sound.type === 'file' ? sound.path === match : sound.type === match;
}
