export type { MediaIndex, Rendering, SpokenPiece, TextCatalog } from './speech.js';
