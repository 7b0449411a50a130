export { type Database, openForReading } from './database.js';
export type { Fault } from './messages.js';
export { type OwnedJournal, openJournal } from './open.js';
export type { JournalEvent, JournalUpkeep, RecordWrite, Turn } from './port.js';
export type { ReserveMedium } from './reserve.js';
export {
  createSimulatedDisk,
  openSimulatedJournal,
  type SimulatedDisk,
  type SimulatedJournal,
} from './simulated.js';
export type { Timers } from './timers.js';
