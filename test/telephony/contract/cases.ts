import { arrivalCases } from './arrival-cases.js';
import { bridgeCases } from './bridge-cases.js';
import { bridgeRecordCases } from './bridge-record-cases.js';
import { conferenceCases } from './conference-cases.js';
import { hangUpCases } from './hang-up-cases.js';
import { keyCases } from './key-cases.js';
import { linkCases } from './link-cases.js';
import { phoneCases } from './phone-cases.js';
import { playCases } from './play-cases.js';
import { recordCases } from './record-cases.js';
import { registrationCases } from './registration-cases.js';
import type { ContractCase } from './stage.js';
import { transferCases } from './transfer-cases.js';

/** The port's promises, a case each. Every exchange keeps them all. */
export const contractCases: readonly ContractCase[] = [
  ...arrivalCases,
  ...playCases,
  ...recordCases,
  ...keyCases,
  ...hangUpCases,
  ...phoneCases,
  ...registrationCases,
  ...bridgeCases,
  ...conferenceCases,
  ...bridgeRecordCases,
  ...transferCases,
  ...linkCases,
];
