/** Sets of agents as bits, one for each agent of a routing: how much two groups of them overlap is asked often. */
export type Bits = Uint32Array;

export function createBits(size: number): Bits {
  return new Uint32Array(Math.ceil(size / 32));
}

export function setBit(bits: Bits, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31));
}

export function clearBit(bits: Bits, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) & ~(1 << (at & 31));
}

export function hasBit(bits: Bits, at: number): boolean {
  return ((bits[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0;
}

/** Puts all of `more` into `bits`, too. Sets of one size. */
export function addBits(bits: Bits, more: Bits): void {
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) | (more[i] ?? 0);
}

/** Whether anybody is in both. Sets of one size. */
export function overlap(one: Bits, other: Bits): boolean {
  for (let i = 0; i < one.length; i++) if (((one[i] ?? 0) & (other[i] ?? 0)) !== 0) return true;
  return false;
}

/** How many are in both, and in the third where there is one. Sets of one size. */
export function countCommon(one: Bits, other: Bits, third: Bits = one): number {
  let count = 0;
  for (let i = 0; i < one.length; i++) count += ones((one[i] ?? 0) & (other[i] ?? 0) & (third[i] ?? 0));
  return count;
}

/** Ones of a word of 32 bits, added up in parallel: pairs, fours, eights. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
