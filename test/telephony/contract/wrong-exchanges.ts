/**
 * Deliberately wrong exchanges, each with the cases that must find it out. A case that no wrong exchange fails proves
 * nothing; `test/telephony/simulator/wrong-exchanges.test.ts` holds that there is none.
 */
import { wrongArrivals } from './wrong/arrival.js';
import { wrongBridges } from './wrong/bridge.js';
import { wrongBridgeRecordings } from './wrong/bridge-record.js';
import { wrongConferences } from './wrong/conference.js';
import { wrongHangUps } from './wrong/hang-up.js';
import { wrongKeys } from './wrong/key.js';
import { wrongLinks } from './wrong/link.js';
import { wrongPhones } from './wrong/phone.js';
import { wrongPlays } from './wrong/play.js';
import { wrongRecordings } from './wrong/record.js';
import { wrongRegistrations } from './wrong/registration.js';
import { wrongTransfers } from './wrong/transfer.js';
import type { WrongExchange } from './wrong/parts.js';

export const wrongExchanges: readonly WrongExchange[] = [
  ...wrongArrivals,
  ...wrongPlays,
  ...wrongRecordings,
  ...wrongKeys,
  ...wrongHangUps,
  ...wrongPhones,
  ...wrongRegistrations,
  ...wrongBridges,
  ...wrongConferences,
  ...wrongBridgeRecordings,
  ...wrongTransfers,
  ...wrongLinks,
];
