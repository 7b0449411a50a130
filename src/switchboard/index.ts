export type { Publication, SiteAlias } from '../journal/port.js';
export type { AgentEvent } from './desk.js';
export type { EngineFact } from './engine-fact.js';
export type { LiveCall } from './live-call.js';
export {
  createPublishing,
  type DraftCheck,
  type FailedCaller,
  type PublishAnswer,
  type PublishRequest,
  type Publishing,
  type RollbackRequest,
} from './publishing.js';
export { createSiteShelf, type SiteShelf } from './site-shelf.js';
export type {
  Switchboard,
  SwitchboardLimits,
  SwitchboardParts,
  SwitchboardSites,
  SwitchboardStatus,
} from './port.js';
export { createSwitchboard } from './switchboard.js';
export type { AttemptBook } from './attempt-book.js';
export { takeBook } from './book.js';
export type { Kept } from './callback-book.js';
export { answerUnattended } from './unattended.js';
export {
  type QueueAnswer,
  runTurn,
  type TurnCall,
  type TurnResult,
  type TurnStart,
  type TurnWorld,
} from './turn.js';
