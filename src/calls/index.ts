export {
  type AttemptEvent,
  type AttemptMessage,
  type Attempts,
  countingAt,
  lockedUntil,
  withAttempt,
  withoutAttempt,
} from './attempts.js';
export type {
  Call,
  CallDecision,
  CallEvent,
  CallMessage,
  CaseMessage,
  CallSite,
  Deadline,
  Dial,
  Frame,
  LookUpCommand,
  LookUpResult,
  OutwardCommand,
  PersonalFact,
  SendMessageCommand,
  SendOutcome,
} from './call.js';
export { type Arrival, serviceNumber, startCall } from './arrival.js';
export { type Callback, isDialling, startCallback } from './calling-back.js';
export { isOnTheLine } from './keeping-place.js';
export { decideCall, rescueCall } from './decide.js';
export type { CallerKeys, CallFact, TalkBeginning, TalkEnding, Termination } from './fact.js';
export type { CalledBack, KeptPlace } from './kept-place.js';
export type { TalkTexts } from './recorded-talk.js';
export { bridgesOf, isUp, togetherIn } from './dialing.js';
export { besideIn } from './second-call.js';
export {
  type Transfer,
  type TransferKeys,
  type Transfers,
  type TransferTexts,
  type TransferTo,
  targetName,
  targetOf,
} from './transfer.js';
export { isWanted, withoutCommand } from './settling.js';
export { type LeftMessage, takeMessage } from './left-message.js';
export type {
  CallQueue,
  Offer,
  Ticket,
  TicketEnd,
  TicketEvent,
  TicketMessage,
  TicketRefusal,
} from './ticket.js';
export { recordingsOf } from './talk-recording.js';
export { mediaOfText } from './speaking.js';
export { callTakenOn, storedCall } from './stored-form.js';
export { dialResultOf, terminationOf } from './termination.js';
