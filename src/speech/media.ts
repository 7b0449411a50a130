/** From rendered pieces to media files, with a way out for each one that has none. Pure. */
import type { MediaIndex, Rendering, SpokenPiece } from './speech.js';

/** What to play, in order; `missing` names the pieces, texts and slots that the caller does not hear. */
export interface SpokenMedia {
  /** Paths relative to the media folder, without extension. Never empty where `fallback` has media. */
  readonly paths: readonly string[];
  readonly missing: readonly string[];
}

/**
 * The media of a rendering. A piece without media is spoken by what stands `instead` of it (a number by its digits);
 * where nothing at all could be played, by the fallback. Pure.
 */
export function mediaOf(rendering: Rendering, index: MediaIndex, fallback: readonly SpokenPiece[] = []): SpokenMedia {
  const missing = new Set(rendering.missing);
  let heard = false;
  const paths = rendering.pieces.flatMap(piece => {
    const own = index(piece);
    if (own === null) missing.add(piece.name);
    const found = own === null ? (piece.instead ?? []).flatMap(other => index(other) ?? []) : [own];
    // Pauses alone are silence.
    if (found.length > 0 && piece.pauseMs === undefined) heard = true;
    return found;
  });
  return { paths: heard ? paths : fallback.flatMap(piece => index(piece) ?? []), missing: [...missing] };
}

/** Signs over and under Arabic letters (fathatan to sukun, superscript alef): for the voice, not for the eye. */
const vowelSigns = /[\u064B-\u0652\u0670]/gu;

/** A rendering as a line of text: for captions, transcripts and messages. Pure. */
export function captionOf(pieces: readonly SpokenPiece[]): string {
  return pieces
    .filter(piece => piece.pauseMs === undefined)
    .map(piece => piece.words.replace(vowelSigns, ''))
    .join(' ');
}
