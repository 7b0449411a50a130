export {
  type CountedExit,
  type ExitCoverage,
  exitCoverage,
  type WalkedExit,
} from './coverage.js';
export {
  differenceLines,
  type ExplorationDifference,
  explorationDifference,
  lineChanges,
} from './exploration-difference.js';
export { explorationLines, placeLines, type TreeLimits } from './exploration-lines.js';
export type { Choice, Place } from './explored-choices.js';
export { type Exploration, explore } from './explorer.js';
export { type Moments, momentsOf } from './moment.js';
export type {
  HeardText,
  LookupReply,
  PhoneBehaviour,
  QueueBehaviour,
  Rehearsal,
  RehearsalSettings,
  RehearsalSite,
} from './rehearsed.js';
export { rehearse } from './rehearsal.js';
export { type RecordedCall, type RecordedScript, scriptOfCall } from './recorded-call.js';
export {
  readScript,
  scriptSchema,
  type ScriptedCaller,
  type ScriptReading,
  type ScriptStep,
} from './script.js';
export { runScript, type ScriptedResult } from './scripted-call.js';
export { type TranscriptRow, transcriptLines } from './transcript.js';
