/** What speech is to the rest of the engine: a text with slots becomes spoken pieces, a piece becomes a media file. */
import type { JsonObject } from '../base/index.js';

/** The smallest thing that is spoken: a fixed part of a text, a digit, a month's name, a pause. */
export interface SpokenPiece {
  /** BCP 47 language, e.g. `ar`. */
  readonly language: string;
  /** The words, as a synthesiser reads them (Arabic with its vowel signs); {@link captionOf} shows them. */
  readonly words: string;
  /** Name under which a person's recording overrides the synthetic voice, e.g. `main-menu` or `say/digit-7`. */
  readonly name: string;
  /** The piece is silence of this length, milliseconds; its words are empty. */
  readonly pauseMs?: number;
  /** What to speak where this piece has no media: a number's digits. */
  readonly instead?: readonly SpokenPiece[];
}

/** A rendered text. `missing` names texts and slots that could not be spoken; what could is in `pieces`. */
export interface Rendering {
  readonly pieces: readonly SpokenPiece[];
  readonly missing: readonly string[];
}

/** A text to be read. `missing` as in {@link Rendering}. */
export interface Writing {
  readonly words: string;
  readonly missing: readonly string[];
}

/** The checked texts of a site version, in all languages. Pure. */
export interface TextCatalog {
  readonly languages: readonly string[];
  has(language: string, text: string): boolean;
  /** Names of all texts of a language, sorted. */
  names(language: string): readonly string[];
  /** Names of the slots that a text needs, e.g. `request.updated`. */
  slots(language: string, text: string): readonly string[];
  /** Never throws. A text that the language lacks is spoken in the first language that has it, and is `missing`. */
  render(language: string, text: string, slots: JsonObject): Rendering;
  /** The same text to be read: for messages. */
  write(language: string, text: string, slots: JsonObject): Writing;
  /** Every piece that any text could be made of: what must exist as media before a call. */
  allPieces(language: string): readonly SpokenPiece[];
  /** Name of a piece -> how it is heard. */
  contexts(language: string): ReadonlyMap<string, PieceContext>;
  /** How the language is spoken by the synthesiser; null for a language that is not there. */
  voice(language: string): VoiceSettings | null;
  /** What the author of a text says to the person who records it; null where nothing. */
  note(language: string, text: string): string | null;
}

/** How a piece is heard: what the person who records it must know. */
export interface PieceContext {
  /** The first sentence or value in which it is spoken, the piece between « and », slots as `[request.updated]`. */
  readonly sentence: string;
  /** Whether the sentence ends with it. */
  readonly ends: boolean;
}

/** A synthetic voice as prompts/<lang>.yaml chooses it. */
export interface VoiceSettings {
  /** Name of the synthesiser's voice, e.g. `en-gb`. */
  readonly name: string;
  /** Words a minute, 80 to 300. */
  readonly rate: number;
  /** 0 to 99. */
  readonly pitch: number;
}

/** Finds the media file of a piece: path relative to the media folder, without extension; null where none was made. */
export type MediaIndex = (piece: SpokenPiece) => string | null;
