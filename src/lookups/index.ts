export { openCsvLookups } from './csv.js';
export type { LookupAnswer, LookupRequest, Lookups } from './port.js';
