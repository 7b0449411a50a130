export type {
  Call,
  CallDecision,
  CallEvent,
  CallMessage,
  CallSite,
  Deadline,
  Dial,
  Frame,
  LookUpCommand,
  LookUpResult,
  OutwardCommand,
  PersonalFact,
} from './call.js';
export {
  type Arrival,
  decideCall,
  isWanted,
  rescueCall,
  serviceNumber,
  startCall,
  withoutCommand,
} from './decide.js';
export type { CallerKeys, CallFact, Termination } from './fact.js';
export { type LeftMessage, takeMessage } from './left-message.js';
export { dialResultOf, terminationOf } from './termination.js';
