/** Chance from a seed: the same seed gives the same run. Not for secrets. */
export interface Random {
  /** 0 up to, but not with, 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** True with this probability; 0 draws nothing. */
  chance(probability: number): boolean;
  /** One of the list, which is not empty. */
  pick<Item>(list: readonly Item[]): Item;
  /** Chance of its own, so that another draw here does not change what is drawn there. */
  fork(): Random;
}

/** splitmix32: 32 bits of state, one multiplication chain a draw. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const draw = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const random: Random = {
    next: () => draw() / 4_294_967_296,
    between: (from, to) => from + Math.floor(random.next() * (to - from + 1)),
    chance: (probability) => probability > 0 && random.next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('Nothing to pick from.');
      return list[random.between(0, list.length - 1)] as (typeof list)[number];
    },
    fork: () => createRandom(draw()),
  };
  return random;
}
