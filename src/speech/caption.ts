import type { SpokenPiece } from './speech.js';

/** Signs over and under Arabic letters (fathatan to sukun, superscript alef): for the voice, not for the eye. */
const vowelSigns = /[\u064B-\u0652\u0670]/gu;

/** A rendering as a line of text: for captions, transcripts and messages. Pure. */
export function captionOf(pieces: readonly SpokenPiece[]): string {
  return pieces
    .filter((piece) => piece.pauseMs === undefined)
    .map((piece) => piece.words.replace(vowelSigns, ''))
    .join(' ');
}
