export type { CommitLimits } from './commits.js';
export { type Database, openForReading } from './database.js';
export { defaultRetention, type Retention } from './group.js';
export type { Fault } from './messages.js';
export { type JournalOptions, type OwnedJournal, openJournal } from './open.js';
export type {
  EntityWrite,
  Journal,
  JournalEvent,
  JournalState,
  JournalUpkeep,
  PersonalWrite,
  RecordWrite,
  Recovered,
  StoredSite,
  Turn,
} from './port.js';
export type { ReserveMedium } from './reserve.js';
export {
  createSimulatedDisk,
  openSimulatedJournal,
  type SimulatedDisk,
  type SimulatedJournal,
  type SimulatedOptions,
} from './simulated.js';
export type { Timers } from './timers.js';
