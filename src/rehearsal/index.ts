export {
  type HeardText,
  type LookupReply,
  type PhoneBehaviour,
  type QueueBehaviour,
  type Rehearsal,
  type RehearsalSettings,
  rehearse,
} from './rehearsal.js';
export {
  readScript,
  scriptSchema,
  type ScriptedCaller,
  type ScriptReading,
  type ScriptStep,
} from './script.js';
export { runScript, type ScriptedResult } from './scripted-call.js';
