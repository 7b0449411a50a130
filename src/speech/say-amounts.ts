/** Money and durations as spoken pieces: counted units, one after the other. Pure. */
import type { SayGrammar } from './say-grammar.js';
import { speakCounted } from './say-numbers.js';
import { durationUnits, largestNumber } from './say-schema.js';
import type { SpokenPiece } from './speech.js';

/** Digits that a computed amount may be wrong by behind its last decimal: 0.1 + 0.2 is 0.30000000000000004. */
const noise = 4;

/**
 * `12.500` in the units of a currency: "twelve rials and five hundred baisas". Null where it is no amount: a sign,
 * more decimals than the currency has, more than can be counted.
 */
export function speakMoney(grammar: SayGrammar, style: string, text: string): readonly SpokenPiece[] | null {
  const currency = grammar.money.styles.get(style);
  const found = /^(\d{1,15})(?:\.(\d+))?$/.exec(text);
  if (currency === undefined || found === null) return null;
  const [, whole = '0', written = ''] = found;
  // More digits than anyone types come from computing.
  const fraction =
    written.length > currency.decimals + noise
      ? Number(`0.${written}`).toFixed(currency.decimals + noise)
      : `0.${written}`;
  const [carry = '0', digits = ''] = fraction.split('.');
  const parts = digits.padEnd(currency.decimals, '0');
  if (/[1-9]/.test(parts.slice(currency.decimals))) return null;
  const main = Number(whole) + Number(carry);
  const minor = Number(parts.slice(0, currency.decimals) || '0');
  if (main > largestNumber) return null;
  if (minor === 0 || currency.minor === null) return speakCounted(grammar, currency.main, main);
  if (main === 0) return speakCounted(grammar, currency.minor, minor);
  return [
    ...speakCounted(grammar, currency.main, main),
    ...speakCounted(grammar, currency.minor, minor, grammar.money.and),
  ];
}

/**
 * Seconds in the units of a style, those that are zero left out: "one hour and five minutes". What is less than the
 * smallest unit counts as one: a wait is never shorter than it was said to be. Null where it is no duration.
 */
export function speakDuration(
  grammar: SayGrammar,
  style: string,
  text: string,
): readonly SpokenPiece[] | null {
  const units = grammar.durations.styles.get(style);
  const smallest = units?.at(-1);
  if (units === undefined || smallest === undefined || !/^\d+(?:\.\d+)?$/.test(text)) return null;
  const seconds = Number(text);
  if (seconds > largestNumber) return null;
  const least = durationUnits[smallest.unit];
  let left = Math.ceil(seconds / least) * least;
  const counts = units.flatMap(({ unit, noun }) => {
    const count = Math.floor(left / durationUnits[unit]);
    left -= count * durationUnits[unit];
    return count === 0 ? [] : [{ noun, count }];
  });
  if (counts.length === 0) return speakCounted(grammar, smallest.noun, 0);
  const { and } = grammar.durations;
  return counts.flatMap(({ noun, count }, at) => {
    const last = at === counts.length - 1;
    return speakCounted(grammar, noun, count, at > 0 && (and === 'each' || (and === 'last' && last)));
  });
}
