export {
  buildPrompts,
  type BuildOptions,
  type BuildReport,
  missingPrompts,
  type PieceToRecord,
} from './build.js';
export { captionOf } from './caption.js';
export { type CatalogLanguage, type CatalogReading, createCatalog, readCatalog } from './catalog.js';
export { espeakSynthesiser, type VoiceToolbox } from './espeak.js';
export { loadPrompts } from './load.js';
export type { Program } from './program.js';
export { readSayGrammar, type SayGrammar, type SayGrammarReading, sayGrammarSchema } from './say-grammar.js';
export { decodeUlaw, encodeUlaw } from './sound.js';
export type { MediaIndex, Rendering, SpokenPiece, TextCatalog, VoiceSettings } from './speech.js';
export { type Pcm, sampleRate, type Synthesiser } from './synthesiser.js';
export { type LanguageTexts, readTexts, type TextsReading, textsSchema } from './texts.js';
