import type { SpokenPiece } from './speech.js';

/** Signs over and under Arabic letters (fathatan to sukun, superscript alef): for the voice, not for the eye. */
const vowelSigns = /[\u064B-\u0652\u0670]/gu;

/** Words as they are written, not as a voice reads them. Pure. */
export function forTheEye(words: string): string {
  return words.replace(vowelSigns, '');
}

/** A rendering as a line of text: for captions and transcripts. Pure. */
export function captionOf(pieces: readonly SpokenPiece[]): string {
  return pieces
    .filter((piece) => piece.pauseMs === undefined)
    .map((piece) => forTheEye(piece.words))
    .join(' ');
}
