export { csvAnswers } from './csv.js';
export type { FindCase } from './cases-source.js';
export { type LookupParts, type OpenLookups, openLookups, type SourceState } from './open.js';
export type {
  CasesSource,
  HttpSource,
  OutsideSource,
  Pointer,
  PostgresSource,
  SourceLimits,
  SqlSource,
  UrlPart,
} from './source.js';
