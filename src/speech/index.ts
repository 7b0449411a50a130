export {
  type BuildOptions,
  type BuildReport,
  buildPrompts,
} from './build.js';
export { captionOf } from './caption.js';
export { readCatalog } from './catalog.js';
export { cachedUlaw } from './media-cache.js';
export { espeakSynthesiser, type VoiceToolbox } from './espeak.js';
export { decodeUlaw, encodeUlaw } from './sound.js';
export type { MediaIndex, SpokenPiece, TextCatalog } from './speech.js';
export { type ImportReport, importRecordings, missingPrompts, type PieceToRecord } from './studio.js';
export { textsSchema } from './texts.js';
export type { Pcm, Synthesiser } from './synthesiser.js';
