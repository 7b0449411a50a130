export {
  type CountedExit,
  type ExitCoverage,
  exitCoverage,
  type WalkedExit,
  walkedExits,
} from './coverage.js';
export {
  type HeardText,
  type LookupReply,
  type PhoneBehaviour,
  type Rehearsal,
  type RehearsalSettings,
  rehearse,
} from './rehearsal.js';
export { readScript, type ScriptedCaller, type ScriptReading, type ScriptStep } from './script.js';
export { runScript, type ScriptedResult } from './scripted-call.js';
export { type TranscriptRow, transcriptLines } from './transcript.js';
