export { type Case, type CaseFact, type CaseStatus, foldCase } from './case.js';
export {
  type Contact,
  type ContactFact,
  contactTakenOn,
  foldContact,
  type PathStep,
  type Talk,
} from './contact.js';
export { type CaseCommand, type CaseDecision, decideCase } from './decide.js';
export { lastTalker } from './outreach.js';
export { type NotedSubject, repeatMs, type SubjectFact, subjectsOf } from './subject.js';
export { isReference, referenceOf } from './reference.js';
