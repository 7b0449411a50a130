export {
  type BuildOptions,
  type BuildReport,
  buildPrompts,
  missingPrompts,
  type PieceToRecord,
} from './build.js';
export { captionOf } from './caption.js';
export { type CatalogReading, readCatalog } from './catalog.js';
export { espeakSynthesiser, type VoiceToolbox } from './espeak.js';
export { decodeUlaw, encodeUlaw } from './sound.js';
export type { MediaIndex, Rendering, SpokenPiece, TextCatalog, VoiceSettings } from './speech.js';
export type { Pcm, Synthesiser } from './synthesiser.js';
