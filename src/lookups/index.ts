export { csvAnswers } from './csv.js';
export { type LookupParts, type OpenLookups, openLookups, type SourceState } from './open.js';
export type { HttpSource, OutsideSource, Pointer, SourceLimits, SqlSource, UrlPart } from './source.js';
