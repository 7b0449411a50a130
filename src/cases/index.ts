export { type Case, type CaseFact, type CaseStatus, foldCase } from './case.js';
export { type Contact, type ContactFact, foldContact, type PathStep, type Talk } from './contact.js';
export { type CaseCommand, type CaseDecision, decideCase } from './decide.js';
export { lastTalker } from './outreach.js';
export { isReference, referenceOf } from './reference.js';
