import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { CallerIdentity } from '../port.js';
import type { AriModel } from './ari-model.js';

const LONGEST = 256;
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text that a caller supplied, without control characters and not too long. Pure. */
export function heard(text: string): string {
  return text.length === 0 ? text : text.replace(CONTROL, '').slice(0, LONGEST);
}

const LONGEST_DIALLED = 64;

/** What a phone dialled, or had dialled for it: what the dialplan lets through of a called number. Pure. */
export function dialledByPhone(user: string): string {
  return user.replace(/[^0-9A-Za-z+*#]/g, '').slice(0, LONGEST_DIALLED);
}

/**
 * Who calls. RFC 3323 and 3325: a caller who withholds the number is `anonymous`, or the carrier says that its
 * presentation is prohibited; then neither number nor name is known, whatever else was sent. Pure.
 *
 * @param presentation Asterisk's `CALLERID(num-pres)`.
 * @param country ISO 3166, for national numbers; null leaves them as received.
 */
export function callerIdentity(
  id: AriModel['CallerID'],
  presentation: string,
  country: string | null,
): CallerIdentity {
  const number = heard(id.number);
  if (presentation.startsWith('prohib') || number.toLowerCase() === 'anonymous')
    return { number: null, name: null, withheld: true };
  // Asterisk leaves the quoted pairs of RFC 3261 as they came.
  const name = heard(id.name.replace(/\\(.)/gs, '$1'));
  return {
    number: number === '' ? null : normalised(number, country),
    name: name === '' ? null : name,
    withheld: false,
  };
}

const DIALLABLE = /^\+?[0-9]{3,20}$/;

/** E.164 where the number is a possible one of the country, else as received. */
function normalised(number: string, country: string | null): string {
  if (country === null || !DIALLABLE.test(number)) return number;
  const parsed = parsePhoneNumberFromString(number, country as CountryCode);
  return parsed?.isPossible() ? parsed.number : number;
}
