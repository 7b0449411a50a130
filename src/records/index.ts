export { openRecords, readSimulated } from './open.js';
export { allEvents, type RecordFold, rebuildRecords } from './rebuild.js';
export type { RecordFilter, RecordKind, Records } from './records.js';
