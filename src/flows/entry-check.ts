/** Pure. Whether what a caller keyed in can be right: check digits, length, a condition. */
import { extended } from '../base/index.js';
import type { CollectStep } from './ast.js';
import type { Expressions } from './expressions.js';
import type { FlowContext } from './flow.js';

type Check = CollectStep['collect']['check'];

/** Fewest digits that can carry such check digits. */
export const leastDigits = { luhn: 2, mod97: 3 } as const;

/** Whether an entry fulfils a check; one without any fulfils it. `into`: the name that the condition gives it. */
export function checkOf(
  check: Check,
  into: string,
  expressions: Expressions,
): (context: FlowContext, entry: string) => boolean {
  if (check === undefined) return () => true;
  const { digits, length, when } = check;
  const evaluate = when === undefined ? null : expressions.compile(when);
  return ({ vars, caller }, entry) => {
    if (digits === 'luhn' && !isLuhn(entry)) return false;
    if (digits === 'mod97' && !isMod97(entry)) return false;
    if (length !== undefined && !length.includes(entry.length)) return false;
    if (evaluate === null) return true;
    const holds = evaluate({ vars: extended(vars, { [into]: entry }), caller });
    if (typeof holds === 'boolean') return holds;
    throw new TypeError(`"${when ?? ''}" is neither true nor false`);
  };
}

/** ISO/IEC 7812-1 annex B: from the right every second digit counts double, and the sum ends in 0. */
export function isLuhn(digits: string): boolean {
  if (digits.length < leastDigits.luhn) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const counted = i % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

/** ISO 7064, MOD 97-10: the whole number leaves 1 when it is divided by 97. */
export function isMod97(digits: string): boolean {
  if (digits.length < leastDigits.mod97) return false;
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}
