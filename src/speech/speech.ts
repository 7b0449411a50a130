/** What speech is to the rest of the engine: a text with slots becomes spoken pieces, a piece becomes a media file. */
import type { JsonObject } from '../base/index.js';

/** The smallest thing that is spoken: a fixed part of a text, a digit, a month's name. */
export interface SpokenPiece {
  /** BCP 47 language, e.g. `ar`. */
  readonly language: string;
  /** The words, as a caption shows them and a synthesiser reads them. */
  readonly words: string;
  /** Name under which a person's recording overrides the synthetic voice, e.g. `main-menu` or `say/digit-7`. */
  readonly name: string;
}

/** A rendered text. `missing` names texts and slots that could not be spoken; what could is in `pieces`. */
export interface Rendering {
  readonly pieces: readonly SpokenPiece[];
  readonly missing: readonly string[];
}

/** The checked texts of a site version, in all languages. Pure. */
export interface TextCatalog {
  readonly languages: readonly string[];
  has(language: string, text: string): boolean;
  /** Names of the slots that a text needs, e.g. `request.updated`. */
  slots(language: string, text: string): readonly string[];
  render(language: string, text: string, slots: JsonObject): Rendering;
  /** Every piece that any text could be made of: what must exist as media before a call. */
  allPieces(language: string): readonly SpokenPiece[];
}

/** Finds the media file of a piece: path relative to the media folder, without extension; null where none was made. */
export type MediaIndex = (piece: SpokenPiece) => string | null;
