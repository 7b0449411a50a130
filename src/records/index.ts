export { openRecords, readSimulated } from './open.js';
export { allEvents, type RecordFold, rebuildRecords } from './rebuild.js';
export type {
  EventPlace,
  PageOptions,
  RecordFilter,
  RecordKind,
  RecordPage,
  Records,
  StoredEvent,
} from './records.js';
