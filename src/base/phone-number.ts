/** Numbers that the engine itself calls or writes to: only such as a site allows, since each of them costs money. */
import type { CountryCode, Examples, PhoneNumberType } from 'libphonenumber-js/max';
import { lazily } from './lazily.js';

// A site with rules names countries, and whoever reads it asks for them: no caller waits for this.
const plans = lazily((require) => require('libphonenumber-js/max') as typeof import('libphonenumber-js/max'));
const examples = lazily((require) => require('libphonenumber-js/mobile/examples') as Examples);

/** What a site allows. A number must be of one of the countries; premium and other special services never are. */
export interface NumberRules {
  /** ISO 3166; national numbers are of the first. */
  readonly countries: readonly string[];
  /** E.164 beginnings, with `+`; where there are some, a number has one of them. */
  readonly only: readonly string[];
  /** E.164 beginnings that are refused, with `+`. */
  readonly refuse: readonly string[];
}

export type NumberCheck =
  | { readonly result: 'allowed' /** E.164. */; readonly number: string }
  | { readonly result: 'refused' };

/** Lines of people. Shared-cost, premium, personal, pager and voicemail numbers earn somebody money per call. */
const linesOfPeople: ReadonlySet<PhoneNumberType> = new Set<PhoneNumberType>([
  'MOBILE',
  'FIXED_LINE',
  'FIXED_LINE_OR_MOBILE',
  'VOIP',
]);
const mobiles: ReadonlySet<PhoneNumberType> = new Set<PhoneNumberType>(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/** More than any number has; what is longer is not even read. */
const longest = 24;

/** Pure. Whether the site calls the number, or writes to it. Hostile: a caller can key anything. */
export function checkNumber(rules: NumberRules, number: string, use: 'call' | 'text'): NumberCheck {
  const [home] = rules.countries;
  if (home === undefined || number.length > longest) return { result: 'refused' };
  const parsed = plans().parsePhoneNumberFromString(number.replace(/^00/, '+'), home as CountryCode);
  if (parsed === undefined || !parsed.isValid()) return { result: 'refused' };
  const { number: e164, country } = parsed;
  const beginsWith = (prefix: string): boolean => e164.startsWith(prefix);
  const line = parsed.getType();
  const allowed =
    country !== undefined &&
    line !== undefined &&
    rules.countries.includes(country) &&
    (use === 'call' ? linesOfPeople : mobiles).has(line) &&
    (rules.only.length === 0 || rules.only.some(beginsWith)) &&
    !rules.refuse.some(beginsWith);
  return allowed ? { result: 'allowed', number: e164 } : { result: 'refused' };
}

/** Pure. Numbers that the site calls and writes to and that are nobody's, E.164: one for each country where it can be. */
export function exampleNumbers(rules: NumberRules): readonly string[] {
  return rules.countries
    .map((country) => plans().getExampleNumber(country as CountryCode, examples())?.number)
    .filter((number) => number !== undefined)
    .filter((number) => checkNumber(rules, number, 'text').result === 'allowed');
}

/** Pure. Whether numbers of the country (ISO 3166) are known at all. */
export function isCountry(country: string): boolean {
  return plans().isSupportedCountry(country);
}
