export { type CatalogLanguage, type CatalogReading, createCatalog } from './catalog.js';
export { captionOf, mediaOf, type SpokenMedia } from './media.js';
export { readSayGrammar, type SayGrammar, type SayGrammarReading, sayGrammarSchema } from './say-grammar.js';
export type { MediaIndex, Rendering, SpokenPiece, TextCatalog, VoiceSettings } from './speech.js';
export { type LanguageTexts, readTexts, type TextsReading, textsSchema } from './texts.js';
