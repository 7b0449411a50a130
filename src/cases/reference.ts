/** Pure. The number that a caller can be told, write down and key in again. */

const bodyDigits = 7;

/**
 * The reference of the n-th case: seven digits and a check digit (Luhn, ISO/IEC 7812-1 annex B), which catches every
 * single wrong digit and nearly every swap of neighbours.
 *
 * @param n 1 to 9,999,999; larger numbers simply grow longer.
 */
export function referenceOf(n: number): string {
  const body = String(n).padStart(bodyDigits, '0');
  return body + checkDigit(body);
}

/** Whether the digits are a reference that was keyed without a slip. */
export function isReference(digits: string): boolean {
  return /^\d{8,}$/.test(digits) && checkDigit(digits.slice(0, -1)) === digits.at(-1);
}

function checkDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = body.charCodeAt(body.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}
